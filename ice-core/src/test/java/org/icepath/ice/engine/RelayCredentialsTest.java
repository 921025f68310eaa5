// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.candidate.Candidate.RTCP;
import static org.icepath.candidate.Candidate.RTP;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.turn.CredentialSupplier;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;

/** Credentials that come from outside, and do not last (RFC 8489 §9.2, RFC 7635). */
class RelayCredentialsTest {

    private static final CredentialSupplier SOMEBODY = wanted -> new CompletableFuture<>(); // the shell would ask him
    private static final TurnServer SERVER = TurnServer.parse("turn:" + CallScene.SERVER + ":3478");

    private final CallScene scene = new CallScene(81);
    private final List<EngineEvent.CredentialsWanted> questions = new ArrayList<>();

    /** A phone whose shell answers each question, some time later. */
    private VirtualPhone phone(TurnServer server, BiConsumer<Long, VirtualPhone> answer) {
        IceConfig config = IceConfig.create().stream("audio", RTP, RTCP).turnServer(server, SOMEBODY);
        VirtualPhone phone = scene.publicly("alice", "198.51.100.10", config);
        phone.node().onEvent(event -> {
            if (event instanceof EngineEvent.CredentialsWanted wanted) {
                questions.add(wanted);
                scene.network().after(Duration.ofMillis(120), () -> phone.node()
                        .act((now, machine) -> answer.accept(now, phone)));
            }
        });
        return phone;
    }

    private static BiConsumer<Long, VirtualPhone> with(TurnCredentials credentials) {
        return (now, phone) -> phone.engine().network().credentials(now, 0, credentials);
    }

    private static Set<CandidateAddress> relayed(VirtualPhone phone) {
        return phone.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAYED)
                .map(Candidate::address)
                .collect(Collectors.toSet());
    }

    private static long relays(VirtualPhone phone) {
        return phone.describe().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAYED)
                .count();
    }

    @Test
    void allAllocationsOfASessionAskOnce() {
        VirtualPhone alice = phone(SERVER, with(TurnCredentials.longTerm("alice", "secret")));
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(relays(alice)).isEqualTo(2);
        assertThat(questions).hasSize(1);
        assertThat(questions.get(0).wanted().realm()).isEqualTo("icepath.test");
    }

    // A time-limited password has expired while the call lasts, and the server takes no other user
    // for what was made with it (RFC 8656 §5): other relays are there long before the first ones end.
    @Test
    void relaysThatExpiredCredentialsMadeAreSucceededBeforeTheyEnd() {
        EdgeConfig both = EdgeConfig.create().user("early", "one").user("late", "two");
        CallScene changing = new CallScene(82, config -> both);
        VirtualPhone alice = changing.publicly(
                "alice",
                "198.51.100.10",
                IceConfig.create().stream("audio", RTP, RTCP).turnServer(SERVER.credentials("early", "one"), SOMEBODY));
        alice.node().onEvent(event -> {
            if (event instanceof EngineEvent.CredentialsWanted wanted) {
                questions.add(wanted);
                changing.network()
                        .after(Duration.ofMillis(120), () -> alice.node().act((now, machine) -> alice.engine()
                                .network()
                                .credentials(now, wanted.server(), TurnCredentials.longTerm("late", "two"))));
            }
        });
        alice.gather();
        changing.network().runFor(Duration.ofSeconds(1));
        assertThat(questions).isEmpty();

        Set<CandidateAddress> first = relayed(alice);

        changing.edge().faults().forgetUser("early");
        changing.network().runUntil(() -> relayed(alice).size() == 4, Duration.ofMinutes(10));

        assertThat(relayed(alice))
                .as("those that stand, and two more")
                .hasSize(4)
                .containsAll(first);
        assertThat(changing.edge().allocationCount()).isEqualTo(4);
        changing.network().runFor(Duration.ofMinutes(25));
        assertThat(questions).hasSize(1);
        assertThat(relayed(alice)).hasSize(2).doesNotContainAnyElementsOf(first);
        assertThat(changing.edge().allocationCount()).isEqualTo(2);
    }

    // What says how long it is to be used is replaced before it ends: no request is ever refused for it
    @Test
    void credentialsThatWillEndAreReplacedWhileTheServerTakesThem() {
        CallScene changing = new CallScene(
                83, config -> EdgeConfig.create().user("early", "one").user("late", "two"));
        VirtualPhone alice = changing.publicly(
                "alice",
                "198.51.100.10",
                IceConfig.create().stream("audio", RTP, RTCP).turnServer(SERVER, SOMEBODY));
        alice.node().onEvent(event -> {
            if (event instanceof EngineEvent.CredentialsWanted wanted) {
                questions.add(wanted);
                TurnCredentials next = questions.size() == 1
                        ? TurnCredentials.longTerm("early", "one").renewedAfter(Duration.ofMinutes(5))
                        : TurnCredentials.longTerm("late", "two");
                changing.network().after(Duration.ofMillis(120), () -> alice.node()
                        .act((now, machine) -> alice.engine().network().credentials(now, wanted.server(), next)));
            }
        });
        alice.gather();
        changing.network().runFor(Duration.ofMinutes(1));
        Set<CandidateAddress> first = relayed(alice);

        changing.network().runFor(Duration.ofMinutes(30));

        assertThat(questions)
                .extracting(question -> question.wanted().username())
                .as("both allocations ask at a time, and once")
                .containsExactly("", "early");
        assertThat(relayed(alice)).as("the server still takes who made them").isEqualTo(first);
        assertThat(changing.server().events(EdgeEvent.Refused.class))
                .extracting(EdgeEvent.Refused::code)
                .doesNotContain(441);
        assertThat(changing.edge().allocationCount()).isEqualTo(2);
    }

    // Those that come later begin with what there is, and with the time that is left of it
    @Test
    void allocationsToComeRenewWhenThoseBeforeThemWouldHave() {
        TurnCredentials lasting = TurnCredentials.longTerm("alice", "secret").renewedAfter(Duration.ofMinutes(5));
        VirtualPhone alice = phone(SERVER, with(lasting));
        alice.gather();
        scene.network().runFor(Duration.ofMinutes(4));
        alice.attach(scene.network().internet(), "198.51.100.11", InterfaceKind.WIRED);
        alice.host().detach("198.51.100.10");

        scene.network().runFor(Duration.ofSeconds(50));
        assertThat(questions).hasSize(1);
        scene.network().runFor(Duration.ofSeconds(20));

        assertThat(relays(alice)).isEqualTo(2);
        assertThat(questions).hasSize(2);
    }

    @Test
    void aSupplierThatHasNoneEndsTheWaitingAtOnce() {
        VirtualPhone alice =
                phone(SERVER, (now, phone) -> phone.engine().network().noCredentials(now, 0, "the service is down"));
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(relays(alice)).isZero();
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSize(1);
        assertThat(alice.report(-1).text()).contains("the service is down");
    }

    @Test
    void wrongCredentialsAreNotAskedForAgain() {
        VirtualPhone alice = phone(SERVER, with(TurnCredentials.longTerm("alice", "wrong")));
        alice.gather();

        scene.network().runFor(Duration.ofMinutes(5));

        assertThat(questions).hasSize(1);
        assertThat(relays(alice)).isZero();
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSize(1);
    }
}
