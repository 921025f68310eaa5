// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.stun.Attributes.CONNECTION_ID;
import static org.icepath.stun.Attributes.LIFETIME;
import static org.icepath.stun.Attributes.MESSAGE_INTEGRITY;
import static org.icepath.stun.Attributes.NONCE;
import static org.icepath.stun.Attributes.REALM;
import static org.icepath.stun.Attributes.REQUESTED_TRANSPORT;
import static org.icepath.stun.Attributes.XOR_PEER_ADDRESS;
import static org.icepath.stun.Attributes.XOR_RELAYED_ADDRESS;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.turn.TurnFailure.Kind;
import org.icepath.turn.wire.RawStream;
import org.icepath.turn.wire.StunFraming;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6062: connections to and from peers, against a server that the test plays. */
class TcpRelayTest {

    private static final IntegrityKey KEY = IntegrityKey.longTerm("alice", "example.org", "s3cret");
    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3_478);
    private static final InetSocketAddress RELAYED = new InetSocketAddress("192.0.2.1", 50_000);
    private static final InetSocketAddress PEER = new InetSocketAddress("203.0.113.1", 5_000);
    private static final Cause ENDED = new Cause(Cause.Kind.REFUSED, "the other end closed the connection");

    private final Base control = new Base(7, Transport.TCP, new InetSocketAddress("198.51.100.1", 0));
    private final List<String> received = new ArrayList<>();
    private final Driver driver = new Driver();
    private final TurnAllocation allocation = new TurnAllocation(
            AllocationSettings.of(
                            control,
                            100,
                            TurnServer.parse("turn:192.0.2.1?transport=tcp").credentials("alice", "s3cret"),
                            SERVER)
                    .withOptions(AllocationOptions.NONE.withTransport(RelayedTransport.tcp(RawStream.INSTANCE))),
            TurnDialect.RFC8656,
            new Random(1),
            (base, peer, data) -> received.add(UTF_8.decode(data) + " at " + base.id()));

    @BeforeEach
    void allocate() {
        allocation.allocate(0);
        step();
        allocation.opened(0, control);
        step();
        answer(driver.last(), challenge(driver.last()));
        StunMessage request = driver.last().message();
        assertThat(request.get(REQUESTED_TRANSPORT)).contains(6);
        succeed(
                driver.last(),
                success(driver.last()).put(XOR_RELAYED_ADDRESS, RELAYED).putUint32(LIFETIME, 600));
        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(allocation.relayBase().orElseThrow().transport()).isEqualTo(Transport.TCP);
    }

    private void step() {
        allocation.drainTo(driver);
    }

    private void answer(Sent request, StunWriter answer) {
        allocation.handle(1, request.base(), SERVER, answer.finish());
        step();
    }

    private static StunWriter challenge(Sent request) {
        return StunWriter.into(ByteBuffer.allocate(500))
                .errorResponse(request.message(), 401, "who?")
                .put(REALM, "example.org")
                .put(NONCE, "once");
    }

    private static StunWriter success(Sent request) {
        StunMessage asked = request.message();
        return StunWriter.into(ByteBuffer.allocate(500)).success(asked.method(), asked.transactionId());
    }

    private void succeed(Sent request, StunWriter answer) {
        answer(request, answer.integrity(KEY));
    }

    private Base connected() {
        allocation.connect(1, PEER);
        step();
        succeed(driver.last(), success(driver.last()).putUint32(CONNECTION_ID, 42));
        Base data = driver.opened.get(driver.opened.size() - 1);
        allocation.opened(1, data);
        step();
        succeed(driver.last(), success(driver.last()));
        return data;
    }

    // RFC 6062 §4.3
    @Test
    void theServerConnectsToAPeerAndASecondConnectionCarriesTheData() {
        allocation.connect(1, PEER);
        step();
        Sent connect = driver.last();
        assertThat(connect.message().method()).isEqualTo(StunMethod.CONNECT);
        assertThat(connect.message().get(XOR_PEER_ADDRESS)).contains(PEER);
        assertThat(connect.base()).isEqualTo(control);

        succeed(connect, success(connect).putUint32(CONNECTION_ID, 42));
        Base data = driver.opened.get(1);
        assertThat(driver.framings.get(1)).isEqualTo(StunFraming.INSTANCE);
        allocation.opened(1, data);
        step();
        Sent bind = driver.last();
        assertThat(bind.base()).isEqualTo(data);
        assertThat(bind.message().method()).isEqualTo(StunMethod.CONNECTION_BIND);
        assertThat(bind.message().get(CONNECTION_ID)).contains(42L);
        assertThat(bind.message().has(MESSAGE_INTEGRITY)).isTrue();
        assertThat(driver.reframed).isEmpty();

        succeed(bind, success(bind));
        assertThat(driver.events(TurnEvent.PeerConnected.class))
                .containsExactly(new TurnEvent.PeerConnected(data, PEER, false));
        assertThat(driver.reframed).containsExactly(data + " raw");
        allocation.handle(2, data, SERVER, ByteBuffer.wrap(new byte[] {'h', 'i'}));

        assertThat(received).containsExactly("hi at " + data.id());
        assertThat(data.id()).isNotIn(7L, 100L, 101L);
    }

    // What a peer sends may look like a message of the server's; on a bound connection it is data.
    @Test
    void whatLooksLikeAMessageOnABoundConnectionIsData() {
        Base data = connected();
        ByteBuffer like = StunWriter.into(ByteBuffer.allocate(100))
                .indication(StunMethod.CONNECTION_ATTEMPT, TransactionId.next(new Random(3)))
                .put(XOR_PEER_ADDRESS, PEER)
                .putUint32(CONNECTION_ID, 43)
                .finish();

        allocation.handle(2, data, SERVER, like);
        step();

        assertThat(received).hasSize(1);
        assertThat(driver.opened).hasSize(2);
    }

    // RFC 6062 §4.4: a peer that is permitted connects to the relayed address.
    @Test
    void aPeerConnectsToUs() {
        attempt(PEER, 77);
        assertThat(driver.opened).as("not permitted").hasSize(1);
        allocation.permit(1, List.of(PEER.getAddress()));
        step();
        succeed(driver.last(), success(driver.last()));

        attempt(PEER, 77);
        attempt(PEER, 77);
        assertThat(driver.opened).as("the same attempt once").hasSize(2);
        Base data = driver.opened.get(1);
        allocation.opened(1, data);
        step();
        assertThat(driver.last().message().get(CONNECTION_ID)).contains(77L);
        succeed(driver.last(), success(driver.last()));

        assertThat(driver.events(TurnEvent.PeerConnected.class))
                .containsExactly(new TurnEvent.PeerConnected(data, PEER, true));
    }

    private void attempt(InetSocketAddress peer, long id) {
        allocation.handle(
                1,
                control,
                SERVER,
                StunWriter.into(ByteBuffer.allocate(100))
                        .indication(StunMethod.CONNECTION_ATTEMPT, TransactionId.next(new Random(id)))
                        .put(XOR_PEER_ADDRESS, peer)
                        .putUint32(CONNECTION_ID, id)
                        .finish());
        step();
    }

    // RFC 6062 §4.3, §6.3
    @ParameterizedTest
    @CsvSource({"447, PEER_UNREACHABLE", "446, OTHER", "403, FORBIDDEN"})
    void aConnectionThatTheServerRefusesFailsAlone(int code, Kind kind) {
        allocation.connect(1, PEER);
        step();
        answer(
                driver.last(),
                StunWriter.into(ByteBuffer.allocate(500))
                        .errorResponse(driver.last().message(), code, "no")
                        .integrity(KEY));

        assertThat(driver.events(TurnEvent.PeerConnectFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.failure().kind()).isEqualTo(kind));
        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATED);
    }

    @Test
    void aDataConnectionThatCannotBeMadeFailsAlone() {
        allocation.connect(1, PEER);
        step();
        succeed(driver.last(), success(driver.last()).putUint32(CONNECTION_ID, 42));

        allocation.closed(1, driver.opened.get(1), ENDED);
        step();

        assertThat(driver.events(TurnEvent.PeerConnectFailed.class)).hasSize(1);
        assertThat(allocation.state()).isEqualTo(AllocationState.ALLOCATED);
    }

    // RFC 6062 §4.5: a late ConnectionBind is refused.
    @Test
    void aRefusedBindClosesTheDataConnection() {
        allocation.connect(1, PEER);
        step();
        succeed(driver.last(), success(driver.last()).putUint32(CONNECTION_ID, 42));
        Base data = driver.opened.get(1);
        allocation.opened(1, data);
        step();
        answer(
                driver.last(),
                StunWriter.into(ByteBuffer.allocate(500))
                        .errorResponse(driver.last().message(), 400, "too late")
                        .integrity(KEY));

        assertThat(driver.closed).containsExactly(data);
        assertThat(driver.events(TurnEvent.PeerConnectFailed.class)).hasSize(1);
    }

    @Test
    void aConnectionEndsByEitherSide() {
        Base one = connected();
        allocation.closed(2, one, ENDED);
        step();
        assertThat(driver.events(TurnEvent.PeerDisconnected.class))
                .containsExactly(new TurnEvent.PeerDisconnected(one, PEER, ENDED));

        Base two = connected();
        allocation.disconnect(2, two);
        step();
        assertThat(driver.closed).containsExactly(two);
        assertThat(driver.events(TurnEvent.PeerDisconnected.class)).hasSize(1);
        assertThat(allocation.handle(3, two, SERVER, ByteBuffer.wrap(new byte[] {1})))
                .isFalse();
    }

    @Test
    void theEndOfTheAllocationEndsAllConnections() {
        Base data = connected();

        allocation.closed(2, control, ENDED);
        step();

        assertThat(driver.closed).contains(data);
        assertThat(driver.events(TurnEvent.PeerDisconnected.class)).hasSize(1);
        assertThat(driver.events(TurnEvent.Failed.class)).hasSize(1);
    }

    // A hostile server opens no more than that.
    @Test
    void moreAttemptsThanTheLimitAreIgnored() {
        allocation.permit(1, List.of(PEER.getAddress()));
        step();
        for (int id = 0; id < 1_000; id++) {
            attempt(PEER, id);
        }

        assertThat(driver.opened).hasSize(1 + PeerConnections.MOST);
        allocation.connect(1, PEER);
        step();
        assertThat(driver.events(TurnEvent.PeerConnectFailed.class))
                .singleElement()
                .satisfies(failed -> assertThat(failed.failure().kind()).isEqualTo(Kind.TOO_MANY));
    }

    @Test
    void tcpIsRelayedOverStreamsAndWithoutChannels() {
        allocation.bindChannel(1, PEER);
        step();
        assertThat(driver.events(TurnEvent.ChannelRefused.class)).hasSize(1);
        assertThat(allocation.transmitTo(1, PEER, ByteBuffer.allocate(1), driver))
                .isFalse();
        Base udp = new Base(1, Transport.UDP, new InetSocketAddress("198.51.100.1", 1));
        AllocationOptions tcp = AllocationOptions.NONE.withTransport(RelayedTransport.tcp(RawStream.INSTANCE));
        AllocationSettings settings = AllocationSettings.of(udp, 1, TurnServer.parse("turn:192.0.2.1"), SERVER);
        assertThatThrownBy(() -> settings.withOptions(tcp)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(tcp::withMobility).isInstanceOf(IllegalArgumentException.class);
    }

    private record Sent(Base base, ByteBuffer datagram) {
        StunMessage message() {
            return new StunMessage().wrap(datagram);
        }
    }

    private static final class Driver implements Output<TurnEvent> {
        private final List<Sent> sent = new ArrayList<>();
        private final List<Base> opened = new ArrayList<>();
        private final List<Framing> framings = new ArrayList<>();
        private final List<Base> closed = new ArrayList<>();
        private final List<String> reframed = new ArrayList<>();
        private final List<TurnEvent> events = new ArrayList<>();

        Sent last() {
            return sent.get(sent.size() - 1);
        }

        <E> List<E> events(Class<E> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }

        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload.duplicate());
            sent.add(new Sent(base, copy.flip()));
        }

        @Override
        public void event(TurnEvent event) {
            events.add(event);
        }

        @Override
        public void open(Base base, InetSocketAddress to, Framing framing) {
            opened.add(base);
            framings.add(framing);
        }

        @Override
        public void reframe(Base base, Framing framing) {
            reframed.add(base + " " + framing);
        }

        @Override
        public void close(Base base) {
            closed.add(base);
        }
    }
}
