// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceState;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.PacketEvent;
import org.junit.jupiter.api.Test;

/** How sessions last, end, and stand what strangers send. */
class SessionLifeTest {

    private final CallScene scene = new CallScene(21);

    private VirtualCall relayedCall() {
        IceConfig config = withTurn(withStun(audio()));
        VirtualPhone alice =
                scene.behind(scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC), "alice", "192.168.1.10", config);
        VirtualPhone bob = scene.behind(scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC), "bob", "10.0.0.5", config);
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5)))
                .as(scene.network()::dump)
                .isTrue();
        return call;
    }

    private static boolean closed(VirtualPhone phone) {
        return phone.node().has(EngineEvent.Closed.class);
    }

    private static void close(VirtualPhone phone) {
        phone.perform(now -> {
            phone.engine().close(now);
            return true;
        });
    }

    // RFC 8656 §8: a refresh with lifetime 0
    @Test
    void closingReleasesTheRelaysAndWaitsForNothingElse() {
        VirtualCall call = relayedCall();
        assertThat(scene.edge().allocationCount()).isEqualTo(2);

        close(call.caller());
        close(call.callee());

        assertThat(scene.network()
                        .runUntil(() -> closed(call.caller()) && closed(call.callee()), Duration.ofMillis(200)))
                .isTrue();
        assertThat(scene.edge().allocationCount()).isZero();
        assertThat(call.caller().engine().nextTimeout()).isEqualTo(Machine.NEVER);
        assertThat(call.caller().send(call.callerPeer(), 0, 1, ByteBuffer.allocate(4)))
                .isFalse();
    }

    @Test
    void closingEndsWithinTwoSecondsThoughTheServerIsSilent() {
        VirtualCall call = relayedCall();
        scene.edge().faults().silent(true);

        close(call.caller());

        assertThat(scene.network().runUntil(() -> closed(call.caller()), Duration.ofMillis(2_100)))
                .isTrue();
        assertThat(call.caller().engine().nextTimeout()).isEqualTo(Machine.NEVER);
    }

    @Test
    void closingTwiceIsClosingOnce() {
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", audio());
        alice.gather();

        close(alice);
        close(alice);

        assertThat(alice.node().events(EngineEvent.Closed.class)).hasSize(1);
    }

    // RFC 8656 §9, §12: refreshes of allocation, permission and channel keep a relayed call up; NAT bindings too
    @Test
    void aRelayedCallLastsForTwoHoursWithoutLosingAPacket() {
        VirtualCall call = relayedCall();
        PacketFlow there = call.toCallee(Duration.ofSeconds(1));
        PacketFlow back = call.toCaller(Duration.ofSeconds(1));

        scene.network().runFor(Duration.ofHours(2));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(there.sent()).isEqualTo(7201);
        assertThat(there.lost() + back.lost() + there.duplicated() + back.duplicated())
                .isZero();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }

    // an agent that answers itself, or a peer's answer, without end would flood the network
    @Test
    void anIdleConnectedCallSendsNoMoreThanItsKeepalives() {
        IceConfig config = withStun(audio());
        VirtualPhone alice = scene.publicly("alice", "198.51.100.10", config);
        VirtualPhone bob = scene.publicly("bob", "198.51.100.11", config);
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        long before = scene.network().log().sentBy("alice").size();

        scene.network().runFor(Duration.ofMinutes(10));

        // consent every 5 s on average, and an answer to each of the peer's; nothing to the STUN server (RFC 8445 §8.3)
        assertThat(scene.network().log().sentBy("alice").size() - before).isBetween(200L, 260L);
    }

    // CVE-2026-103936 (js-libp2p): one packet of a stranger must not end a process
    @Test
    void rubbishFromStrangersThrowsNothingAndChangesNothing() {
        VirtualCall call = relayedCall();
        Random random = new Random(4);
        IceEngine engine = call.caller().engine();
        Base base = call.caller().bases().get(0).base();
        PacketEvent[] seen = scene.network().log().events().toArray(PacketEvent[]::new);
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer datagram = i % 2 == 0 ? noise(random) : mutated(seen[random.nextInt(seen.length)], random);
            InetSocketAddress from = random.nextInt(3) == 0
                    ? new InetSocketAddress(CallScene.SERVER, 3478)
                    : new InetSocketAddress("203.0.113." + random.nextInt(4), 1024 + random.nextInt(60_000));
            call.caller().perform(now -> engine.handle(now, base, from, datagram));
        }
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofSeconds(60));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(2));

        assertThat(call.isAt(IceState.COMPLETED)).as(scene.network()::dump).isTrue();
        assertThat(there.lost() + back.lost()).isZero();
    }

    private static ByteBuffer noise(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static ByteBuffer mutated(PacketEvent event, Random random) {
        ByteBuffer payload = event.packet().payload();
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return ByteBuffer.wrap(bytes);
    }
}
