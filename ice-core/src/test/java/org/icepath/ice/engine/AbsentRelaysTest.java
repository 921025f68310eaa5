// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;
import static org.icepath.ice.engine.CallScene.withTurnOverTcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.sansio.Machine;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;

/** Relays that are not there when they should be, and come when their server does. */
class AbsentRelaysTest {

    private final CallScene scene = new CallScene(43);

    private static long relays(VirtualPhone phone) {
        return relays(phone.describe());
    }

    private static long relays(IceDescription description) {
        return description.streams().get(0).candidates().stream()
                .filter(candidate -> candidate.type() == CandidateType.RELAYED)
                .count();
    }

    private Dialogs overTcp() {
        return Dialogs.connected(scene, withTurnOverTcp(audio()), audio());
    }

    private void runFor(Duration time) {
        scene.network().runFor(time);
    }

    @Test
    void aRelayIsThereAgainSoonAfterItsServerIs() {
        scene.serverOverTcp();
        VirtualPhone alice = overTcp().alice();
        assertThat(relays(alice)).isEqualTo(1);

        scene.noServerOverTcp();
        runFor(Duration.ofSeconds(10));
        assertThat(relays(alice)).isZero();
        scene.serverOverTcp();
        runFor(Duration.ofSeconds(20));

        assertThat(relays(alice)).isEqualTo(1);
        assertThat(alice.report(-1).text()).contains("is asked for anew: there is none");
        assertThat(alice.report(-1).candidates())
                .as("what was missing for a while is missing no longer")
                .noneMatch(candidate -> candidate.what().startsWith("relayed candidate"));
    }

    @Test
    void aServerThatIsGoneForGoodIsAskedLessAndLess() {
        scene.serverOverTcp();
        VirtualPhone alice = overTcp().alice();
        int complete = alice.heard(IceEvent.GatheringCompleted.class).size();

        scene.noServerOverTcp();
        runFor(Duration.ofMinutes(4));
        long before = refusals(alice);
        runFor(Duration.ofHours(2));

        assertThat(relays(alice)).isZero();
        assertThat(before).isEqualTo(1); // the same each time: it is told once
        assertThat(alice.report(-1).text().split("is asked for anew", -1)).hasSizeBetween(6, 8);
        assertThat(scene.connectionsToServer()).isZero();
        // RFC 8838 §8.2: the one that was asked for at once has
        // brought an end of candidates of its own; the others do not
        assertThat(alice.heard(IceEvent.GatheringCompleted.class)).hasSizeLessThanOrEqualTo(complete + 1);
        alice.perform(now -> {
            alice.engine().close(now);
            return true;
        });
        runFor(Duration.ofSeconds(3));
        assertThat(alice.engine().nextTimeout()).isEqualTo(Machine.NEVER);
    }

    private static long refusals(VirtualPhone phone) {
        return phone.report(-1)
                .text()
                .lines()
                .filter(line -> line.contains("no relayed candidate"))
                .count();
    }

    // A server, or a middlebox before it, that takes everybody in and throws him out again
    @Test
    void aRelayThatNeverLastsIsAskedForLessAndLess() {
        scene.serverOverTcp();
        VirtualPhone alice = overTcp().alice();
        runFor(Duration.ofMinutes(2));
        int lost = 0;
        for (int second = 0; second < 1800; second++) {
            lost += (int) relays(alice);
            scene.noServerOverTcp();
            scene.serverOverTcp();
            runFor(Duration.ofSeconds(1));
        }

        assertThat(lost).isBetween(5, 90); // two at once each minute (RelayRetries) at the most, and a few later
    }

    @Test
    void whatWasRefusedAtTheStartComesWhenItsServerDoes() {
        VirtualPhone alice = overTcp().alice();
        runFor(Duration.ofMinutes(1));
        assertThat(relays(alice)).isZero();

        scene.serverOverTcp();
        runFor(Duration.ofMinutes(2));

        assertThat(relays(alice)).isEqualTo(1);
    }

    @Test
    void aServerThatWasSilentAtTheStartIsHeardLater() {
        scene.edge().faults().silent(true);
        VirtualPhone alice =
                Dialogs.connected(scene, withTurn(audio()), audio()).alice();
        runFor(Duration.ofMinutes(2));

        scene.edge().faults().silent(false);
        runFor(Duration.ofMinutes(2));

        assertThat(relays(alice)).isEqualTo(1);
    }

    // RFC 8445 §9: candidates are gathered afresh
    @Test
    void aRestartAsksAtOnceForWhatWasRefused() {
        Dialogs dialogs = overTcp();
        VirtualPhone alice = dialogs.alice();
        runFor(Duration.ofMinutes(6));
        scene.serverOverTcp();
        runFor(Duration.ofSeconds(1));
        assertThat(relays(alice)).as("minutes are between two times").isZero();

        alice.perform(now -> {
            alice.engine().signalling().restart(now, dialogs.toBob());
            return true;
        });
        runFor(Duration.ofSeconds(1));

        assertThat(relays(dialogs.aliceOffers())).isEqualTo(1);
    }

