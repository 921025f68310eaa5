// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.PacketEvent;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;

/** Many random networks: agents connect where they can, agree on the pair, and never chatter. */
class SoakTest {

    private static final List<NatBehaviour> NATS = List.of(
            NatBehaviour.FULL_CONE,
            NatBehaviour.ADDRESS_RESTRICTED,
            NatBehaviour.PORT_RESTRICTED,
            NatBehaviour.SYMMETRIC);

    private static int sent(VirtualNetwork net) {
        return net.log().events(PacketEvent.Fate.SENT).size();
    }

    private static LinkConditions randomLink(Random random) {
        return LinkConditions.ofMillis(random.nextInt(60))
                .withJitter(Duration.ofMillis(random.nextInt(20)))
                .withLoss(random.nextInt(4) * 0.03)
                .withDuplication(random.nextInt(3) * 0.05)
                .withReordering(random.nextInt(3) * 0.05, Duration.ofMillis(30));
    }

    private static boolean traversable(NatBehaviour one, NatBehaviour other) {
        boolean hard = one.equals(NatBehaviour.SYMMETRIC)
                && (other.equals(NatBehaviour.SYMMETRIC) || other.equals(NatBehaviour.PORT_RESTRICTED));
        boolean hardOther = other.equals(NatBehaviour.SYMMETRIC) && one.equals(NatBehaviour.PORT_RESTRICTED);
        return !hard && !hardOther;
    }

    @Test
    void agentsBehindRandomNatsAndLinksAgreeOnTheirPairs() {
        for (long seed = 1; seed <= 150; seed++) {
            Random random = new Random(seed);
            VirtualNetwork net = new VirtualNetwork(seed);
            NatBehaviour natA = NATS.get(random.nextInt(NATS.size()));
            NatBehaviour natB = NATS.get(random.nextInt(NATS.size()));
            VirtualNat one = net.internet().nat("one", "203.0.113.1", natA);
            VirtualNat other = net.internet().nat("other", "198.51.100.1", natB);
            int components = 1 + random.nextInt(2);
            IceRole role = random.nextBoolean() ? IceRole.CONTROLLING : IceRole.CONTROLLED;
            IceRole otherRole = random.nextInt(4) == 0 ? role : role.other();
            Side alice = new Side(
                            one.inside().host("alice", "192.168.1.10").link(randomLink(random)), role, seed, components)
                    .hostCandidates()
                    .reflexiveCandidates("203.0.113.1");
            Side bob = new Side(
                            other.inside().host("bob", "192.168.1.10").link(randomLink(random)),
                            otherRole,
                            -seed,
                            components)
                    .hostCandidates()
                    .reflexiveCandidates("198.51.100.1");
            alice.run();
            bob.run();
            bob.learn(alice);
            net.runFor(Duration.ofMillis(random.nextInt(300)));
            alice.learn(bob);
            String what = "seed " + seed + ": " + natA + " and " + natB;

            boolean connected = net.runUntil(
                    () -> alice.state() == IceState.COMPLETED && bob.state() == IceState.COMPLETED,
                    Duration.ofSeconds(38));

            assertThat(connected).as(what).isEqualTo(traversable(natA, natB));
            if (connected) {
                agree(net, alice, bob, components, what);
            } else {
                net.runFor(Duration.ofSeconds(60));
                assertThat(alice.state()).as(what).isEqualTo(IceState.FAILED);
            }
            assertQuiet(net, connected ? 2 * components : 0, what);
        }
    }

    private static void agree(VirtualNetwork net, Side alice, Side bob, int components, String what) {
        net.runFor(Duration.ofSeconds(5));
        assertThat(alice.agent().role()).as(what).isNotEqualTo(bob.agent().role());
        for (int component = 1; component <= components; component++) {
            bob.peer().dataComponent = component;
            alice.peer().dataComponent = component;
            assertThat(alice.current(0, component).pair().component()).isEqualTo(component);
            // what alice's candidate is to bob is bob's remote
            assertThat(alice.current(0, component).pair().local().address())
                    .as(what)
                    .isEqualTo(bob.current(0, component).pair().remote().address());
            assertThat(bob.current(0, component).pair().local().address())
                    .as(what)
                    .isEqualTo(alice.current(0, component).pair().remote().address());
        }
    }

