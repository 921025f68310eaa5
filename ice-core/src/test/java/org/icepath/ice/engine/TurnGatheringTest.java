// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.Pacer;
import org.icepath.sansio.Transport;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long relayed candidates take, and that nothing else waits for them. */
class TurnGatheringTest {

    private static final String DEAD = "198.51.100.66";
    private static final String REDIRECTING = "198.51.100.67";
    private static final Duration HEAD_START = Duration.ofMillis(250); // RFC 8305 §5: what a dead server costs
    private static final Duration INTERNET = Duration.ofMillis(10); // one way across it
    private static final Duration DISTANCE = Duration.ofMillis(20);

    private final CallScene scene = new CallScene(101);

    private boolean hasRelay(VirtualPhone phone) {
        return phone.heard(IceEvent.CandidateGathered.class).stream()
                .anyMatch(found -> found.candidate().type() == CandidateType.RELAYED);
    }

    /** Runs until a phone has a relayed candidate; how long that took. */
    private Duration untilRelayed(VirtualPhone phone) {
        long begun = scene.network().now();
        assertThat(scene.network().runUntil(() -> hasRelay(phone), Duration.ofSeconds(60)))
                .as(scene.network()::dump)
                .isTrue();
        return Duration.ofNanos(scene.network().now() - begun);
    }

