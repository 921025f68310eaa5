// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.NatMapping;
import org.icepath.ice.PathStatistics;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private static final long DEADLINE_NANOS = Duration.ofMillis(500).toNanos();
    private static final long WELL_BELOW_A_TRANSACTION_NANOS = SECONDS.toNanos(20);

    private final IceRuntime runtime = NettyIceRuntime.start();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void aCallOverTheRelayAloneCarriesMediaBothWaysOverAChannel() throws Exception {
        try (EdgeServer edge = EdgeServer.start(EdgeConfig.create().user("alice", "secret"));
                Call call = Call.connect(runtime, overRelay(edge))) {
            BlockingQueue<ByteBuffer> heard = call.echoes();
            NettyIcePath alices = call.alicesPath(1);
            Eventually.holds(alices::usesChannel);
            Eventually.holds(() -> call.bobsPath(1).usesChannel());

            alices.send(ByteBuffer.wrap(new byte[] {(byte) 0x80, 1, 2, 3}));

            assertThat(heard.poll(30, SECONDS)).isEqualTo(ByteBuffer.wrap(new byte[] {(byte) 0x80, 1, 2, 3}));
            PathStatistics statistics = alices.statistics();
            assertThat(statistics.relayed()).isTrue();
            assertThat(statistics.bytesSent()).isEqualTo(4);
            assertThat(statistics.bytesReceived()).isEqualTo(4);
        }
    }

    // RFC 8445 §5.1.1.2: a mapping that is known beforehand stands
    // for a STUN server, also where host addresses are kept back
    @Test
    void aKnownMappingIsToldThoughNoHostIsAndNoServerIsAsked() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetAddress outside = InetAddress.getByName("127.0.0.5");
        try (IceSession session = runtime.open(audio(1).noHost().natMapping(NatMapping.reflexive(loopback, outside)))) {
            IceDescription offer = await(session.offer());

            assertThat(offer.streams().get(0).candidates())
                    .extracting(Candidate::type)
                    .containsExactly(CandidateType.SERVER_REFLEXIVE);
            assertThat(Call.addressIn(offer).getAddress()).isEqualTo(outside);
        }
    }

    // RFC 8656 §8: a refresh with lifetime 0; architecture §7, rule 6.
    @Test
    void closingASessionReleasesItsAllocations() throws Exception {
        try (EdgeServer edge = EdgeServer.start(EdgeConfig.create().user("alice", "secret"))) {
            NettyIceSession session = (NettyIceSession) runtime.open(overRelay(edge));
            await(session.offer());
            assertThat(edge.events()).noneMatch(EdgeEvent.Released.class::isInstance);

            session.close();
            await(session.ended());

            assertThat(edge.events()).anyMatch(EdgeEvent.Released.class::isInstance);
        }
    }

    // RFC 8828 §5.2, mode 4: the peer must not learn an address of ours.
    @Test
    void relayOnlyTellsRelayedCandidatesAlone() throws Exception {
        try (EdgeServer edge = EdgeServer.start(EdgeConfig.create().user("alice", "secret"));
                IceSession session = runtime.open(overRelay(edge))) {
            List<Candidate> candidates = candidates(await(session.offer()));

            assertThat(candidates).isNotEmpty().allMatch(each -> each.type() == CandidateType.RELAYED);
        }
    }

    // Architecture §7, rule 5. Its transaction goes on for 39.5 s (RFC 8489 §6.2.1); to the millisecond it is proved in
    // virtual time.
    @Test
    void aDeadStunServerDelaysTheDescriptionToItsDeadlineAndNoFurther() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                IceSession session = runtime.open(audio(1).stunServer("127.0.0.1:" + silent.getLocalPort()))) {
            long begun = System.nanoTime();

            List<Candidate> candidates = candidates(await(session.offer()));

            assertThat(candidates).hasSize(1).allMatch(each -> each.type() == CandidateType.HOST);
            assertThat(System.nanoTime() - begun).isBetween(DEADLINE_NANOS, WELL_BELOW_A_TRANSACTION_NANOS);
        }
    }

    // Nothing is configured that could be waited for: on a LAN the description is there at once.
    @Test
    void withoutServersTheDescriptionWaitsForNothing() throws Exception {
        Duration longerThanTheTestWaits = Duration.ofMinutes(1);
        try (IceSession session = runtime.open(audio(1).gatherDeadline(longerThanTheTestWaits))) {
            assertThat(candidates(await(session.offer()))).hasSize(1);
        }
    }

    @Test
    void aNameThatDoesNotResolveIsSaidInTheReport() throws Exception {
        try (IceSession session = runtime.open(audio(1).stunServer("server.invalid"))) {
            assertThat(candidates(await(session.offer()))).hasSize(1);

            Eventually.holds(() -> session.report().join().text().contains("the name server.invalid was not resolved"));
        }
    }

    @Test
    void whatAFilterOfTheApplicationThrowsReachesWhoeverWaitsForTheDescription() {
        IceConfig config = audio(1).filter(new CandidateFilter("broken", facts -> {
            throw new UnsupportedOperationException("a bug of the application");
        }));
        try (IceSession session = runtime.open(config)) {
            assertThatThrownBy(() -> await(session.offer()))
                    .hasRootCauseInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> await(session.offer()))
                    .hasRootCauseInstanceOf(UnsupportedOperationException.class);
        }
    }

    // RFC 3550 §11.
    @Test
    void aPortRangeShowsInTheCandidates() throws Exception {
        IceConfig config = audio(1, 2).portRange("audio", 22_000, 22_099);
        try (IceSession session = runtime.open(config)) {
            List<Candidate> candidates = candidates(await(session.offer()));

            assertThat(candidates).hasSize(2);
            int rtp = candidates.get(0).address().port();
            assertThat(rtp % 2).isZero();
            assertThat(candidates.get(1).address().port()).isEqualTo(rtp + 1);
        }
    }

    // RFC 8656 §7.4: after a 437 another port is asked from; a firewall that lets a range through knows no other
    @Test
    void aPortInPlaceOfARefusedOneIsOfTheRangeToo() throws Exception {
        try (EdgeServer edge = EdgeServer.start(EdgeConfig.create().user("alice", "secret"))) {
            refusePorts(edge);
            try (IceSession session = runtime.open(overRelay(edge).portRange("audio", 22_200, 22_299))) {
                await(session.offer());

                assertThat(clients(edge, EdgeEvent.Allocated.class))
                        .hasSize(1)
                        .doesNotContainAnyElementsOf(clients(edge, EdgeEvent.Refused.class))
                        .allMatch(port -> port >= 22_200 && port <= 22_299 && port % 2 == 0);
            }
        }
    }

    @Test
    void aRefusedPortOfAStreamThatWasAddedIsReplacedToo() throws Exception {
        try (EdgeServer edge = EdgeServer.start(EdgeConfig.create().user("alice", "secret"));
                IceSession session = runtime.open(overRelay(edge))) {
            await(session.offer());
            refusePorts(edge);

            await(session.addStream(
                    IceConfig.create().stream("video", 1).streams().get(0)));

            Eventually.holds(() -> clients(edge, EdgeEvent.Allocated.class).size() == 2);
        }
    }

    /** The server takes the port of whoever asks next for another client's. */
    private static void refusePorts(EdgeServer edge) throws Exception {
        await(edge.act(machine -> machine.faults().fail(StunMethod.ALLOCATE, 437, 2)));
    }

    /** The ports that allocations were asked for from. */
    private static List<Integer> clients(EdgeServer edge, Class<? extends EdgeEvent> what) {
        return edge.events().stream()
                .filter(what::isInstance)
                .filter(event -> !(event instanceof EdgeEvent.Refused refused) || refused.code() == 437)
                .map(event -> event.client().getPort())
                .toList();
    }

    // draft-ietf-mmusic-mdns-ice-candidates §3.2.1: a name of several labels is no such candidate.
    @Test
    void aMulticastDnsNameThatCannotBeLookedUpIsIgnoredWithANotice() throws Exception {
        BlockingQueue<IceEvent> events = new LinkedBlockingQueue<>();
        try (IceSession alice = runtime.open(audio(1));
                IceSession bob = runtime.open(audio(1))) {
            alice.onEvent(events::add);
            await(alice.offer());
            IceDescription description = await(bob.offer());
            Candidate real = candidates(description).get(0);
            var peer = alice.accept(description);

            peer.addCandidate(
                    peer.generation(), "audio", real.withAddress(CandidateAddress.of("abc.office.local", 5_000)));

            IceEvent event = events.poll(30, SECONDS);
            while (event != null && !(event instanceof IceEvent.Ignored)) {
                event = events.poll(30, SECONDS);
            }
            assertThat(event).asString().contains("no name of one label under .local");
        }
    }

    private static IceConfig overRelay(EdgeServer edge) {
        TurnServer turn =
                TurnServer.parse("turn:127.0.0.1:" + edge.address().getPort()).credentials("alice", "secret");
        // it answers: only a machine that stands still makes anybody wait
        return audio(1).turnServer(turn).relayOnly().gatherDeadline(Duration.ofSeconds(20));
    }

    private static List<Candidate> candidates(IceDescription description) {
        return description.streams().get(0).candidates();
    }
}
