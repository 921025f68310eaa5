// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.NatBehaviour.Dependence;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.testkit.network.VirtualSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 5780 §4, behind simulated NATs of every kind. */
class NatDiscoveryTest {

    private final VirtualNetwork network = new VirtualNetwork(1);
    private final VirtualHost serverHost = network.internet().host("server", "192.0.2.1", "192.0.2.2");
    private final InetSocketAddress server = new InetSocketAddress("192.0.2.1", 3_478);

    private void serve() {
        EdgeMachine edge = new EdgeMachine(EdgeConfig.create(), RelaySockets.on(serverHost), new Random(1));
        edge.listenForDiscovery(serverHost.addresses().stream()
                .flatMap(address -> List.of(serverHost.bind(address, 3_478), serverHost.bind(address, 3_479)).stream())
                .toList());
        serverHost.run(edge);
    }

    private VirtualHost behind(NatBehaviour behaviour) {
        VirtualNat nat = network.internet().nat("home", "203.0.113.7", behaviour);
        return nat.inside().host("alice", "192.168.1.10");
    }

    private NatReport discover(VirtualHost host, Duration... silences) {
        Map<Base, Duration> bases = new LinkedHashMap<>();
        for (Duration silence : silences) {
            bases.put(host.bind(0), silence);
        }
        NatDiscoverySettings settings = new NatDiscoverySettings(server, host.bind(0), host.bind(0), bases);
        VirtualNode<NatEvent> node = host.run(new NatDiscovery(new Random(2)));
        node.act((now, machine) -> ((NatDiscovery) machine).start(now, settings));
        network.runUntil(() -> node.has(NatEvent.Finished.class), Duration.ofMinutes(30));
        return node.events(NatEvent.Finished.class).get(0).report();
    }

    private static NatDependence expected(Dependence dependence) {
        return NatDependence.valueOf(dependence.name());
    }

    // RFC 5780 §4.3, §4.4: all nine, each with and without hairpinning; RFC 3489 §5 has but four names for them.
    @ParameterizedTest
    @CsvSource({
        "ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, FULL_CONE",
        "ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, RESTRICTED_CONE",
        "ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, PORT_RESTRICTED_CONE",
        "ADDRESS_DEPENDENT, ENDPOINT_INDEPENDENT, SYMMETRIC",
        "ADDRESS_DEPENDENT, ADDRESS_DEPENDENT, SYMMETRIC",
        "ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, SYMMETRIC",
        "ADDRESS_AND_PORT_DEPENDENT, ENDPOINT_INDEPENDENT, SYMMETRIC",
        "ADDRESS_AND_PORT_DEPENDENT, ADDRESS_DEPENDENT, SYMMETRIC",
        "ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, SYMMETRIC"
    })
    void everyKindOfNatIsTold(Dependence mapping, Dependence filtering, LegacyNatType name) {
        serve();

        NatReport report = discover(behind(NatBehaviour.of(mapping, filtering).withPorts(NatBehaviour.Ports.RANDOM)));

        assertThat(report.mapping()).isEqualTo(expected(mapping));
        assertThat(report.filtering()).isEqualTo(expected(filtering));
        assertThat(report.legacyType()).isEqualTo(name);
        assertThat(report.translated()).isTrue();
        assertThat(report.mapped().orElseThrow().getAddress().getHostAddress()).isEqualTo("203.0.113.7");
        assertThat(report.other()).contains(new InetSocketAddress("192.0.2.2", 3_479));
        assertThat(report.hairpinning()).isEqualTo(Hairpinning.NOT_SUPPORTED);
        assertThat(network.now()).isLessThan(Duration.ofSeconds(17).toNanos());
    }

    // RFC 5780 §3.4; a NAT that maps by destination filters what is hairpinned by an address that nobody could foresee.
    @ParameterizedTest
    @EnumSource(
            value = Dependence.class,
            names = {"ENDPOINT_INDEPENDENT", "ADDRESS_DEPENDENT", "ADDRESS_AND_PORT_DEPENDENT"})
    void hairpinningIsTold(Dependence filtering) {
        serve();

        NatReport report = discover(behind(
                NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, filtering).withHairpinning(true)));

