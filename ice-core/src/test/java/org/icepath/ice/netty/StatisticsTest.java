// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;
import static org.icepath.ice.netty.Call.carried;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePath;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.PairState;
import org.icepath.ice.PairStatistics;
import org.icepath.ice.PairTimes;
import org.icepath.ice.PathStatistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers of pairs and paths, by the names of the W3C's webrtc-stats. */
class StatisticsTest {

    private final IceRuntime runtime = NettyIceRuntime.start();

    @AfterEach
    void close() {
        runtime.close();
    }

    // W3C webrtc-stats §8.20: RTCIceCandidatePairStats
    @Test
    void aPairTellsOfItsChecksAndItsPackets() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());
            for (int i = 0; i < 3; i++) {
                call.alicesPath(1).send(ByteBuffer.wrap("four".getBytes(UTF_8)));
            }
            Eventually.holds(() -> call.bobsPath(1).statistics().packetsReceived() == 3);

            PairStatistics alices = inUse(await(call.toBob().statistics()));
            PairStatistics bobs = inUse(await(call.toAlice().statistics()));

            assertThat(alices.stream()).isEqualTo("audio");
            assertThat(alices.component()).isOne();
            assertThat(alices.state()).isEqualTo(PairState.SUCCEEDED);
            assertThat(alices.nominated()).isTrue();
            assertThat(alices.packetsSent()).isEqualTo(3);
            assertThat(alices.bytesSent()).isEqualTo(12);
            assertThat(bobs.packetsReceived()).isEqualTo(3);
            assertThat(bobs.bytesReceived()).isEqualTo(12);
            assertThat(alices.requestsSent()).isPositive();
            assertThat(alices.responsesReceived()).isBetween(1L, alices.requestsSent() + alices.consentRequestsSent());
            assertThat(bobs.requestsReceived()).isGreaterThanOrEqualTo(alices.responsesReceived());
            assertThat(bobs.responsesSent()).isGreaterThanOrEqualTo(alices.responsesReceived());
            assertThat(alices.currentRoundTripTime()).isPresent();
            assertThat(alices.totalRoundTripTime())
                    .isGreaterThanOrEqualTo(alices.currentRoundTripTime().orElseThrow());
            assertThat(alices.consentAge())
                    .hasValueSatisfying(age -> assertThat(age).isBetween(Duration.ZERO, Duration.ofSeconds(30)));
        }
    }

    @Test
    void aPairAndItsPathTellWhenSomethingLastHappened() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
            assertThat(call.alicesPath(1).statistics().lastPacketSentTimestamp())
                    .isEmpty();
            assertThat(call.bobsPath(1).statistics().lastPacketReceivedTimestamp())
                    .isEmpty();
            call.alicesPath(1).send(ByteBuffer.wrap("four".getBytes(UTF_8)));
            Eventually.holds(() -> call.bobsPath(1).statistics().packetsReceived() == 1);

            PairTimes alices = inUse(await(call.toBob().statistics())).times();
            PairTimes bobs = inUse(await(call.toAlice().statistics())).times();
            PathStatistics sent = call.alicesPath(1).statistics();
            PathStatistics received = call.bobsPath(1).statistics();

            Instant connected = alices.firstRequestTimestamp().orElseThrow();
            assertThat(alices.lastResponseTimestamp())
                    .hasValueSatisfying(at -> assertThat(at).isAfter(connected));
            assertThat(alices.lastPacketSentTimestamp())
                    .hasValueSatisfying(at -> assertThat(at).isBetween(connected, alices.timestamp()));
            assertThat(bobs.lastPacketReceivedTimestamp()).hasValueSatisfying(at -> assertThat(at)
                    .isBetween(bobs.firstRequestTimestamp().orElseThrow(), bobs.timestamp()));
            assertThat(sent.lastPacketSentTimestamp())
                    .hasValueSatisfying(at -> assertThat(at).isBefore(sent.timestamp()));
            assertThat(received.lastPacketReceivedTimestamp())
                    .hasValueSatisfying(at -> assertThat(at).isBefore(received.timestamp()));
        }
    }

    @Test
    void aPathAddsUpItsPairs() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
            call.alicesPath(1).send(ByteBuffer.wrap("four".getBytes(UTF_8)));
            Eventually.holds(() -> call.alicesPath(1).statistics().packetsSent() == 1);

            PathStatistics path = call.alicesPath(1).statistics();
            List<PairStatistics> pairs = await(call.toBob().statistics());

            assertThat(pairs.stream().mapToLong(PairStatistics::packetsSent).sum())
                    .isEqualTo(path.packetsSent());
            assertThat(path.selectedCandidatePairChanges()).isPositive();
        }
    }

    // RFC 7675 §5.1: what a dashboard wants of a path is whether its peer still answers, whoever asks
    @Test
    void aPathTellsOfTheChecksOnThePairThatItUses() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());
            IcePath path = call.alicesPath(1);
            CompletableFuture<PathStatistics> onLoop = new CompletableFuture<>();
            call.bobsPath(1)
                    .onReceive(packet -> onLoop.complete(call.bobsPath(1).statistics()));
            path.send(ByteBuffer.wrap("four".getBytes(UTF_8)));
            PathStatistics bobs = await(onLoop);
            Eventually.holds(() -> path.statistics().responsesReceived() > 0);

            PathStatistics alices = path.statistics();
            PairStatistics pair = inUse(await(call.toBob().statistics()));

            assertThat(alices.requestsSent()).isBetween(1L, pair.requestsSent());
            assertThat(alices.consentRequestsSent()).isBetween(0L, pair.consentRequestsSent());
            assertThat(alices.responsesReceived()).isBetween(1L, pair.responsesReceived());
            assertThat(alices.responsesSent()).isBetween(0L, alices.requestsReceived());
            assertThat(alices.consentAge())
                    .hasValueSatisfying(age -> assertThat(age).isBetween(Duration.ZERO, Duration.ofSeconds(30)));
            assertThat(bobs.requestsReceived()).isPositive();
            assertThat(bobs.responsesSent()).isPositive();
        }
    }

    @Test
    void aPathToNobodyTellsOfNoChecks() throws Exception {
        try (IceSession alice = runtime.open(audio(1))) {
            PathStatistics nothing = Call.pathToNobody(runtime, alice).statistics();

            assertThat(nothing.consentAge()).isEmpty();
            assertThat(nothing.requestsSent()).isZero();
        }
    }

    // RFC 5761: one pair carries both, and what is sent on it is counted with it whatever it is
    @Test
    void rtcpThatTravelsWithRtpIsCountedOnItsPair() throws Exception {
        try (Call call = Call.connect(runtime, audio(1, 2).rtcpMux("audio"))) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());
            call.alicesPath(1).send(ByteBuffer.wrap("four".getBytes(UTF_8)));
            call.alicesPath(2).send(ByteBuffer.allocate(8).put(0, (byte) 0x80).put(1, (byte) 200));
            Eventually.holds(() -> call.bobsPath(2).statistics().packetsReceived() == 1);

            PairStatistics pair = inUse(await(call.toBob().statistics()));

            assertThat(pair.packetsSent()).isEqualTo(2);
            assertThat(pair.bytesSent()).isEqualTo(12);
        }
    }

    // RFC 8843: the streams of a bundle share a pair
    @Test
    void packetsOfAllStreamsOfABundleAreCountedOnItsPair() throws Exception {
        IceConfig two = audio(1).stream("video", 1).bundle();
        try (Call call = Call.connect(runtime, two)) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());
            call.alicesPath(1).send(ByteBuffer.wrap("four".getBytes(UTF_8)));
            call.toBob().path("video", 1).send(ByteBuffer.wrap("video".getBytes(UTF_8)));
            Eventually.holds(() -> call.bobsPath(1).statistics().packetsReceived() == 2);

            PairStatistics pair = inUse(await(call.toBob().statistics()));

            assertThat(pair.packetsSent()).isEqualTo(2);
            assertThat(pair.bytesSent()).isEqualTo(9);
        }
    }

    // RFC 8445 §9: after a restart two generations have the same addresses; one of them carries the packets
    @Test
    void aRestartCountsTheSameAddressesApart() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());
            call.alicesPath(1).send(ByteBuffer.wrap("four".getBytes(UTF_8)));
            Eventually.holds(() -> call.alicesPath(1).statistics().packetsSent() == 1);
            CompletableFuture<Void> moved = Call.movedByRestart(call.toBob());

            call.toBob().restart();
            IceDescription offer = carried(await(call.toBob().offer()));
            await(call.toBob().accept(carried(await(call.toAlice().answer(offer)))));
            await(moved);
            call.alicesPath(1).send(ByteBuffer.wrap("and five".getBytes(UTF_8)));
            Eventually.holds(() -> call.alicesPath(1).statistics().packetsSent() == 2);
            List<PairStatistics> pairs = await(call.toBob().statistics());

            assertThat(pairs.stream().filter(PairStatistics::inUse).map(PairStatistics::generation))
                    .containsExactly(1);
            assertThat(bytesSent(pairs, 0)).isEqualTo(4);
            assertThat(bytesSent(pairs, 1)).isEqualTo(8);
        }
    }

    private static long bytesSent(List<PairStatistics> pairs, int generation) {
        return pairs.stream()
                .filter(pair -> pair.generation() == generation)
                .mapToLong(PairStatistics::bytesSent)
                .sum();
    }

    // W3C webrtc-stats §8.20: bytesDiscardedOnSend
    @Test
    void whatIsRefusedIsCountedWithItsBytes() throws Exception {
        try (IceSession alice = runtime.open(audio(1))) {
            IcePath path = Call.pathToNobody(runtime, alice);
            path.send(ByteBuffer.wrap("four".getBytes(UTF_8)));
            path.send(ByteBuffer.wrap("five!".getBytes(UTF_8)));

            assertThat(path.statistics().packetsDiscardedOnSend()).isEqualTo(2);
            assertThat(path.statistics().bytesDiscardedOnSend()).isEqualTo(9);
        }
    }

    @Test
    void aClosedPeerHasNone() throws Exception {
        try (Call call = Call.connect(runtime, audio(1))) {
            await(call.alicesPath(1).ready());
            call.toBob().close();

            assertThat(await(call.toBob().statistics())).isEmpty();
        }
    }

    private static PairStatistics inUse(List<PairStatistics> pairs) {
        return pairs.stream().filter(PairStatistics::inUse).findFirst().orElseThrow();
    }
}
