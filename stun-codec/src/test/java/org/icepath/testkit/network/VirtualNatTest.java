// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Stream;
import org.icepath.testkit.network.NatBehaviour.Dependence;
import org.icepath.testkit.network.NatBehaviour.Ports;
import org.icepath.testkit.network.PacketEvent.Fate;
import org.icepath.testkit.network.VirtualSocket.Datagram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VirtualNatTest {

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final VirtualHost server = net.internet().host("server", "192.0.2.1", "192.0.2.2");
    private final VirtualSocket x = server.socket(Addresses.literal("192.0.2.1"), 1);
    private final VirtualSocket xOtherPort = server.socket(Addresses.literal("192.0.2.1"), 2);
    private final VirtualSocket y = server.socket(Addresses.literal("192.0.2.2"), 1);

    static Stream<Arguments> mappingTimesFiltering() {
        return Stream.of(Dependence.values())
                .flatMap(mapping -> Stream.of(Dependence.values()).map(filtering -> Arguments.of(mapping, filtering)));
    }

    // RFC 4787 §4.1
    @ParameterizedTest
    @MethodSource("mappingTimesFiltering")
    void mappingDependsOnWhatItSays(Dependence mapping, Dependence filtering) {
        VirtualNat nat = nat(NatBehaviour.of(mapping, filtering).withPorts(Ports.RANDOM));
        VirtualSocket inner = inner(nat);

        Stream.of(x, xOtherPort, y).forEach(each -> inner.send(each.address(), "out"));
        settle();

        InetSocketAddress toX = x.received().get(0).from();
        assertThat(toX.getAddress()).isEqualTo(nat.external());
        assertThat(xOtherPort.received().get(0).from().equals(toX))
                .isEqualTo(mapping != Dependence.ADDRESS_AND_PORT_DEPENDENT);
        assertThat(y.received().get(0).from().equals(toX)).isEqualTo(mapping == Dependence.ENDPOINT_INDEPENDENT);
        assertThat(nat.mapping(inner.address(), x.address())).hasValue(toX);
    }

    // RFC 4787 §5
    @ParameterizedTest
    @MethodSource("mappingTimesFiltering")
    void filteringDependsOnWhatItSays(Dependence mapping, Dependence filtering) {
        VirtualSocket inner = inner(nat(NatBehaviour.of(mapping, filtering)));
        inner.send(x.address(), "out");
        settle();
        InetSocketAddress external = x.received().get(0).from();

        x.send(external, "same");
        xOtherPort.send(external, "other port");
        y.send(external, "other address");
        settle();

        assertThat(inner.received())
                .extracting(Datagram::text)
                .containsExactly(
                        switch (filtering) {
                            case ENDPOINT_INDEPENDENT -> new String[] {"same", "other port", "other address"};
                            case ADDRESS_DEPENDENT -> new String[] {"same", "other port"};
                            case ADDRESS_AND_PORT_DEPENDENT -> new String[] {"same"};
                        });
        assertThat(net.log().events(Fate.FILTERED)).hasSize(3 - inner.received().size());
    }

    // RFC 4787 §4.3: only packets from the inside refresh, unless it is told otherwise
    @Test
    void bindingExpiresUnlessItIsRefreshedFromTheInside() {
        VirtualSocket inner = inner(nat(NatBehaviour.FULL_CONE));
        inner.send(x.address(), "out");
        net.runFor(Duration.ofSeconds(100));
        InetSocketAddress external = x.received().get(0).from();

        inner.send(x.address(), "again");
        net.runFor(Duration.ofSeconds(119));
        x.send(external, "alive");
        net.runFor(Duration.ofSeconds(10));
        x.send(external, "dead");
        settle();

        assertThat(inner.received()).extracting(Datagram::text).containsExactly("alive");
        assertThat(net.log().events(Fate.NO_BINDING)).hasSize(1);
    }

    @Test
    void bindingMayBeRefreshedFromTheOutside() {
        VirtualSocket inner =
                inner(nat(NatBehaviour.FULL_CONE.withInboundRefresh(true).withLifetime(Duration.ofSeconds(30))));
        inner.send(x.address(), "out");
        settle();
        InetSocketAddress external = x.received().get(0).from();

        for (int i = 0; i < 5; i++) {
            net.runFor(Duration.ofSeconds(20));
            x.send(external, "in");
        }
        settle();

        assertThat(inner.received()).hasSize(5);
    }

    // RFC 4787 §6: the hairpinned packet has the external source
    @Test
    void hairpinningTurnsPacketsBackWithTheirExternalSource() {
        VirtualNat nat = nat(NatBehaviour.FULL_CONE.withHairpinning(true));
        VirtualSocket one = nat.inside().host("one", "10.0.0.1").socket(1111);
        VirtualSocket two = nat.inside().host("two", "10.0.0.2").socket(2222);
        two.send(x.address(), "open");
        settle();

        one.send(Addresses.socket("203.0.113.1", 2222), "turn");
        settle();

        assertThat(two.received()).extracting(Datagram::from).containsExactly(Addresses.socket("203.0.113.1", 1111));
        nat.behaviour(NatBehaviour.FULL_CONE);
        one.send(Addresses.socket("203.0.113.1", 2222), "no turn");
        settle();
        assertThat(two.received()).hasSize(1);
        assertThat(net.log().events(Fate.NO_HAIRPIN)).hasSize(1);
    }

    @Test
    void natsMayBeNested() {
        VirtualNat carrier = nat(NatBehaviour.SYMMETRIC);
        VirtualNat home = carrier.inside().nat("home", "100.64.0.5", NatBehaviour.PORT_RESTRICTED);
        VirtualSocket inner = home.inside().host("inner", "192.168.1.2").socket(4000);
        inner.send(x.address(), "out");
        settle();

        x.send(x.received().get(0).from(), "back");
        settle();

        assertThat(x.received().get(0).from().getAddress()).isEqualTo(carrier.external());
        assertThat(inner.received()).extracting(Datagram::from).containsExactly(x.address());
    }

    // RFC 4787 §4.2.1
    @Test
    void portIsPreservedForTheFirstAndNotForTheSecond() {
        VirtualNat nat = nat(NatBehaviour.FULL_CONE);
        nat.inside().host("one", "10.0.0.1").socket(1111).send(x.address(), "one");
        nat.inside().host("two", "10.0.0.2").socket(1111).send(x.address(), "two");
        settle();

        assertThat(x.received().get(0).from().getPort()).isEqualTo(1111);
        assertThat(x.received().get(1).from().getPort()).isNotEqualTo(1111);
    }

    @Test
    void sequentialPortsFollowEachOther() {
        VirtualSocket inner = inner(nat(NatBehaviour.SYMMETRIC.withPorts(Ports.SEQUENTIAL)));
        inner.send(x.address(), "1");
        inner.send(y.address(), "2");
        settle();

        assertThat(y.received().get(0).from().getPort())
                .isEqualTo(x.received().get(0).from().getPort() + 1);
    }

    @Test
    void reboundNatGivesAnotherPortAndForgetsTheOldOne() {
        VirtualNat nat = nat(NatBehaviour.FULL_CONE);
        VirtualSocket inner = inner(nat);
        inner.send(x.address(), "before");
        settle();

        nat.rebind();
        inner.send(x.address(), "after");
        settle();
        x.send(x.received().get(0).from(), "to the old one");
        x.send(x.received().get(1).from(), "to the new one");
        settle();

        assertThat(x.received().get(1).from()).isNotEqualTo(x.received().get(0).from());
        assertThat(inner.received()).extracting(Datagram::text).containsExactly("to the new one");
    }

    @Test
    void movedNatHasAnotherExternalAddress() {
        VirtualNat nat = nat(NatBehaviour.FULL_CONE);
        VirtualSocket inner = inner(nat);

        nat.moveTo("203.0.113.99");
        inner.send(x.address(), "out");
        settle();

        assertThat(x.received().get(0).from().getAddress()).isEqualTo(Addresses.literal("203.0.113.99"));
    }

    private VirtualNat nat(NatBehaviour behaviour) {
        return net.internet().nat("nat", "203.0.113.1", behaviour);
    }

    private VirtualSocket inner(VirtualNat nat) {
        return nat.inside().host("inner", "192.168.1.10").socket(4000);
    }

    private void settle() {
        net.runFor(Duration.ofSeconds(1));
    }
}
