// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.PathChange;
import org.icepath.ice.RelayPolicy;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.Block;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which relays stay once a call has a better path, and when the others go. */
class RelayPolicyTest {

    private final CallScene scene = new CallScene(21);

    /** Alice has two addresses, and so two relays; the direct path to Bob is selected. */
    private VirtualCall completed(IceConfig config) {
        VirtualHost host = scene.network()
                .internet()
                .host("alice", "198.51.100.10")
                .attach(scene.network().internet(), "198.51.100.12");
        VirtualPhone alice = new VirtualPhone(scene.network(), host, withTurn(config));
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(scene.network()::dump)
                .isTrue();
        assertThat(scene.edge().allocationCount()).isEqualTo(2);
        return call;
    }

    @ParameterizedTest
    @EnumSource(RelayPolicy.class)
    void thePolicySaysHowManyStay(RelayPolicy policy) {
        VirtualCall call = completed(audio().relayPolicy(policy));

        scene.network().runFor(Duration.ofSeconds(9));
        assertThat(scene.edge().allocationCount())
                .as("not before they were drained")
                .isEqualTo(2);
        scene.network().runFor(Duration.ofSeconds(60));

        int kept =
                switch (policy) {
                    case RELEASE -> 0;
                    case KEEP_ONE -> 1;
                    case KEEP_ALL -> 2;
                };
        assertThat(scene.edge().allocationCount()).isEqualTo(kept);
        assertThat(call.caller().describe().streams().get(0).candidates()).hasSize(2 + kept);
    }

    // A peer may select later than we do, and sends to the relay until then
    @Test
    void aRelayStaysAsLongAsThePeerSendsOverIt() {
        VirtualCall call = completed(audio().relayPolicy(RelayPolicy.RELEASE));
        InetSocketAddress relay = CallScene.relayOf(call.caller());
        VirtualSocket late = call.callee().host().socket(7000);
        for (int second = 0; second < 60; second++) {
            late.send(relay, ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1}));
            scene.network().runFor(Duration.ofSeconds(1));
        }
        assertThat(relayAddresses(call)).as("the other one is silent").containsExactly(relay);

        scene.network().runFor(Duration.ofSeconds(30));

        assertThat(relayAddresses(call)).isEmpty();
        assertThat(scene.edge().allocationCount()).isZero();
    }

    private static List<InetSocketAddress> relayAddresses(VirtualCall call) {
        return call.caller().describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAYED)
                .flatMap(candidate -> candidate.address().socketAddress().stream())
                .toList();
    }

    @Test
    void keepingOneIsTheDefault() {
        assertThat(IceConfig.create().relayPolicy()).isEqualTo(RelayPolicy.KEEP_ONE);
    }

    @Test
    void theReportSaysWhatWentAndWhy() {
        VirtualCall call = completed(audio());

        scene.network().runFor(Duration.ofSeconds(60));

        assertThat(call.caller().report(-1).text())
                .contains("let go: media has left it and nothing came over it for 10 s")
                .contains("stays as a reserve");
    }

    // An interface that goes takes the path in use with it, and a relay that was asked for over the same socket
    @Test
    void theRelayThatStaysIsNotOnTheSocketInUse() {
        VirtualCall call = completed(audio());
        scene.network().runFor(Duration.ofSeconds(60));
        List<IceEvent.PathChanged> changes = call.caller().heard(IceEvent.PathChanged.class);
        String inUse = changes.get(changes.size() - 1).to().local().address().host();

        call.caller().host().detach(inUse);
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(call.caller().describe().streams().get(0).candidates())
                .extracting(Candidate::type)
                .containsOnlyOnce(CandidateType.HOST, CandidateType.RELAYED);
    }

    // No needed offer/answer is open: the peer may still send to the relay that our open offer names
    @Test
    void nothingGoesWhileAnOfferIsOpen() {
        VirtualCall call = completed(audio().relayPolicy(RelayPolicy.RELEASE)).offeringByHand();
        call.caller().perform(now -> call.caller().engine().signalling().offer(now, call.callerPeer()));

        scene.network().runFor(Duration.ofSeconds(60));
        assertThat(scene.edge().allocationCount()).isEqualTo(2);
        call.caller().perform(now -> {
            call.caller().engine().signalling().rollBack(now, call.callerPeer());
            return true;
        });
        scene.network().runFor(Duration.ofSeconds(25));

        assertThat(scene.edge().allocationCount()).isZero();
    }

    // A fork that is still being checked may need the relay
    @Test
    void nothingGoesWhileAForkHasNoPath() {
        VirtualCall call = completed(audio().relayPolicy(RelayPolicy.RELEASE));
        VirtualPhone other = scene.publicly("other", "198.51.100.13", audio());
        other.gather();
        other.host().detach("198.51.100.13");
        call.caller().accept(other.describe(), IceRole.CONTROLLING);

        scene.network().runFor(Duration.ofSeconds(35));

        assertThat(scene.edge().allocationCount()).isEqualTo(2);
    }

    @Test
    void theRelayInUseStays() {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC),
                "alice",
                "192.168.1.10",
                withTurn(audio()).relayPolicy(RelayPolicy.RELEASE));
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
        scene.network().internet().block(Block.between("203.0.113.1", "198.51.100.11"));
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(30))).isTrue();

        scene.network().runFor(Duration.ofMinutes(5));

        assertThat(scene.edge().allocationCount()).isEqualTo(1);
    }

    // The kept relay's allocation, permission and pair live on for two hours; then the direct path is cut
    @Test
    void theReserveIsThereAfterTwoHours() {
        VirtualCall call = completed(audio());
        PacketFlow flow = call.toCallee(Duration.ofMillis(200));
        PacketFlow back = call.toCaller(Duration.ofMillis(200));
        scene.network().runFor(Duration.ofHours(2));
        assertThat(flow.lost() + back.lost()).isLessThanOrEqualTo(2);
        assertThat(scene.edge().allocationCount()).isEqualTo(1);

        scene.network().internet().block(Block.between("198.51.100.10", "198.51.100.11"));
        scene.network().internet().block(Block.between("198.51.100.12", "198.51.100.11"));
        scene.network().runFor(Duration.ofSeconds(7));
        long lost = flow.lost();
        scene.network().runFor(Duration.ofSeconds(60));

        assertThat(flow.lost())
                .as("no packet is lost once the relay has taken over")
                .isLessThanOrEqualTo(lost);
        List<IceEvent.PathChanged> changes = call.caller().heard(IceEvent.PathChanged.class);
        assertThat(changes).extracting(IceEvent.PathChanged::cause).contains(PathChange.FAILOVER);
        assertThat(changes.get(changes.size() - 1).to().local().type()).isEqualTo(CandidateType.RELAYED);
    }

    @Test
    void aRestartHasTheRelaysThatWereLetGo() {
        VirtualCall call = completed(audio().relayPolicy(RelayPolicy.RELEASE));
        scene.network().runFor(Duration.ofSeconds(69));
        assertThat(scene.edge().allocationCount()).isZero();

        scene.network().internet().block(Block.between("198.51.100.10", "198.51.100.11"));
        scene.network().internet().block(Block.between("198.51.100.12", "198.51.100.11"));
        scene.network().runFor(Duration.ofMinutes(5)); // consent ends, then patience; offers go by themselves here
        PacketFlow flow = call.toCallee(Duration.ofMillis(200));
        scene.network().runFor(Duration.ofSeconds(10));
        flow.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(flow.sent()).isGreaterThan(45);
        assertThat(flow.lost()).isZero();
        assertThat(call.caller().report(-1).text()).contains("is asked for anew: a restart needs one");
    }
}
