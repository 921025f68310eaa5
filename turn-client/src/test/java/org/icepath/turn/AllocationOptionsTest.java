// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.Attributes;
import org.icepath.stun.IcmpError;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.network.VirtualSocket;
import org.icepath.turn.TurnFailure.Kind;
import org.junit.jupiter.api.Test;

/** What an Allocate request may ask for beside an address, and what comes of it (RFC 8656 §7). */
class AllocationOptionsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static EdgeScene scene(EdgeConfig config, AllocationOptions options) {
        return new EdgeScene(config, EdgeScene.ALICE, settings -> settings.withOptions(options));
    }

    // RFC 8656 §7.3: two XOR-RELAYED-ADDRESS; one permission request may name peers of both families (§10.1).
    @Test
    void oneAllocationRelaysToPeersOfBothFamilies() {
        EdgeScene scene = scene(EdgeScene.CONFIG, AllocationOptions.NONE.withBothFamilies());
        InetSocketAddress four = scene.peer.address();
        InetSocketAddress six = new InetSocketAddress("2001:db8:1::1", four.getPort());
        VirtualSocket sixth = scene.peerHost.socket(six.getAddress(), six.getPort());
        scene.client.act((now, machine) -> scene.allocation.permit(now, List.of(four.getAddress(), six.getAddress())));

        scene.allocated();
        scene.runFor(SECOND);
        TurnEvent.AdditionallyAllocated additional = scene.await(TurnEvent.AdditionallyAllocated.class);
        scene.send(four, "by four");
        scene.send(six, "by six");
        scene.runFor(SECOND);
        scene.peer.send(scene.allocation.relayBase().orElseThrow().address(), "back by four");
        scene.client.act((now, machine) -> scene.allocation.bindChannel(now, six));
        scene.runFor(SECOND);
        scene.send(six, "by channel");
        scene.runFor(SECOND);

        assertThat(additional.relayBase().id()).isEqualTo(99);
        assertThat(additional.relayBase().address().getAddress()).isInstanceOf(Inet6Address.class);
        assertThat(scene.allocation.additionalRelayBase()).contains(additional.relayBase());
        assertThat(scene.heardByPeer()).containsExactly("by four");
        assertThat(sixth.received()).extracting(VirtualSocket.Datagram::text).containsExactly("by six", "by channel");
        assertThat(scene.received).containsExactly("back by four at 98");
    }

    // RFC 8656 §7.3, §18.12
    @Test
    void theFamilyThatTheServerLacksIsNamedAndTheOtherStands() {
        EdgeScene scene = new EdgeScene(
                EdgeScene.CONFIG,
                EdgeScene.ALICE,
                settings -> settings.withOptions(AllocationOptions.NONE.withBothFamilies()),
                "192.0.2.1");

        scene.allocated();

        TurnEvent.AdditionalRefused refused = scene.await(TurnEvent.AdditionalRefused.class);
        assertThat(refused.family()).isEqualTo(AddressFamily.IPV6);
        assertThat(refused.failure().code()).isEqualTo(440);
        assertThat(refused.failure().kind()).isEqualTo(Kind.FAMILY_NOT_SUPPORTED);
        InetSocketAddress six = new InetSocketAddress("2001:db8:1::1", 5_000);
        scene.client.act((now, machine) -> scene.allocation.permit(now, List.of(six.getAddress())));
        assertThat(scene.await(TurnEvent.PermissionRefused.class).failure().kind())
                .isEqualTo(Kind.FAMILY_NOT_SUPPORTED);
    }

    // A server of RFC 6156 skips ADDITIONAL-ADDRESS-FAMILY, which it need not understand.
    @Test
    void aServerThatDoesNotKnowOfSecondAddressesGivesOne() {
        TurnScene scene = new TurnScene(
                1,
                TurnScene.SERVER,
                TurnDialect.RFC8656,
                settings -> settings.withOptions(AllocationOptions.NONE.withBothFamilies()));

        scene.allocated();

        assertThat(scene.client.events(TurnEvent.AdditionalRefused.class))
                .extracting(TurnEvent.AdditionalRefused::family)
                .containsExactly(AddressFamily.IPV6);
        assertThat(scene.allocation.additionalRelayBase()).isEmpty();
    }

    // RFC 8656 §7.1: an RTP port, and the next one for RTCP.
    @Test
    void anEvenPortAndTheNextOneGoToTwoAllocations() {
        EdgeScene scene = scene(EdgeScene.CONFIG, AllocationOptions.NONE.withPort(PortRequest.EVEN_AND_NEXT));
        scene.allocated();
        long token = scene.await(TurnEvent.PortReserved.class).token();
        int rtp = scene.allocation.relayBase().orElseThrow().address().getPort();

        int rtcp = scene.second(AllocationOptions.NONE.withPort(PortRequest.reserved(token)));

        assertThat(rtp % 2).isZero();
        assertThat(rtcp).isEqualTo(rtp + 1);
    }

    @Test
    void anEvenPortAloneReservesNothing() {
        EdgeScene scene = scene(EdgeScene.CONFIG, AllocationOptions.NONE.withPort(PortRequest.EVEN))
                .allocated();

        assertThat(scene.allocation.relayBase().orElseThrow().address().getPort() % 2)
                .isZero();
        assertThat(scene.client.has(TurnEvent.PortReserved.class)).isFalse();
    }

    // RFC 8656 §14; §11.5: the ICMP message that comes of it is told.
    @Test
    void whatMustNotBeFragmentedGoesWholeOrIsAnsweredByIcmp() {
        EdgeScene scene = scene(EdgeScene.CONFIG.withPathMtu(1_200), AllocationOptions.NONE.withDontFragment())
                .allocated();
        InetSocketAddress peer = scene.peer.address();
        scene.client.act((now, machine) -> scene.allocation.permit(now, List.of(peer.getAddress())));
        scene.runFor(SECOND);

        scene.sendWhole(peer, "x".repeat(1_200));
        scene.sendWhole(peer, "y".repeat(1_201));
        scene.runFor(SECOND);

        assertThat(scene.heardByPeer()).containsExactly("x".repeat(1_200));
        assertThat(scene.client.events(TurnEvent.IcmpReceived.class))
                .containsExactly(new TurnEvent.IcmpReceived(peer, new IcmpError(3, 4, 1_200)));
    }

    // RFC 8656 §7.4: 420 names what the server does not know; it is not needed for an allocation.
    @Test
    void aServerThatCannotForbidFragmentationIsAskedWithoutIt() {
        EdgeScene scene = scene(EdgeScene.CONFIG, AllocationOptions.NONE.withDontFragment())
                .allocated();

        scene.await(TurnEvent.DontFragmentRefused.class);
        scene.sendWhole(scene.peer.address(), "whole");
        scene.runFor(SECOND);

        assertThat(scene.user.refusedSends).isEqualTo(1);
        assertThat(scene.heardByPeer()).isEmpty();
    }

    // RFC 8656 §11.5
    @Test
    void anUnreachablePeerIsToldOf() {
        EdgeScene scene = new EdgeScene(EdgeScene.CONFIG).allocated();
        scene.peerHost.refuseClosedPorts(true);
        InetSocketAddress nobody = new InetSocketAddress(scene.peer.address().getAddress(), 9);
        scene.client.act((now, machine) -> scene.allocation.permit(now, List.of(nobody.getAddress())));
        scene.runFor(SECOND);

        scene.send(nobody, "hello?");
        scene.runFor(SECOND);

        assertThat(scene.client.events(TurnEvent.IcmpReceived.class))
                .containsExactly(new TurnEvent.IcmpReceived(nobody, new IcmpError(3, 3, 0)));
        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);
    }

    // Whoever forges an indication must name a peer that we deal with.
    @Test
    void icmpForAPeerWithoutPermissionIsDropped() {
        TurnScene scene = new TurnScene(1).allocated();

        scene.server.send(
                scene.base.address(),
                StunWriter.into(ByteBuffer.allocate(100))
                        .indication(StunMethod.DATA, TransactionId.next(new Random(4)))
                        .put(Attributes.XOR_PEER_ADDRESS, scene.peer.address())
                        .put(Attributes.ICMP, new IcmpError(3, 1, 0)));
        scene.runFor(SECOND);

        assertThat(scene.client.has(TurnEvent.IcmpReceived.class)).isFalse();
        assertThat(scene.allocation.refusedInbound()).isEqualTo(1);
    }

    // coturn 4.6.1 knows the attribute by the number of draft-ietf-tram-turn-ssoda.
    @Test
    void aServerThatKnowsTheDraftGivesBothFamiliesToo() {
        TurnScene scene = new TurnScene(
                1,
                TurnScene.SERVER,
                TurnDialect.RFC8656,
                settings -> settings.withOptions(AllocationOptions.NONE.withBothFamilies()));
        InetSocketAddress six = new InetSocketAddress("2001:db8::9", 50_001);
        scene.server.script((request, from) -> {
            boolean wanted = request.get(Attributes.ADDITIONAL_ADDRESS_FAMILY_DRAFT)
                    .filter(AddressFamily.IPV6::equals)
                    .isPresent();
            if (!wanted || !request.has(Attributes.MESSAGE_INTEGRITY)) {
                return false;
            }
            scene.server.send(
                    from,
                    scene.server
                            .success(request)
                            .put(Attributes.XOR_RELAYED_ADDRESS, scene.server.relay.address())
                            .put(Attributes.XOR_RELAYED_ADDRESS, six)
                            .putUint32(Attributes.LIFETIME, 600)
                            .integrity(ScriptedServer.KEY));
            return true;
        });

        scene.allocated();

        assertThat(scene.allocation.additionalRelayBase().orElseThrow().address())
                .isEqualTo(six);
    }

    // RFC 8656 §7.1
    @Test
    void whatAServerWouldRefuseCannotBeWished() {
        AllocationOptions reserving = AllocationOptions.NONE.withPort(PortRequest.EVEN_AND_NEXT);

        assertThatThrownBy(reserving::withBothFamilies).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AllocationOptions.NONE.withBothFamilies().withPort(PortRequest.reserved(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // RFC 8656 §7.4: 440 is about the family and not about the client; a request for the other one is another request.
    @Test
    void aServerThatDoesNotRelayTheFamilyIsAskedForTheOther() {
        EdgeScene scene = new EdgeScene(
                EdgeScene.CONFIG,
                EdgeScene.ALICE,
                settings -> settings.withFamily(AddressFamily.IPV6).withOptions(AllocationOptions.NONE.withAnyFamily()),
                "192.0.2.1");
        scene.client.act((now, machine) ->
                scene.allocation.permit(now, List.of(scene.peer.address().getAddress())));

        scene.allocated();
        scene.await(TurnEvent.PermissionGranted.class);

        assertThat(scene.allocation.relayBase().orElseThrow().address().getAddress())
                .isInstanceOf(Inet4Address.class);
        assertThat(scene.client.events(TurnEvent.AdditionalRefused.class))
                .extracting(TurnEvent.AdditionalRefused::family, refused -> refused.failure()
                        .code())
                .containsExactly(tuple(AddressFamily.IPV6, 440));
    }

    @Test
    void aServerThatRelaysNeitherFamilyIsAskedForEachOnce() {
        TurnScene scene = new TurnScene(
                1,
                TurnScene.SERVER,
                TurnDialect.RFC8656,
                settings -> settings.withOptions(
                        AllocationOptions.NONE.withBothFamilies().withAnyFamily()));
        scene.server.refuse(
                request -> request.method().equals(StunMethod.ALLOCATE) && request.has(Attributes.USERNAME), 440);

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(TurnFailure.Kind.FAMILY_NOT_SUPPORTED);
    }
}
