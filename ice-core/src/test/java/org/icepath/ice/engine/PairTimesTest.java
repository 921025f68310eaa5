// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.icepath.ice.PairStatistics;
import org.icepath.ice.PairTimes;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.junit.jupiter.api.Test;

/** W3C webrtc-stats, RTCIceCandidatePairStats: the moments, to the nanosecond where time is virtual. */
class PairTimesTest {

    private static final Instant WALL = Instant.parse("2026-11-30T12:00:00Z");
    private static final ByteBuffer PACKET = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0, 0, 1});

    private final CallScene scene = new CallScene(17);
    private final VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
    private final VirtualPhone bob = scene.publicly("bob", "198.51.100.11", audio());
    private final VirtualCall call = scene.call(alice, bob).offeringByHand();

    private PairTimes times() {
        List<PairStatistics> pairs = alice.perform(
                now -> alice.engine().snapshot(now, call.callerPeer()).pairs(new WallClock(now, WALL.plusNanos(now))));
        return pairs.get(0).times();
    }

    private Instant now() {
        return WALL.plusNanos(scene.network().now());
    }

    @Test
    void eachMomentIsTheOneAtWhichItHappened() {
        scene.network().runUntil(() -> call.callerPeer() != 0, Duration.ofSeconds(1));
        Instant answered = now();
        assertThat(call.runUntilCompleted(Duration.ofSeconds(1))).isTrue();
        scene.network().runFor(Duration.ofSeconds(1));
        bob.send(call.calleePeer(), 0, 1, PACKET);
        scene.network().runUntil(() -> !alice.received().isEmpty(), Duration.ofSeconds(1));
        Instant received = now();
        scene.network().runFor(Duration.ofSeconds(2));

        PairTimes times = times();

        assertThat(times.timestamp()).isEqualTo(now());
        assertThat(times.firstRequestTimestamp()).contains(answered);
        assertThat(times.lastPacketReceivedTimestamp()).contains(received);
        assertThat(times.lastRequestTimestamp())
                .hasValueSatisfying(at -> assertThat(at).isBetween(answered, received));
        assertThat(times.lastResponseTimestamp())
                .hasValueSatisfying(at -> assertThat(at).isBetween(answered, received));
        assertThat(times.consentExpiredTimestamp()).isEmpty();
        assertThat(times.lastPacketSentTimestamp())
                .as("counted by whoever sends")
                .isEmpty();
    }

    // RFC 7675 §5.1: consent ends 30 s after the last answer
    @Test
    void consentExpiresThirtySecondsAfterTheLastResponse() {
        assertThat(call.runUntilCompleted(Duration.ofSeconds(1))).isTrue();
        scene.network().internet().block(packet -> true);
        scene.network().runFor(Duration.ofSeconds(60));

        PairTimes times = times();

        Instant heard = times.lastResponseTimestamp().orElseThrow();
        assertThat(times.consentExpiredTimestamp()).contains(heard.plusSeconds(30));
        assertThat(times.lastRequestTimestamp())
                .hasValueSatisfying(at -> assertThat(at).isBetween(heard, heard.plusSeconds(30)));
    }
}