    // Two round trips, since the first request is challenged (RFC
    // 8489 §9.2.4); the second does not wait for a beat of its own
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 25, 100})
    void aRelayedCandidateTakesTwoRoundTrips(int oneWayMillis) {
        scene.serverAt(Duration.ofMillis(oneWayMillis));
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", withTurn(audio()));
        alice.gather();

        Duration took = untilRelayed(alice);

        Duration roundTrip = INTERNET.plusMillis(oneWayMillis).multipliedBy(2);
        assertThat(took).isLessThanOrEqualTo(roundTrip.multipliedBy(2).plusMillis(5));
    }

    // RFC 8656 §7.4: it is asked again after a minute. Until then
    // nothing has failed, and a report has to say why nothing is there
    @Test
    void aServerWithoutRoomIsStillWaitedForAndTheReportSaysWhy() {
        scene.edge().faults().withoutRelays(true);
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", withTurn(audio()));
        alice.gather();

        scene.network().runFor(Duration.ofSeconds(10));

        assertThat(alice.report(-1).findings()).anySatisfy(finding -> assertThat(finding)
                .startsWith("still waiting for an allocation from " + CallScene.SERVER + ":3478, which has put us")
                .contains("508"));
        scene.edge().faults().withoutRelays(false);
        scene.network().runFor(Duration.ofSeconds(60));
        assertThat(hasRelay(alice)).isTrue();
        assertThat(alice.report(-1).findings()).noneMatch(finding -> finding.startsWith("still waiting"));
    }

    private void redirectingServer() {
        VirtualHost host = scene.network().internet().host("redirecting", REDIRECTING);
        host.link(LinkConditions.of(DISTANCE));
        EdgeMachine edge = new EdgeMachine(
                EdgeConfig.create().user("alice", "secret"), RelaySockets.on(host), new SplittableRandom(7));
        edge.faults().redirect(new InetSocketAddress(CallScene.SERVER, 3478));
        edge.listen(host.bind(3478));
        host.run(edge);
    }

    /** A phone that knows the pool by one name. */
    private VirtualPhone phone(String name, String address, IceConfig config, String... pool) {
        VirtualPhone phone = new VirtualPhone(
                scene.network(), scene.network().internet().host(name, address), config, Pacer.shared());
        phone.node().act((now, machine) -> phone.engine()
                .network()
                .turnServerResolved(
                        now,
                        0,
                        Stream.of(pool)
                                .map(each -> new ServerAddress(Transport.UDP, new InetSocketAddress(each, 3478)))
                                .toList()));
        return phone;
    }

    private static IceConfig pooled(IceConfig config) {
        return config.turnServer(TurnServer.parse("turn:pool.example").credentials("alice", "secret"));
    }

    @Test
    void aPoolWithADeadServerCostsOneHeadStart() {
        scene.serverAt(DISTANCE);
        redirectingServer();
        VirtualPhone best = phone("best", "198.51.100.10", pooled(audio()), REDIRECTING, CallScene.SERVER);
        best.gather();
        Duration bestCase = untilRelayed(best);
        VirtualPhone alice = phone("alice", "198.51.100.11", pooled(audio()), DEAD, REDIRECTING, CallScene.SERVER);
        alice.gather();

        Duration took = untilRelayed(alice);

        assertThat(took).isLessThanOrEqualTo(bestCase.plus(HEAD_START));
    }

    // The best case is the good server alone: a dead one costs its head start, and one that redirects two round trips,
    // since it challenges the first request, too
    @Test
    void aPoolCostsNoMoreThanTheGoodServerAloneAndWhatTheOthersTake() {
        scene.serverAt(DISTANCE);
        redirectingServer();
        VirtualPhone best = phone("best", "198.51.100.10", pooled(audio()), CallScene.SERVER);
        best.gather();
        Duration bestCase = untilRelayed(best);
        VirtualPhone alice = phone("alice", "198.51.100.11", pooled(audio()), DEAD, REDIRECTING, CallScene.SERVER);
        alice.gather();

        Duration took = untilRelayed(alice);

        Duration redirection = INTERNET.plus(DISTANCE).multipliedBy(4);
        assertThat(took).isLessThanOrEqualTo(bestCase.plus(HEAD_START).plus(redirection));
    }

    // The same servers, each by a name of its own: they are asked side by side
    @Test
    void threeServersSideBySideCostNothing() {
        scene.serverAt(DISTANCE);
        redirectingServer();
        IceConfig three = audio();
        for (String server : List.of(DEAD, REDIRECTING, CallScene.SERVER)) {
            three = three.turnServer(
                    TurnServer.parse("turn:" + server + ":3478").credentials("alice", "secret"));
        }
        VirtualPhone best = scene.publicly("best", "198.51.100.10", withTurn(audio()));
        best.gather();
        Duration bestCase = untilRelayed(best);
        VirtualPhone alice = scene.publicly("alice", "198.51.100.11", three);
        alice.gather();

        Duration took = untilRelayed(alice);

        assertThat(took)
                .isLessThanOrEqualTo(bestCase.plus(alice.config().timings().ta().multipliedBy(2)));
    }

    // Whatever becomes of the servers, the direct path is there at the very moment it is there without any
    @Test
    void directPathsDoNotWait() {
        scene.serverAt(DISTANCE);
        redirectingServer();

        Duration without = untilReady("without", "198.51.100.20", "198.51.100.21", audio().trickle());
        Duration with = untilReady(
                "with", "198.51.100.30", "198.51.100.31", pooled(audio()).trickle());

        assertThat(with).isEqualTo(without);
    }

    private Duration untilReady(String name, String caller, String callee, IceConfig config) {
        boolean pool = !config.turnServers().isEmpty();
        VirtualPhone alice = pool
                ? phone("alice " + name, caller, config, DEAD, REDIRECTING, CallScene.SERVER)
                : scene.publicly("alice " + name, caller, config);
        VirtualPhone bob = scene.publicly("bob " + name, callee, audio().trickle());
        long begun = scene.network().now();
        VirtualCall call = scene.call(alice, bob);
        assertThat(scene.network()
                        .runUntil(
                                () -> !alice.heard(IceEvent.PathReady.class).isEmpty()
                                        && !bob.heard(IceEvent.PathReady.class).isEmpty(),
                                Duration.ofSeconds(10)))
                .isTrue();
        assertThat(call.caller()
                        .heard(IceEvent.PathReady.class)
                        .get(0)
                        .pair()
                        .local()
                        .type())
                .isEqualTo(CandidateType.HOST);
        return Duration.ofNanos(scene.network().now() - begun);
    }
}
