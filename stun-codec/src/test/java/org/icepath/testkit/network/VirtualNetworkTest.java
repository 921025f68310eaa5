// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.icepath.sansio.Cause;
import org.icepath.testkit.network.PacketEvent.Fate;
import org.icepath.testkit.network.VirtualSocket.Datagram;
import org.junit.jupiter.api.Test;

class VirtualNetworkTest {

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final VirtualHost alice = net.internet().host("alice", "198.51.100.1");
    private final VirtualHost bob = net.internet().host("bob", "198.51.100.2");
    private final VirtualSocket a = alice.socket(1000);
    private final VirtualSocket b = bob.socket(2000);

    @Test
    void packetTakesTheLatencyOfBothLinks() {
        alice.link(LinkConditions.ofMillis(3));
        bob.link("198.51.100.2", LinkConditions.ofMillis(100), LinkConditions.ofMillis(40));

        a.send(b.address(), "hello");
        net.runFor(Duration.ofSeconds(1));

        assertThat(b.received()).extracting(Datagram::text).containsExactly("hello");
        assertThat(b.received().get(0).from()).isEqualTo(a.address());
        assertThat(net.log().deliveredTo("bob").get(0).atMillis()).isEqualTo(43);
        assertThat(net.now()).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void sameSeedGivesTheSameCourseAndAnotherSeedAnother() {
        assertThat(courseOf(7)).isEqualTo(courseOf(7)).isNotEqualTo(courseOf(8));
    }

    private static List<String> courseOf(long seed) {
        VirtualNetwork net = new VirtualNetwork(seed);
        VirtualHost one = net.internet().host("one", "198.51.100.1");
        VirtualSocket two = net.internet().host("two", "198.51.100.2").socket(2);
        one.link(LinkConditions.ofMillis(5)
                .withJitter(Duration.ofMillis(20))
                .withLoss(0.2)
                .withDuplication(0.2)
                .withReordering(0.2, Duration.ofMillis(50)));
        VirtualSocket sender = one.socket(1);
        IntStream.range(0, 50).forEach(i -> sender.send(two.address(), "" + i));
        net.runFor(Duration.ofSeconds(1));
        return net.log().events().stream().map(PacketEvent::toString).toList();
    }

    @Test
    void lossTakesItsShare() {
        alice.link(LinkConditions.ofMillis(1).withLoss(0.25));

        send(1_000);

        assertThat(b.received()).hasSizeBetween(700, 800);
        assertThat(net.log().events(Fate.LOST)).hasSize(1_000 - b.received().size());
    }

    @Test
    void duplicatesArriveTwice() {
        bob.link(LinkConditions.ofMillis(1).withDuplication(1));

        send(3);

        assertThat(b.received()).extracting(Datagram::text).hasSize(6).containsOnly("0", "1", "2");
    }

    @Test
    void jitterAloneKeepsTheOrder() {
        alice.link(LinkConditions.ofMillis(1).withJitter(Duration.ofMillis(100)));

        send(100);

        assertThat(b.received()).extracting(Datagram::text).containsExactlyElementsOf(texts(100));
    }

    @Test
    void reorderedPacketsAreOvertaken() {
        alice.link(LinkConditions.ofMillis(1).withReordering(0.3, Duration.ofMillis(5)));

        send(100);

        assertThat(b.received())
                .extracting(Datagram::text)
                .containsExactlyInAnyOrderElementsOf(texts(100))
                .isNotEqualTo(texts(100));
    }

    @Test
    void blockSwallowsUntilItIsLifted() {
        net.internet().block(Block.between("198.51.100.1", "198.51.100.2")).liftAfter(Duration.ofSeconds(5));

        a.send(b.address(), "early");
        net.runFor(Duration.ofSeconds(5));
        a.send(b.address(), "late");
        net.runFor(Duration.ofSeconds(1));

        assertThat(b.received()).extracting(Datagram::text).containsExactly("late");
        assertThat(net.log().events(Fate.BLOCKED)).hasSize(1);
        assertThat(a.failures()).isEmpty();
    }

    @Test
    void unroutableDestinationIsSilentUnlessTheZoneTells() {
        a.send(Addresses.socket("192.168.1.1", 1), "lost");
        net.runFor(Duration.ofSeconds(1));
        assertThat(a.failures()).isEmpty();

        net.internet().tellUnreachable(true);
        a.send(Addresses.socket("192.168.1.1", 1), "lost");

        assertThat(a.failures()).extracting(Cause::kind).containsExactly(Cause.Kind.UNREACHABLE);
        assertThat(net.log().events(Fate.NO_ROUTE)).hasSize(2);
    }

    @Test
    void closedPortIsSilentUnlessTheHostRefuses() {
        a.send(Addresses.socket("198.51.100.2", 9), "knock");
        net.runFor(Duration.ofSeconds(1));
        assertThat(a.failures()).isEmpty();

        bob.refuseClosedPorts(true);
        a.send(Addresses.socket("198.51.100.2", 9), "knock");
        net.runFor(Duration.ofSeconds(1));

        assertThat(a.failures()).extracting(Cause::kind).containsExactly(Cause.Kind.UNREACHABLE);
    }

    @Test
    void privateNetworksMayOverlap() {
        Zone one = net.internet()
                .nat("one", "203.0.113.1", NatBehaviour.PORT_RESTRICTED)
                .inside();
        Zone two = net.internet()
                .nat("two", "203.0.113.2", NatBehaviour.PORT_RESTRICTED)
                .inside();
        VirtualSocket left = one.host("left", "192.168.1.10").socket(5000);
        VirtualSocket right = two.host("right", "192.168.1.10").socket(5000);
        VirtualSocket neighbour = one.host("neighbour", "192.168.1.11").socket(5000);

        neighbour.send(left.address(), "hi");
        left.send(b.address(), "left");
        right.send(b.address(), "right");
        net.runFor(Duration.ofSeconds(1));

        assertThat(left.received()).hasSize(1);
        assertThat(right.received()).isEmpty();
        assertThat(b.received())
                .extracting(Datagram::from)
                .containsExactly(Addresses.socket("203.0.113.1", 5000), Addresses.socket("203.0.113.2", 5000));
    }

    @Test
    void hostWithTwoInterfacesSendsFromTheOneItsSocketIsBoundTo() {
        Zone vpn = net.zone("vpn");
        alice.attach(vpn, "10.8.0.2").attach(net.internet(), "2001:db8::1");
        VirtualSocket office = vpn.host("office", "10.8.0.1").socket(1);
        VirtualSocket six = net.internet().host("six", "2001:db8::2").socket(Addresses.literal("2001:db8::2"), 1);

        alice.socket(Addresses.literal("10.8.0.2"), 7).send(office.address(), "vpn");
        alice.socket(Addresses.literal("2001:db8::1"), 7).send(six.address(), "six");
        a.send(office.address(), "not routed");
        net.runFor(Duration.ofSeconds(1));

        assertThat(office.received()).extracting(Datagram::text).containsExactly("vpn");
        assertThat(six.received()).extracting(Datagram::text).containsExactly("six");
    }

    @Test
    void detachedInterfaceNeitherSendsNorReceives() {
        b.send(a.address(), "on its way");
        alice.detach("198.51.100.1");
        a.send(b.address(), "too late");
        net.runFor(Duration.ofSeconds(1));

        assertThat(a.received()).isEmpty();
        assertThat(b.received()).isEmpty();
        assertThat(a.failures()).extracting(Cause::kind).containsOnly(Cause.Kind.LOCAL_GONE);
    }

    // RFC 6092: simple security before IPv6 hosts
    @Test
    void firewallLetsInOnlyAnswersFromWhereAPacketWent() {
        VirtualFirewall firewall = net.internet().firewall("six");
        VirtualSocket inner = firewall.inside().host("inner", "198.51.100.77").socket(1);
        b.send(inner.address(), "unsolicited");
        net.runFor(Duration.ofSeconds(1));
        inner.send(b.address(), "question");
        net.runFor(Duration.ofSeconds(1));
        b.send(inner.address(), "answer");
        a.send(inner.address(), "stranger");
        net.runFor(Duration.ofMinutes(2));
        b.send(inner.address(), "too late");
        net.runFor(Duration.ofSeconds(1));

        assertThat(inner.received()).extracting(Datagram::text).containsExactly("answer");
        assertThat(net.log().events(Fate.UNSOLICITED)).hasSize(3);
    }

    @Test
    void logForgetsItsOlderHalfWhenItIsFull() {
        net.log().capacity(10);

        send(100);

        assertThat(net.log().events()).hasSizeLessThanOrEqualTo(10);
        assertThat(net.log().deliveredTo("bob")).isNotEmpty();
    }

    @Test
    void actionsRunInTheOrderOfTheirTimeThenOfTheirMaking() {
        StringBuilder order = new StringBuilder();
        net.after(Duration.ofMillis(2), () -> order.append("c"));
        net.after(Duration.ofMillis(1), () -> order.append("a"));
        net.after(Duration.ofMillis(1), () -> order.append("b"));

        assertThat(net.runUntil(() -> order.length() == 3, Duration.ofSeconds(1)))
                .isTrue();

        assertThat(order).hasToString("abc");
        assertThat(net.now()).isEqualTo(Duration.ofMillis(2).toNanos());
        assertThat(net.runUntil(() -> false, Duration.ofSeconds(1))).isFalse();
    }

    @Test
    void payloadsAreCopiedOnTheWay() {
        ByteBuffer payload =
                ByteBuffer.wrap(new byte[] {0, 1, 2, 3}).position(1).limit(3);

        a.send(b.address(), payload);
        payload.put(1, (byte) 9);
        net.runFor(Duration.ofSeconds(1));

        assertThat(payload.position()).isEqualTo(1);
        assertThat(b.received().get(0).payload()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
    }

    private void send(int count) {
        texts(count).forEach(text -> a.send(b.address(), text));
        net.runFor(Duration.ofSeconds(10));
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