    // The last one that was missed is given up: a time at which nothing is done would come again and again
    @Test
    void whatIsRefusedForGoodIsWaitedForNoLonger() {
        Dialogs dialogs = Dialogs.connected(
                scene,
                audio().turnServer(TurnServer.parse("turn:" + CallScene.SERVER + ":3478?transport=tcp")
                        .credentials("alice", "wrong")),
                audio());
        runFor(Duration.ofSeconds(2));

        scene.serverOverTcp();
        runFor(Duration.ofMinutes(10));

        assertThat(relays(dialogs.alice())).isZero();
        assertThat(dialogs.alice().report(-1).text()).contains("missing: the server does not take these credentials");
    }

    // RFC 8445 §9: a restart is both sides', whoever offers it
    @Test
    void theRestartOfThePeerIsOneAsWell() {
        Dialogs dialogs = Dialogs.connected(scene, audio(), withTurnOverTcp(audio()));
        runFor(Duration.ofMinutes(6));
        scene.serverOverTcp();
        dialogs.alice().perform(now -> {
            dialogs.alice().engine().signalling().restart(now, dialogs.toBob());
            return true;
        });

        dialogs.exchange(offer -> offer);
        runFor(Duration.ofSeconds(1));

        assertThat(relays(dialogs.bob())).isEqualTo(1);
    }

    @Test
    void aRestartThatIsWishedForLongAsksAgainAndAgain() {
        Dialogs dialogs = overTcp();
        VirtualPhone alice = dialogs.alice();
        alice.perform(now -> {
            alice.engine().signalling().restart(now, dialogs.toBob());
            return true;
        });
        runFor(Duration.ofMinutes(1));
        assertThat(relays(alice)).isZero();

        scene.serverOverTcp();
        runFor(Duration.ofMinutes(1));

        assertThat(relays(alice)).isEqualTo(1);
    }

    @Test
    void aServerWhoseNameWasUnknownIsLookedUpAgainAtARestart() {
        IceConfig named =
                audio().turnServer(TurnServer.parse("turn:turn.example.net").credentials("alice", "secret"));
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", named);
        alice.node().onEvent(event -> {
            if (event instanceof EngineEvent.TurnServerSought sought) {
                scene.network()
                        .after(
                                Duration.ofSeconds(1),
                                () -> alice.perform(now -> {
                                    ServerAddress found =
                                            ServerAddress.udp(new InetSocketAddress(CallScene.SERVER, 3478));
                                    alice.engine().network().turnServerResolved(now, sought.server(), List.of(found));
                                    return true;
                                }));
            }
        });
        VirtualCall call = scene.call(alice, scene.publicly("bob", "198.51.100.11", audio()))
                .offeringByHand();
        scene.network()
                .after(
                        Duration.ofMillis(10),
                        () -> alice.perform(now -> {
                            alice.engine().network().turnServerUnresolved(now, 0, "the name was not resolved");
                            return true;
                        }));
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        runFor(Duration.ofMinutes(1));
        assertThat(relays(alice)).isZero();

        alice.perform(now -> {
            alice.engine().signalling().restart(now, call.callerPeer());
            return true;
        });
        runFor(Duration.ofSeconds(2));

        assertThat(relays(alice)).isEqualTo(1);
        assertThat(alice.node().events(EngineEvent.TurnServerSought.class)).hasSize(1);
    }

    // 437, and then 403 until it has them: no stream waits for a restart without a single candidate
    @Test
    void aServerThatReloadsItsUsersLosesTheRelayForMomentsOnly() {
        Dialogs dialogs = Dialogs.connected(scene, withTurn(audio()).relayOnly(), audio());
        scene.edge().faults().fail(StunMethod.REFRESH, 437).fail(StunMethod.ALLOCATE, 403, 3);
        runFor(Duration.ofMinutes(11));

        assertThat(dialogs.alice().report(-1).text()).contains("is lost:", "is asked for anew: there is none");
        assertThat(relays(dialogs.alice())).isEqualTo(1);
    }

    // Wrong credentials that come again and again look like an
    // attack, and get others behind the same address locked out
    @Test
    void credentialsThatWereNeverGoodAreNotShownAgain() {
        Dialogs dialogs = Dialogs.connected(
                scene,
                audio().turnServer(TurnServer.parse("turn:" + CallScene.SERVER + ":3478")
                        .credentials("alice", "wrong")),
                audio());
        VirtualPhone alice = dialogs.alice();
        runFor(Duration.ofSeconds(30));
        assertThat(alice.report(-1).text()).contains("401");

        alice.perform(now -> {
            alice.engine().signalling().restart(now, dialogs.toBob());
            return true;
        });
        runFor(Duration.ofMinutes(10));

        assertThat(alice.report(-1).text()).doesNotContain("is asked for anew");
    }
}
