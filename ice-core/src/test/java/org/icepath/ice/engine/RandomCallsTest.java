// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceState;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualNat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Calls over random networks: NATs of all sorts, latency, jitter, loss, reordering, duplication, trickling or not, one component or
 * two. With a relay on offer every one of them connects and carries packets both ways.
 */
class RandomCallsTest {

    private static final List<NatBehaviour> NATS = List.of(
            NatBehaviour.FULL_CONE,
            NatBehaviour.ADDRESS_RESTRICTED,
            NatBehaviour.PORT_RESTRICTED,
            NatBehaviour.SYMMETRIC);

    @Test
    void everyCallWithARelayOnOfferConnects() {
        LongStream.range(0, 60).forEach(RandomCallsTest::connects);
    }

    @Test
    @Tag("soak")
    void everyOneOfTenThousandCallsWithARelayOnOfferConnects() {
        LongStream.range(1_000, 11_000).forEach(RandomCallsTest::connects);
    }

    private static void connects(long seed) {
        Random random = new Random(seed);
        CallScene scene = new CallScene(seed);
        scene.network().defaultLink(link(random));
        IceConfig config = withTurn(withStun(streams(random)));
        boolean trickle = random.nextInt(3) == 0;
        VirtualPhone alice = phone(scene, random, "alice", "203.0.113.1", trickle ? config.trickle() : config);
        VirtualPhone bob = phone(scene, random, "bob", "203.0.113.2", trickle ? config.trickle() : config);
        VirtualCall call = VirtualCall.start(scene.network(), alice, bob, Duration.ofMillis(1 + random.nextInt(2_000)));
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));

        boolean completed = scene.network().runUntil(() -> call.isAt(IceState.COMPLETED), Duration.ofSeconds(45));
        assertThat(completed)
                .as(() -> "seed " + seed + "\n" + scene.network().dump())
                .isTrue();
        scene.network().runFor(Duration.ofSeconds(5));
        there.stop();
        back.stop();
        scene.network().runFor(Duration.ofSeconds(3));

        assertThat(there.sent()).as("seed %d", seed).isGreaterThan(240);
        assertThat(there.lost()).as("seed %d", seed).isLessThan(there.sent() / 4);
        assertThat(back.lost()).as("seed %d", seed).isLessThan(back.sent() / 4);
    }

    private static IceConfig streams(Random random) {
        IceConfig config = random.nextBoolean() ? audio() : IceConfig.create().stream("audio", 1, 2);
        config = random.nextInt(3) == 0 ? config.stream("video", 1, 2) : config;
        return random.nextBoolean() ? config.ta(Duration.ofMillis(5 + random.nextInt(45))) : config;
    }

    private static LinkConditions link(Random random) {
        LinkConditions link = LinkConditions.ofMillis(random.nextInt(80));
        if (random.nextBoolean()) {
            link = link.withJitter(Duration.ofMillis(random.nextInt(20)));
        }
        if (random.nextInt(3) == 0) {
            link = link.withLoss(random.nextDouble() * 0.05);
        }
        if (random.nextInt(3) == 0) {
            link = link.withDuplication(random.nextDouble() * 0.05);
        }
        return random.nextInt(3) == 0 ? link.withReordering(0.05, Duration.ofMillis(30)) : link;
    }

    private static VirtualPhone phone(CallScene scene, Random random, String name, String address, IceConfig config) {
        if (random.nextInt(5) == 0) {
            return scene.publicly(name, address, config);
        }
        VirtualNat nat = scene.nat(address, NATS.get(random.nextInt(NATS.size())));
        return scene.behind(nat, name, "192.168.1.10", config);
    }
}
