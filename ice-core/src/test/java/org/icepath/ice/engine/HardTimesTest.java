// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.time.Duration;
import java.util.List;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;

/** Nothing connects, or servers are of no help. */
class HardTimesTest {

    private static final IceConfig DEAD_SERVERS = audio().stunServer("192.0.2.99:3478")
            .turnServer(TurnServer.parse("turn:192.0.2.98:3478").credentials("alice", "secret"));

    private final CallScene scene = new CallScene(3);

    // RFC 8863 §4: no failure before PAC, then one that says what was tried
    @Test
    void aCallWithoutAnyPathFailsAfterPatienceWithAReport() {
        IceConfig config = withStun(audio()).patience(Duration.ofSeconds(12));
        VirtualPhone alice =
                scene.behind(scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC), "alice", "192.168.1.10", config);
        VirtualPhone bob = scene.behind(scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC), "bob", "10.0.0.5", config);
        VirtualCall call = scene.call(alice, bob);

        scene.network().runFor(Duration.ofSeconds(12));
        assertThat(call.isAt(IceState.CHECKING)).as("not before PAC").isTrue();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(call.isAt(IceState.FAILED)).isTrue();
        IceFailure failure = alice.heard(IceEvent.Failed.class).get(0).failure();
        assertThat(failure.kind()).isEqualTo(IceFailure.Kind.NO_PATH);
        assertThat(failure.tried()).isNotEmpty();
        IceReport report = alice.report(-1);
        assertThat(report.verdict()).startsWith("No path").contains("no TURN server is configured");
        assertThat(report.pairs()).isNotEmpty().allSatisfy(pair -> assertThat(pair.outcome())
                .containsAnyOf("no answer", "0 answered"));
    }

    // architecture §7.5: a dead server delays neither the description past its deadline nor a direct path
    @Test
    void deadServersDelayNothingPastTheDeadline() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", DEAD_SERVERS);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", DEAD_SERVERS);
        VirtualCall call = scene.call(alice, bob);
        long start = scene.network().now();

        assertThat(scene.network().runUntil(alice::described, Duration.ofMillis(500)))
                .isTrue();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(2)))
                .as(scene.network()::dump)
                .isTrue();

        assertThat(Duration.ofNanos(scene.network().now() - start)).isLessThan(Duration.ofMillis(1300));
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).isEmpty();
    }

    @Test
    void whatDeadServersDidNotGiveIsInTheReport() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", DEAD_SERVERS);
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(45));

        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSize(1);
        assertThat(alice.report(-1).candidates())
                .anySatisfy(entry -> {
                    assertThat(entry.what()).contains("server-reflexive").contains("192.0.2.99");
                    assertThat(entry.outcome()).contains("no answer").contains("9.5 s");
                })
                .anySatisfy(entry -> {
                    assertThat(entry.what()).contains("relayed").contains("192.0.2.98");
                    assertThat(entry.outcome()).startsWith("missing: ").contains("answer");
                });
    }

    @Test
    void wrongCredentialsAreNamedInTheReport() {
        IceConfig config = audio().turnServer(
                        TurnServer.parse("turn:" + CallScene.SERVER + ":3478").credentials("alice", "wrong"));
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(alice.report(-1).candidates()).anySatisfy(entry -> {
            assertThat(entry.what()).contains("relayed").contains("eth0");
            assertThat(entry.outcome()).contains("401");
        });
    }

    @Test
    void aNameThatDoesNotResolveIsNamedInTheReport() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio().stunServer("stun.nowhere.test"));
        alice.gather();
        alice.perform(now -> {
            alice.engine().network().stunServerUnresolved(now, 0, "there is no such name");
            return true;
        });

        assertThat(alice.described()).isTrue();
        assertThat(alice.report(-1).candidates()).anySatisfy(entry -> {
            assertThat(entry.what()).contains("stun.nowhere.test");
            assertThat(entry.outcome()).contains("no such name");
        });
    }

    @Test
    void aSessionWithoutAnyCandidateFailsInsteadOfDescribingItself() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio().relayOnly());

        alice.gather();

        assertThat(alice.described()).isFalse();
        assertThat(alice.heard(IceEvent.Failed.class))
                .extracting(failed -> failed.failure().kind())
                .containsExactly(IceFailure.Kind.NO_CANDIDATES);
    }

    // a description without candidates would say that we have no ICE (RFC 8839 §4.2.5)
    @Test
    void aDescriptionThatWouldBeEmptyAtTheDeadlineWaitsForTheFirstCandidate() {
        scene.edge().faults().drop(StunMethod.ALLOCATE, 1);
        VirtualPhone alice =
                scene.publicly("alice", "198.51.100.10", withTurn(audio()).relayOnly());
        alice.gather();

        assertThat(scene.network().runUntil(alice::described, Duration.ofMillis(510)))
                .isFalse();
        assertThat(scene.network().runUntil(alice::described, Duration.ofSeconds(2)))
                .isTrue();
    }

    // the NAT of an idle relay must not forget it while the phone rings
    @Test
    void aRelayStaysReachableWhileTheCalleeThinksForTwoMinutes() {
        IceConfig config = withTurn(audio()).relayOnly();
        NatBehaviour shortLived =
                NatBehaviour.SYMMETRIC.withLifetime(Duration.ofSeconds(30)).withInboundRefresh(false);
        VirtualPhone alice = scene.behind(scene.nat("203.0.113.1", shortLived), "alice", "192.168.1.10", config);
        VirtualPhone bob =
                scene.behind(scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC), "bob", "10.0.0.5", withStun(audio()));
        alice.gather();
        scene.network().runFor(Duration.ofMinutes(2));

        bob.gather();
        int fromBob = bob.accept(VirtualCall.travelled(alice.describe()), IceRole.CONTROLLED);
        scene.network().runUntil(bob::described, Duration.ofSeconds(1));
        int fromAlice = alice.accept(VirtualCall.travelled(bob.describe()), IceRole.CONTROLLING);
        scene.network().runFor(Duration.ofSeconds(6));

        assertThat(List.of(alice.state(fromAlice), bob.state(fromBob)))
                .as(scene.network()::dump)
                .containsOnly(IceState.COMPLETED);
    }
}
