// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.stun.Attributes.ADDITIONAL_ADDRESS_FAMILY;
import static org.icepath.stun.Attributes.ADDRESS_ERROR_CODE;
import static org.icepath.stun.Attributes.ALTERNATE_SERVER;
import static org.icepath.stun.Attributes.CHANNEL_NUMBER;
import static org.icepath.stun.Attributes.DONT_FRAGMENT;
import static org.icepath.stun.Attributes.ERROR_CODE;
import static org.icepath.stun.Attributes.EVEN_PORT;
import static org.icepath.stun.Attributes.LIFETIME;
import static org.icepath.stun.Attributes.MESSAGE_INTEGRITY;
import static org.icepath.stun.Attributes.MESSAGE_INTEGRITY_SHA256;
import static org.icepath.stun.Attributes.PASSWORD_ALGORITHMS;
import static org.icepath.stun.Attributes.PRIORITY;
import static org.icepath.stun.Attributes.REALM;
import static org.icepath.stun.Attributes.REQUESTED_ADDRESS_FAMILY;
import static org.icepath.stun.Attributes.REQUESTED_TRANSPORT;
import static org.icepath.stun.Attributes.RESERVATION_TOKEN;
import static org.icepath.stun.Attributes.UNKNOWN_ATTRIBUTES;
import static org.icepath.stun.Attributes.XOR_MAPPED_ADDRESS;
import static org.icepath.stun.Attributes.XOR_PEER_ADDRESS;
import static org.icepath.stun.Attributes.XOR_RELAYED_ADDRESS;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.Attribute;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.testkit.network.Addresses;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.testkit.network.VirtualSocket;
import org.icepath.testkit.network.VirtualSocket.Datagram;
import org.junit.jupiter.api.Test;

class EdgeMachineTest {

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final VirtualHost host = net.internet().host("edge", "192.0.2.1");
    private final VirtualSocket peer =
            net.internet().host("peer", "198.51.100.9").socket(9_000);
    private final VirtualHost clientHost = net.internet().host("client", "203.0.113.5");
    private EdgeMachine edge = new EdgeMachine(EdgeConfig.create(), RelaySockets.on(host), new Random(1));
    private EdgeConfig config = EdgeConfig.create()
            .user("alice", "wonderland")
            .user("bob", "builder")
            .withAllocationsPerUser(2);

    // RFC 8489 §12
    @Test
    void bindingTellsTheReflexiveAddress() {
        start();
        TurnTestClient client = client();

        StunMessage answer = client.ask(StunMethod.BINDING, request -> request);

        assertThat(answer.messageClass()).isEqualTo(StunClass.SUCCESS);
        assertThat(answer.get(XOR_MAPPED_ADDRESS)).hasValue(client.address());
    }

    // RFC 8489 §9.2.4: a request without integrity is challenged, and the challenge is not signed
    @Test
    void firstAllocateIsChallengedWithRealmAndNonce() {
        start();
        TurnTestClient client = client();

        StunMessage answer = client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp);

