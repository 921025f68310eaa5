// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceReport;
import org.icepath.ice.RelayPolicy;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;

/** One allocation with a relayed address of each family (RFC 8656 §7.1). */
class DualRelayTest {

    private final CallScene scene = new CallScene(61);

    private static List<Candidate> relayed(VirtualPhone phone) {
        return phone.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAYED)
                .toList();
    }

    private static List<String> missing(VirtualPhone phone) {
        return phone.report(-1).candidates().stream()
                .filter(entry -> entry.outcome().startsWith("missing: "))
                .map(IceReport.CandidateEntry::what)
                .toList();
    }

    private VirtualPhone ipv4Only(IceConfig config) {
        return scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED), "alice", "192.168.1.10", withTurn(config));
    }

    private VirtualCall callTo(String ipv6, IceConfig ours) {
        return scene.call(ipv4Only(ours), scene.publicly("bob", ipv6, audio()));
    }

    @Test
    void peersWithoutACommonFamilyMeetAtTheRelay() {
        scene.serverAlsoAt("2001:db8:e::1");
        VirtualCall call = callTo("2001:db8:b::7", audio().relayBothFamilies());

        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(scene.network()::dump)
                .isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofMinutes(30)); // refreshes, permissions and channels of both families
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(there.lost()).isZero();
        assertThat(back.lost()).isZero();
        assertThat(there.sent()).isPositive();
    }

    @Test
    void withoutTheWishThereIsNoPairAtAll() {
        scene.serverAlsoAt("2001:db8:e::1");
        VirtualCall call = callTo("2001:db8:b::7", audio());

        assertThat(call.runUntilCompleted(Duration.ofSeconds(30))).isFalse();
    }

    // RFC 8445 §5.1.2.1: no two candidates of a component have the same priority
    @Test
    void bothAddressesAreCandidatesOfOneAllocation() {
        scene.serverAlsoAt("2001:db8:e::1");
        VirtualPhone alice = ipv4Only(audio().relayBothFamilies());
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(relayed(alice))
                .extracting(candidate -> candidate.address().host())
                .containsExactly("198.51.100.1", "2001:db8:e::1");
        assertThat(relayed(alice)).extracting(Candidate::priority).doesNotHaveDuplicates();
        assertThat(relayed(alice)).extracting(Candidate::foundation).doesNotHaveDuplicates();
        assertThat(scene.edge().allocationCount()).isEqualTo(1);
    }

    // RFC 8656 §7.3: ADDRESS-ERROR-CODE says why there is one address only
    @Test
    void aServerOfOneFamilyGivesThatOneAndTheReportSaysWhy() {
        VirtualPhone alice = ipv4Only(audio().relayBothFamilies());
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(relayed(alice)).hasSize(1);
        assertThat(alice.report(-1).text()).contains("has no IPV6 address: ");
        assertThat(missing(alice))
                .singleElement()
                .asString()
                .startsWith("relayed IPv6 candidate from turn:198.51.100.1");
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSize(1);
    }

    // RFC 8656 §7.4, 440: a server that is reached over one family may relay the other alone
    @Test
    void aServerThatDoesNotRelayTheFamilyIsAskedForTheOther() {
        scene.serverAlsoAt("2001:db8:e::1");
        scene.edge().faults().fail(StunMethod.ALLOCATE, 440, 2); // the first request is not signed, and gets 401
        VirtualPhone alice = ipv4Only(audio());
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(relayed(alice))
                .extracting(candidate -> candidate.address().host())
                .containsExactly("2001:db8:e::1");
        assertThat(alice.report(-1).text()).contains("has no IPV4 address: ");
        assertThat(missing(alice))
                .singleElement()
                .asString()
                .startsWith("relayed IPv4 candidate from turn:198.51.100.1");
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSize(1);
    }

    @Test
    void aFilterForOneFamilyKeepsTheOtherOfARelayBack() {
        scene.serverAlsoAt("2001:db8:e::1");
        VirtualPhone four = ipv4Only(audio().relayBothFamilies().ipv4Only());
        VirtualPhone six = scene.publicly(
                "carol",
                "2001:db8:c::7",
                audio().relayBothFamilies()
                        .ipv6Only()
                        .turnServer(
                                TurnServer.parse("turn:[2001:db8:e::1]:3478").credentials("bob", "secret")));
        four.gather();
        six.gather();

        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(relayed(four))
                .extracting(candidate -> candidate.address().host())
                .containsExactly("198.51.100.1");
        assertThat(relayed(six))
                .extracting(candidate -> candidate.address().host())
                .containsExactly("2001:db8:e::1");
        assertThat(scene.edge().allocationCount()).isEqualTo(2);
    }

    // The relay is one thing: it is kept or let go with both of its addresses
    @Test
    void aCallOverTheSecondAddressKeepsTheRelay() {
        scene.serverAlsoAt("2001:db8:e::1");
        VirtualCall call = callTo("2001:db8:b::7", audio().relayBothFamilies().relayPolicy(RelayPolicy.RELEASE));
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();

        scene.network().runFor(Duration.ofMinutes(2));

        assertThat(scene.edge().allocationCount()).isEqualTo(1);
        call.caller().node().act((now, machine) -> call.caller().engine().close(now));
        scene.network().runFor(Duration.ofSeconds(1));
        assertThat(scene.edge().allocationCount()).isZero();
    }
}