        assertThat(report.hairpinning()).isEqualTo(Hairpinning.SUPPORTED);
        assertThat(report.filtering()).isEqualTo(expected(filtering));
    }

    @Test
    void noNatIsTold() {
        serve();

        NatReport report = discover(network.internet().host("alice", "198.51.100.1"));

        assertThat(report.translated()).isFalse();
        assertThat(report.mapping()).isEqualTo(NatDependence.ENDPOINT_INDEPENDENT);
        assertThat(report.legacyType()).isEqualTo(LegacyNatType.OPEN_INTERNET);
        assertThat(report.hairpinning()).isEqualTo(Hairpinning.UNKNOWN);
    }

    // RFC 5780 §4.6
    @Test
    void theLifetimeOfASilentMappingIsBracketed() {
        serve();

        NatReport report = discover(
                behind(NatBehaviour.PORT_RESTRICTED.withLifetime(Duration.ofSeconds(40))),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(45),
                Duration.ofSeconds(60));

        assertThat(report.lifetime()).isEqualTo(new MappingLifetime(30, 45));
        assertThat(report.lifetime()).hasToString("between 30 and 45 s");
        assertThat(network.now()).isLessThan(Duration.ofSeconds(72).toNanos());
    }

    @Test
    void aServerThatDoesNotAnswerMeansBlockedUdp() {
        NatReport report = discover(network.internet().host("alice", "198.51.100.1"), Duration.ofSeconds(30));

        assertThat(report.legacyType()).isEqualTo(LegacyNatType.UDP_BLOCKED);
        assertThat(report.mapped()).isEmpty();
        assertThat(network.now()).isLessThan(Duration.ofSeconds(6).toNanos());
    }

    @Test
    void aServerWithOneAddressTellsTheMappingAndNothingElse() {
        EdgeMachine edge = new EdgeMachine(EdgeConfig.create(), RelaySockets.on(serverHost), new Random(1));
        edge.listen(serverHost.bind(3_478));
        serverHost.run(edge);

        NatReport report = discover(behind(NatBehaviour.SYMMETRIC));

        assertThat(report.translated()).isTrue();
        assertThat(report.mapping()).isEqualTo(NatDependence.UNKNOWN);
        assertThat(report.filtering()).isEqualTo(NatDependence.UNKNOWN);
        assertThat(report.legacyType()).isEqualTo(LegacyNatType.UNKNOWN);
    }

    // Silence says nothing of a mapping's life where the server does not send to it
    @Test
    void aServerWithOneAddressSaysNothingOfLifetimes() {
        EdgeMachine edge = new EdgeMachine(EdgeConfig.create(), RelaySockets.on(serverHost), new Random(1));
        edge.listen(serverHost.bind(3_478));
        serverHost.run(edge);

        NatReport report = discover(behind(NatBehaviour.PORT_RESTRICTED), Duration.ofSeconds(60));

        assertThat(report.lifetime()).isEqualTo(MappingLifetime.UNKNOWN);
        assertThat(network.now()).isLessThan(Duration.ofSeconds(17).toNanos());
    }

    @Test
    void aServerThatRefusesToAnswerElsewhereSaysNothingOfLifetimes() {
        refuse(Attributes.RESPONSE_PORT);

        assertThat(discover(behind(NatBehaviour.PORT_RESTRICTED), Duration.ofSeconds(10))
                        .lifetime())
                .isEqualTo(MappingLifetime.UNKNOWN);
    }

    // RESPONSE-PORT is comprehension-required (RFC 5780 §7.5), which servers of RFC 3489's time have not heard of
    @Test
    void aServerThatAnswersWhoAskedSaysNothingOfLifetimes() {
        refuse(Attributes.CHANGE_REQUEST);

        assertThat(discover(behind(NatBehaviour.PORT_RESTRICTED), Duration.ofSeconds(10))
                        .lifetime())
                .isEqualTo(MappingLifetime.UNKNOWN);
    }

    // The server's word must not aim us at a crowd or at ourselves.
    @ParameterizedTest
    @CsvSource({"127.0.0.1, 3479", "255.255.255.255, 3479", "192.0.2.1, 3479", "192.0.2.9, 0"})
    void anOtherAddressThatIsNoServersIsNotAsked(String address, int port) {
        answer((request, writer) -> writer.put(Attributes.XOR_MAPPED_ADDRESS, new InetSocketAddress("203.0.113.7", 9))
                .put(Attributes.OTHER_ADDRESS, new InetSocketAddress(address, port)));

        NatReport report = discover(network.internet().host("alice", "198.51.100.1"));

        assertThat(report.other()).isEmpty();
        assertThat(report.mapping()).isEqualTo(NatDependence.UNKNOWN);
    }

    // A server that ignores CHANGE-REQUEST answers from where it was asked; that shows no filtering.
    @Test
    void anAnswerFromWhereItWasAskedProvesNothing() {
        answer((request, writer) -> writer.put(Attributes.XOR_MAPPED_ADDRESS, new InetSocketAddress("203.0.113.7", 9))
                .put(Attributes.OTHER_ADDRESS, new InetSocketAddress("192.0.2.2", 3_479)));

        NatReport report = discover(network.internet().host("alice", "198.51.100.1"));

        assertThat(report.filtering()).isEqualTo(NatDependence.ADDRESS_AND_PORT_DEPENDENT);
    }

    @Test
    void aServerThatRefusesToChangeLeavesFilteringUnknown() {
        refuse(Attributes.CHANGE_REQUEST);

        assertThat(discover(network.internet().host("alice", "198.51.100.1")).filtering())
                .isEqualTo(NatDependence.UNKNOWN);
    }

    @Test
    void rubbishIsSurvived() {
        Random random = new Random(5);
        VirtualSocket socket = serverHost.socket(3_478);
        socket.onReceive((from, datagram) -> {
            for (int i = 0; i < 50; i++) {
                byte[] rubbish = new byte[datagram.remaining() + random.nextInt(20)];
                datagram.duplicate().get(rubbish, 0, Math.min(rubbish.length, datagram.remaining()));
                rubbish[random.nextInt(rubbish.length)] ^= (byte) random.nextInt(256);
                rubbish[0] = 1;
                socket.send(from, ByteBuffer.wrap(rubbish));
            }
        });

        assertThat(discover(network.internet().host("alice", "198.51.100.1")).legacyType())
                .isEqualTo(LegacyNatType.UDP_BLOCKED);
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        Base base = serverHost.bind(0);

        assertThatThrownBy(() -> NatDiscoverySettings.of(
                        InetSocketAddress.createUnresolved("stun.example.net", 3_478), base, base))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new NatDiscoverySettings(server, base, base, Map.of(base, Duration.ofHours(3))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** A server with another address that does not know an attribute. */
    private void refuse(Attribute<?> unknown) {
        VirtualSocket socket = serverHost.socket(3_478);
        socket.onReceive((from, datagram) -> {
            StunMessage request = new StunMessage().wrap(datagram);
            StunWriter writer = StunWriter.into(ByteBuffer.allocate(500));
            if (request.has(unknown)) {
                writer.errorResponse(request, 420, "Unknown Attribute", unknown.type());
            } else {
                writer.respond(StunClass.SUCCESS, request)
                        .put(Attributes.XOR_MAPPED_ADDRESS, from)
                        .put(Attributes.OTHER_ADDRESS, new InetSocketAddress("192.0.2.2", 3_479));
            }
            socket.send(from, writer.finish());
        });
    }

    private interface Answer {
        void write(StunMessage request, StunWriter writer);
    }

    private void answer(Answer answer) {
        VirtualSocket socket = serverHost.socket(3_478);
        socket.onReceive((from, datagram) -> {
            StunMessage request = new StunMessage().wrap(datagram);
            StunWriter writer = StunWriter.into(ByteBuffer.allocate(500)).respond(StunClass.SUCCESS, request);
            answer.write(request, writer);
            socket.send(from, writer.finish());
        });
    }
}