        assertThat(code(answer)).isEqualTo(401);
        assertThat(answer.get(REALM)).hasValue("icepath.test");
        assertThat(answer.has(MESSAGE_INTEGRITY)).isFalse();
        assertThat(answer.has(PASSWORD_ALGORITHMS)).isFalse();
    }

    // RFC 8656 §7.2
    @Test
    void authenticAllocateGetsARelayedAddressAndASignedAnswer() {
        VirtualNode<EdgeEvent> server = start();
        TurnTestClient client = client().login("alice", "wonderland");

        StunMessage answer = client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp);

        assertThat(answer.get(XOR_RELAYED_ADDRESS)).hasValue(Addresses.socket("192.0.2.1", 60_000));
        assertThat(answer.get(XOR_MAPPED_ADDRESS)).hasValue(client.address());
        assertThat(answer.get(LIFETIME)).hasValue(600L);
        assertThat(client.isSigned(answer)).isTrue();
        assertThat(server.events(EdgeEvent.Allocated.class)).hasSize(1);
    }

    @Test
    void wrongPasswordAndUnknownUserAreChallengedAgain() {
        start();

        assertThat(code(client().login("alice", "wrong").ask(StunMethod.ALLOCATE, EdgeMachineTest::udp)))
                .isEqualTo(401);
        assertThat(code(client().login("mallory", "wonderland").ask(StunMethod.ALLOCATE, EdgeMachineTest::udp)))
                .isEqualTo(401);
    }

    // RFC 8489 §9.2.4: a nonce is stale after its time, for another client, and on demand
    @Test
    void staleNonceGives438WithANewOne() {
        config = config.withNonceLifetime(Duration.ofMinutes(1));
        start();
        TurnTestClient client = client().login("alice", "wonderland");
        net.runFor(Duration.ofMinutes(1));

        assertThat(code(client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp))).isEqualTo(438);
        assertThat(client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp).messageClass())
                .isEqualTo(StunClass.SUCCESS);
        edge.faults().expireNonces();
        assertThat(code(client.ask(StunMethod.REFRESH, request -> request))).isEqualTo(438);
        TurnTestClient thief = client().stealNonceOf(client);
        assertThat(code(thief.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp))).isEqualTo(438);
    }

    // RFC 8489 §9.2.4: PASSWORD-ALGORITHMS with SHA-256
    @Test
    void sha256IsOfferedAndUsed() {
        config = config.withSha256(true);
        start();
        TurnTestClient client = client().loginSha256("alice", "wonderland");

        StunMessage answer = client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp);

        assertThat(answer.messageClass()).isEqualTo(StunClass.SUCCESS);
        assertThat(answer.has(MESSAGE_INTEGRITY_SHA256)).isTrue();
        assertThat(client.isSigned(answer)).isTrue();
    }

    // RFC 8656 §7.2: a retransmission is answered as the first time, another request is a mismatch
    @Test
    void secondAllocateIsAMismatchUnlessItIsARetransmission() {
        VirtualNode<EdgeEvent> server = start();
        TurnTestClient client = client().login("alice", "wonderland");
        StunMessage first = client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp);

        StunMessage again = client.repeat();

        assertThat(again.get(XOR_RELAYED_ADDRESS)).isEqualTo(first.get(XOR_RELAYED_ADDRESS));
        assertThat(code(client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp))).isEqualTo(437);
        assertThat(server.events(EdgeEvent.Allocated.class)).hasSize(1);
    }

    // RFC 8656 §7.2, steps 3 to 9
    @Test
    void allocateThatCannotBeGrantedSaysWhy() {
        start();
        TurnTestClient client = client().login("alice", "wonderland");

        assertThat(code(client.ask(StunMethod.ALLOCATE, request -> request))).isEqualTo(400);
        assertThat(code(client.ask(StunMethod.ALLOCATE, request -> request.put(REQUESTED_TRANSPORT, 6))))
                .isEqualTo(442);
        assertThat(code(client.ask(StunMethod.ALLOCATE, request -> udp(request)
                        .put(REQUESTED_ADDRESS_FAMILY, AddressFamily.IPV6))))
                .isEqualTo(440);
        StunMessage unknown =
                client.ask(StunMethod.ALLOCATE, request -> udp(request).put(DONT_FRAGMENT));
        assertThat(code(unknown)).isEqualTo(420);
        assertThat(unknown.get(UNKNOWN_ATTRIBUTES).orElseThrow()).containsExactly(DONT_FRAGMENT.type());
        edge.faults().withoutRelays(true);
        assertThat(code(client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp))).isEqualTo(508);
        edge.faults().withoutRelays(false);
        client().login("alice", "wonderland").ask(StunMethod.ALLOCATE, EdgeMachineTest::udp);
        client().login("alice", "wonderland").ask(StunMethod.ALLOCATE, EdgeMachineTest::udp);
        assertThat(code(client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp))).isEqualTo(486);
        assertThat(client().login("bob", "builder")
                        .ask(StunMethod.ALLOCATE, EdgeMachineTest::udp)
                        .messageClass())
                .isEqualTo(StunClass.SUCCESS);
    }

    // RFC 8656 §7.2: EVEN-PORT with R reserves the next port for 30 s
    @Test
    void reservedPortGoesToWhoHasTheToken() {
        start();
        StunMessage even = client().login("alice", "wonderland")
                .ask(StunMethod.ALLOCATE, request -> udp(request).put(EVEN_PORT, true));
        long token = even.get(RESERVATION_TOKEN).orElseThrow();

        StunMessage odd = client().login("alice", "wonderland")
                .ask(StunMethod.ALLOCATE, request -> udp(request).put(RESERVATION_TOKEN, token));
        StunMessage late = client().login("bob", "builder")
                .ask(StunMethod.ALLOCATE, request -> udp(request).put(RESERVATION_TOKEN, token));

        int port = even.get(XOR_RELAYED_ADDRESS).orElseThrow().getPort();
        assertThat(port % 2).isZero();
        assertThat(odd.get(XOR_RELAYED_ADDRESS).orElseThrow().getPort()).isEqualTo(port + 1);
        assertThat(code(late)).isEqualTo(508);
    }

    @Test
    void reservationEndsAfter30Seconds() {
        start();
        int before = host.boundSockets();
        client().login("alice", "wonderland")
                .ask(StunMethod.ALLOCATE, request -> udp(request).put(EVEN_PORT, true));
        assertThat(host.boundSockets()).isEqualTo(before + 2);

        net.runFor(Duration.ofSeconds(30));

        assertThat(host.boundSockets()).isEqualTo(before + 1);
    }

    // RFC 8656 §7.2: ADDITIONAL-ADDRESS-FAMILY
    @Test
    void dualAllocationHasBothFamiliesOrSaysWhichIsMissing() {
        start();
        StunMessage single = allocateDual();
        assertThat(single.get(ADDRESS_ERROR_CODE).orElseThrow().error().code()).isEqualTo(440);

        host.attach(net.internet(), "2001:db8::1");
        StunMessage dual = allocateDual();

        assertThat(dual.has(ADDRESS_ERROR_CODE)).isFalse();
        assertThat(TurnTestClient.relayedAddresses(dual))
                .containsExactly(Addresses.socket("192.0.2.1", 60_001), Addresses.socket("2001:db8::1", 60_002));
    }

    private StunMessage allocateDual() {
        return client().login("alice", "wonderland")
                .ask(StunMethod.ALLOCATE, request -> udp(request).put(ADDITIONAL_ADDRESS_FAMILY, AddressFamily.IPV6));
    }

    // RFC 8656 §8.2
    @Test
    void refreshProlongsAndZeroReleases() {
        config = config.withNonceLifetime(Duration.ofHours(10));
        VirtualNode<EdgeEvent> server = start();
        TurnTestClient client = allocated();
        net.runFor(Duration.ofSeconds(590));

        StunMessage refreshed = client.ask(StunMethod.REFRESH, request -> request.put(LIFETIME, 10_000L));
        assertThat(refreshed.get(LIFETIME)).hasValue(3_600L);
        net.runFor(Duration.ofSeconds(3_590));
        assertThat(server.events(EdgeEvent.Released.class)).isEmpty();
        StunMessage released = client.ask(StunMethod.REFRESH, request -> request.put(LIFETIME, 0L));

        assertThat(released.get(LIFETIME)).hasValue(0L);
        assertThat(server.events(EdgeEvent.Released.class))
                .extracting(EdgeEvent.Released::expired)
                .containsExactly(false);
        assertThat(code(client.ask(StunMethod.REFRESH, request -> request))).isEqualTo(437);
        assertThat(host.boundSockets()).isEqualTo(1);
    }

    @Test
    void allocationExpiresAndItsSocketIsGivenBack() {
        VirtualNode<EdgeEvent> server = start();
        allocated();

        net.runFor(Duration.ofSeconds(600));

        assertThat(server.events(EdgeEvent.Released.class))
                .extracting(EdgeEvent.Released::expired)
                .containsExactly(true);
        assertThat(host.boundSockets()).isEqualTo(1);
    }

    // RFC 8489 §9.2.4 with RFC 8656 §5: another user cannot use the allocation
    @Test
    void otherUsersCredentialsAre441() {
        start();
        TurnTestClient client = allocated();

        assertThat(code(client.login("bob", "builder").ask(StunMethod.REFRESH, request -> request)))
                .isEqualTo(441);
    }

    // RFC 8656 §9, §11: nothing goes either way without a permission, by address alone
    @Test
    void dataFlowsBothWaysOnlyWithAPermission() {
        start();
        TurnTestClient client = allocated();
        client.send(peer.address(), "too early");
        peer.send(client.relayed(), "too early");
        net.runFor(Duration.ofSeconds(1));
        assertThat(peer.received()).isEmpty();
        assertThat(client.takeData()).isEmpty();

        client.ask(StunMethod.CREATE_PERMISSION, request -> request.put(XOR_PEER_ADDRESS, portOf(peer, 1)));
        client.send(peer.address(), "out");
        peer.send(client.relayed(), "in");
        net.runFor(Duration.ofSeconds(1));

        assertThat(peer.received()).extracting(Datagram::text).containsExactly("out");
        assertThat(peer.received().get(0).from()).isEqualTo(client.relayed());
        assertThat(client.takeData()).containsExactly(peer.address() + " in");
        net.runFor(Duration.ofMinutes(5));
        peer.send(client.relayed(), "too late");
        net.runFor(Duration.ofSeconds(1));
        assertThat(client.takeData()).isEmpty();
    }

    // RFC 8656 §10.2: all peers or none
    @Test
    void permissionForARefusedPeerInstallsNone() {
        VirtualNode<EdgeEvent> server = start();
        TurnTestClient client = allocated();
        edge.faults().refusePeer(Addresses.literal("10.0.0.1"));

        StunMessage answer =
                client.ask(StunMethod.CREATE_PERMISSION, request -> request.put(XOR_PEER_ADDRESS, peer.address())
                        .put(XOR_PEER_ADDRESS, Addresses.socket("10.0.0.1", 1)));

        assertThat(code(answer)).isEqualTo(403);
        assertThat(server.has(EdgeEvent.Permitted.class)).isFalse();
        assertThat(code(client.ask(
                        StunMethod.CREATE_PERMISSION,
                        request -> request.put(XOR_PEER_ADDRESS, Addresses.socket("2001:db8::5", 1)))))
                .isEqualTo(443);
        assertThat(code(client.ask(StunMethod.CREATE_PERMISSION, request -> request)))
                .isEqualTo(400);
    }

    // RFC 8656 §12
    @Test
    void channelCarriesDataBothWaysWithItsShortHeader() {
        start();
        TurnTestClient client = allocated();
        assertThat(bind(client, 0x4000, peer.address()).messageClass()).isEqualTo(StunClass.SUCCESS);

        client.sendChannelData(0x4000, "out");
        peer.send(client.relayed(), "in");
        net.runFor(Duration.ofSeconds(1));

        assertThat(peer.received()).extracting(Datagram::text).containsExactly("out");
        assertThat(client.takeData()).containsExactly("4000 in");
    }

    // RFC 8656 §12.2
    @Test
    void channelIsBoundToOnePeerAndPeerToOneChannel() {
        start();
        TurnTestClient client = allocated();
        bind(client, 0x4000, peer.address());

        assertThat(bind(client, 0x4000, peer.address()).messageClass()).isEqualTo(StunClass.SUCCESS);
        assertThat(code(bind(client, 0x4001, peer.address()))).isEqualTo(400);
        assertThat(code(bind(client, 0x4000, portOf(peer, 7)))).isEqualTo(400);
        assertThat(code(bind(client, 0x5000, portOf(peer, 7)))).isEqualTo(400);
        edge.faults().refusePeer(peer.address().getAddress());
        assertThat(code(bind(client, 0x4002, portOf(peer, 8)))).isEqualTo(403);
        net.runFor(Duration.ofSeconds(590));
        client.ask(StunMethod.REFRESH, request -> request);
        net.runFor(Duration.ofSeconds(11));
        edge.faults().allowPeer(peer.address().getAddress());
        assertThat(bind(client, 0x4001, peer.address()).messageClass()).isEqualTo(StunClass.SUCCESS);
    }

    @Test
    void twoClientsReachEachOtherByTheirRelayedAddresses() {
        start();
        TurnTestClient one = allocated();
        TurnTestClient two = allocated();
        one.ask(StunMethod.CREATE_PERMISSION, request -> request.put(XOR_PEER_ADDRESS, two.relayed()));
        two.ask(StunMethod.CREATE_PERMISSION, request -> request.put(XOR_PEER_ADDRESS, one.relayed()));

        one.send(two.relayed(), "over two relays");
        net.runFor(Duration.ofSeconds(1));

        assertThat(two.takeData()).containsExactly(one.relayed() + " over two relays");
    }

    @Test
    void faultsHappenAsOftenAsTheyAreOrdered() {
        VirtualNode<EdgeEvent> server = start();
        TurnTestClient client = allocated();
        edge.faults().fail(StunMethod.REFRESH, 500).fail(StunMethod.REFRESH, 438);

        StunMessage signed = client.ask(StunMethod.REFRESH, request -> request);
        assertThat(code(signed)).isEqualTo(500);
        assertThat(client.isSigned(signed)).isTrue();
        assertThat(code(client.ask(StunMethod.REFRESH, request -> request))).isEqualTo(438);
        edge.faults().drop(StunMethod.REFRESH, 1);
        client.tell(StunMethod.REFRESH, request -> request);
        assertThat(server.events(EdgeEvent.Ignored.class)).hasSize(1);
        edge.faults().unsigned(true);
        StunMessage unsigned = client.ask(StunMethod.REFRESH, request -> request);
        assertThat(unsigned.messageClass()).isEqualTo(StunClass.SUCCESS);
        assertThat(unsigned.has(MESSAGE_INTEGRITY)).isFalse();
    }

    // RFC 8489 §10
    @Test
    void redirectNamesTheAlternateServer() {
        start();
        InetSocketAddress other = Addresses.socket("192.0.2.77", 3478);
        edge.faults().redirect(other);

        StunMessage answer = client().login("alice", "wonderland").ask(StunMethod.ALLOCATE, EdgeMachineTest::udp);

        assertThat(code(answer)).isEqualTo(300);
        assertThat(answer.get(ALTERNATE_SERVER)).hasValue(other);
    }

    // RFC 8489 §6.3.1, §14: unknown attributes below 0x8000, and broken values
    @Test
    void whatIsNotUnderstoodIsRefusedAndRubbishIgnored() {
        VirtualNode<EdgeEvent> server = start();
        TurnTestClient client = client();
        Attribute<Long> unknown = Attribute.uint32(0x7ABC, "UNKNOWN");
        Attribute<ByteBuffer> shortLifetime = Attribute.opaque(LIFETIME.type(), "LIFETIME", 0, 2);

        StunMessage answer = client.ask(StunMethod.BINDING, request -> request.put(unknown, 1L));
        client.socket().send(Addresses.socket("192.0.2.1", 3_478), "\0\1\0\4rubbish that is no STUN message");
        net.runFor(Duration.ofSeconds(1));

        assertThat(code(answer)).isEqualTo(420);
        assertThat(server.unclaimed()).hasSize(1);
        assertThat(code(allocated().ask(StunMethod.REFRESH, request -> request.putBytes(shortLifetime, new byte[2]))))
                .isEqualTo(400);
    }

    @Test
    void silentServerSaysNothing() {
        start();
        TurnTestClient client = client();
        edge.faults().silent(true);

        client.tell(StunMethod.BINDING, request -> request.put(PRIORITY, 1L));

        assertThat(client.socket().received()).isEmpty();
    }

    private VirtualNode<EdgeEvent> start() {
        clientHost.link(LinkConditions.ofMillis(5));
        edge = new EdgeMachine(config, RelaySockets.on(host), new Random(1));
        Base base = host.bind(3_478);
        edge.listen(base);
        return host.run(edge);
    }

    private TurnTestClient client() {
        return new TurnTestClient(net, clientHost.socket(0), Addresses.socket("192.0.2.1", 3_478));
    }

    private TurnTestClient allocated() {
        TurnTestClient client = client().login("alice", "wonderland");
        client.allocated(client.ask(StunMethod.ALLOCATE, EdgeMachineTest::udp));
        return client;
    }

    private static StunMessage bind(TurnTestClient client, int channel, InetSocketAddress to) {
        return client.ask(StunMethod.CHANNEL_BIND, request -> request.put(CHANNEL_NUMBER, channel)
                .put(XOR_PEER_ADDRESS, to));
    }

    private static InetSocketAddress portOf(VirtualSocket socket, int port) {
        return new InetSocketAddress(socket.address().getAddress(), port);
    }

    private static StunWriter udp(StunWriter request) {
        return request.put(REQUESTED_TRANSPORT, 17);
    }

    private static int code(StunMessage message) {
        return message.get(ERROR_CODE).orElseThrow().code();
    }
}