    /** No ping-pong: after the end there is consent (a request and its answer every 4 s at least), and probes of reserves. */
    private static void assertQuiet(VirtualNetwork net, int pairsInUse, String what) {
        net.log().clear();
        net.runFor(Duration.ofSeconds(60));
        assertThat(sent(net)).as(what).isLessThanOrEqualTo(pairsInUse * (2 * 15 + 3 * 2 * 6));
    }

    // pion/ice 99fbdea: agents whose answers get lost must not check each other at the pace of the round trip
    @Test
    void agentsWhoseAnswersGetLostDoNotPlayPingPong() {
        VirtualNetwork net = new VirtualNetwork(1);
        Zone lan = net.zone("lan", LinkConditions.ofMillis(1));
        // responses only: the class bits of the first two bytes
        lan.block(packet -> (packet.payload().getShort(0) & 0x0110) == 0x0100);
        Side alice = new Side(lan.host("alice", "192.168.1.1"), IceRole.CONTROLLING, 1, 1).hostCandidates();
        Side bob = new Side(lan.host("bob", "192.168.1.2"), IceRole.CONTROLLED, 2, 1).hostCandidates();
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);

        net.runFor(Duration.ofSeconds(30));

        // 7 requests each for the first and every triggered check, and their answers: far from 500 a second
        assertThat(sent(net)).isLessThan(400);
        net.runFor(Duration.ofMinutes(5));
        assertThat(alice.state()).isEqualTo(IceState.FAILED);
        net.log().clear();
        net.runFor(Duration.ofMinutes(1));
        assertThat(sent(net)).isZero();
    }

    // The same with answers that come from the wrong address
    @Test
    void agentsThatRefuseEachOtherDoNotPlayPingPong() {
        VirtualNetwork net = new VirtualNetwork(1);
        Zone lan = net.zone("lan", LinkConditions.ofMillis(1));
        Side alice = new Side(lan.host("alice", "192.168.1.1"), IceRole.CONTROLLING, 1, 1).hostCandidates();
        Side bob = new Side(lan.host("bob", "192.168.1.2"), IceRole.CONTROLLED, 2, 1)
                .hostCandidates()
                .tuned(settings -> Tuned.checks(settings, CheckFormTest.ONLY_BACKWARDS));
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);

        net.runFor(Duration.ofSeconds(60));

        assertThat(sent(net)).isLessThanOrEqualTo(2 * 8);
    }

    @Test
    void aConnectedCallOfTwoHoursIsQuietAndStable() {
        VirtualNetwork net = new VirtualNetwork(1);
        net.log().capacity(0);
        int[] packets = new int[1];
        net.log().tap(event -> packets[0] += event.fate() == PacketEvent.Fate.SENT ? 1 : 0);
        VirtualNat one = net.internet().nat("one", "203.0.113.1", NatBehaviour.PORT_RESTRICTED);
        VirtualNat other = net.internet().nat("other", "198.51.100.1", NatBehaviour.PORT_RESTRICTED);
        Side alice = new Side(
                        one.inside()
                                .host("alice", "192.168.1.10")
                                .link(LinkConditions.ofMillis(5).withLoss(0.05)),
                        IceRole.CONTROLLING,
                        1,
                        1)
                .hostCandidates()
                .reflexiveCandidates("203.0.113.1");
        Side bob = new Side(other.inside().host("bob", "192.168.1.10"), IceRole.CONTROLLED, 2, 1)
                .hostCandidates()
                .reflexiveCandidates("198.51.100.1");
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);
        assertThat(net.runUntil(() -> alice.state() == IceState.COMPLETED, Duration.ofSeconds(10)))
                .isTrue();

        net.runFor(Duration.ofHours(2));

        assertThat(alice.state()).isEqualTo(IceState.COMPLETED);
        assertThat(bob.state()).isEqualTo(IceState.COMPLETED);
        assertThat(alice.events(AgentEvent.ConsentLost.class)).isEmpty();
        // 7200 s / 5 s, two agents, request and answer
        assertThat(packets[0]).isBetween(5000, 6500);
    }
}
