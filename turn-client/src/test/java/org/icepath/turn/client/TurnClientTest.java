// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.assertj.core.api.AbstractThrowableAssert;
import org.icepath.connection.ConnectionSettings;
import org.icepath.net.EventLoops;
import org.icepath.net.NameResolver;
import org.icepath.net.OpenSockets;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.turn.AllocationOptions;
import org.icepath.turn.TurnFailure.Kind;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TurnClientTest {

    private static final int MTU = 1_200;

    private final EdgeServer edge = EdgeServer.start(EdgeConfig.create().user("alice", "s3cret"));
    private final EventLoops loops = EventLoops.start(1);
    private final TurnClient client = TurnClient.over(loops);
    private final TurnServer server = at(edge.address()).credentials("alice", "s3cret");
    private final DatagramSocket peer;

    TurnClientTest() throws Exception {
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setSoTimeout(30_000);
    }

    @AfterEach
    void tearDown() {
        peer.close();
        client.close();
        loops.close();
        edge.close();
    }

    private static TurnServer at(InetSocketAddress address) {
        return TurnServer.parse("turn:127.0.0.1:" + address.getPort());
    }

    private TurnRelay allocate() throws Exception {
        return client.allocate(server).get(30, SECONDS);
    }

    private InetSocketAddress peerAddress() {
        return (InetSocketAddress) peer.getLocalSocketAddress();
    }

    private DatagramPacket hear() throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        peer.receive(packet);
        return packet;
    }

    private static String text(DatagramPacket packet) {
        return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    }

    /** Asks the server something on its event loop, and waits for it: packets may overtake a task there. */
    private <T> T ask(Function<EdgeMachine, T> question) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        edge.act(machine -> answer.complete(question.apply(machine)));
        return answer.get(30, SECONDS);
    }

    private int allocations() throws Exception {
        return ask(EdgeMachine::allocationCount);
    }

    private static AbstractThrowableAssert<?, ?> assertFails(CompletableFuture<?> future, Kind kind) {
        return assertThatThrownBy(() -> future.get(30, SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TurnException.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(kind));
    }

    @Test
    void dataCrossesTheRelayByIndicationAndByChannel() throws Exception {
        TurnRelay relay = allocate();
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        relay.onReceive((from, data) -> received.add(UTF_8.decode(data) + " from " + from.getPort()));
        relay.permit(peerAddress().getAddress()).get(30, SECONDS);

        assertThat(relay.send(peerAddress(), UTF_8.encode("by indication"))).isTrue();
        DatagramPacket first = hear();
        relay.bindChannel(peerAddress()).get(30, SECONDS);
        relay.send(peerAddress(), UTF_8.encode("by channel"));
        DatagramPacket second = hear();
        peer.send(new DatagramPacket(new byte[] {'h', 'i'}, 2, first.getSocketAddress()));

        assertThat(text(first)).isEqualTo("by indication");
        assertThat(text(second)).isEqualTo("by channel");
        assertThat(((InetSocketAddress) first.getSocketAddress()).getPort())
                .isEqualTo(relay.relayedAddress().getPort());
        assertThat(received.poll(30, SECONDS))
                .isEqualTo("hi from " + peerAddress().getPort());
        assertThat(relay.mappedAddress().getAddress().isLoopbackAddress()).isTrue();
    }

    // The channel stands, and would carry it; what is too long for the way is not sent in pieces.
    @Test
    void whatNoRouterMayFragmentGoesWholeOrNotAtAll() throws Exception {
        EdgeConfig narrow = EdgeConfig.create().user("alice", "s3cret").withPathMtu(MTU);
        RelaySettings settings = RelaySettings.create().withOptions(AllocationOptions.NONE.withDontFragment());
        try (EdgeServer server = EdgeServer.start(narrow)) {
            TurnRelay relay = client.allocate(at(server.address()).credentials("alice", "s3cret"), settings)
                    .get(30, SECONDS);
            relay.permit(peerAddress().getAddress()).get(30, SECONDS);
            relay.bindChannel(peerAddress()).get(30, SECONDS);

            assertThat(relay.sendWhole(peerAddress(), ByteBuffer.allocate(MTU + 1)))
                    .isTrue();
            assertThat(relay.sendWhole(peerAddress(), ByteBuffer.allocate(MTU))).isTrue();
            int first = hear().getLength();
            relay.send(peerAddress(), ByteBuffer.allocate(MTU + 2));

            assertThat(first).isEqualTo(MTU);
            assertThat(hear().getLength()).isEqualTo(MTU + 2);
        }
    }

    @Test
    void whatIsGrantedAlreadyIsAnsweredAtOnce() throws Exception {
        TurnRelay relay = allocate();

        CompletableFuture<Void> first = relay.permit(peerAddress().getAddress());
        CompletableFuture<Void> second = relay.permit(peerAddress().getAddress());
        first.get(30, SECONDS);
        second.get(30, SECONDS);

        relay.permit(peerAddress().getAddress()).get(30, SECONDS);
        relay.bindChannel(peerAddress()).get(30, SECONDS);
        relay.bindChannel(peerAddress()).get(30, SECONDS);
    }

    @Test
    void aRefusedPeerFailsItsOwnFutureOnly() throws Exception {
        TurnRelay relay = allocate();
        InetAddress bad = InetAddress.getByName("127.0.0.9");
        ask(machine -> machine.faults().refusePeer(bad));

        CompletableFuture<Void> refused = relay.permit(bad);
        CompletableFuture<Void> granted = relay.permit(peerAddress().getAddress());

        assertFails(refused, Kind.FORBIDDEN);
        granted.get(30, SECONDS);
    }

    @Test
    void wrongCredentialsFailTheFutureWithTheReason() {
        assertFails(client.allocate(server.credentials("alice", "wrong")), Kind.UNAUTHORIZED);
    }

    @Test
    void aServerWithoutRoomFailsTheFutureAndLeavesNothingBehind() throws Exception {
        ask(machine -> machine.faults().fail(StunMethod.ALLOCATE, ErrorCode.INSUFFICIENT_CAPACITY, 2));

        assertFails(client.allocate(server), Kind.NO_CAPACITY);
    }

    // RFC 8656 §7.4: another local port is tried where the server knows another allocation of this one.
    @Test
    void anAllocationMismatchIsTriedFromAnotherPort() throws Exception {
        ask(machine -> machine.faults().fail(StunMethod.ALLOCATE, ErrorCode.ALLOCATION_MISMATCH, 4));

        assertThat(allocate().relayedAddress()).isNotNull();
    }

    @Test
    void aNameWithoutAddressesFailsTheFuture() {
        assertFails(client.allocate(TurnServer.parse("turn:" + "x".repeat(64) + ".invalid")), Kind.UNREACHABLE);
    }

    @Test
    void closingARelayReleasesTheAllocationAndEndsEverythingThatWaits() throws Exception {
        TurnRelay relay = allocate();
        assertThat(allocations()).isEqualTo(1);
        ask(machine -> machine.faults().drop(StunMethod.CREATE_PERMISSION, 100));
        CompletableFuture<Void> pending = relay.permit(peerAddress().getAddress());

        relay.close();
        relay.close();

        assertThat(allocations()).isZero();
        assertFails(pending, Kind.RELEASED);
        assertFails(relay.permit(peerAddress().getAddress()), Kind.RELEASED);
        assertThat(relay.closed()).isCompleted();
        assertThat(relay.send(peerAddress(), ByteBuffer.allocate(1))).isFalse();
    }

    @Test
    void closingTheClientClosesItsRelays() throws Exception {
        allocate();
        allocate();
        assertThat(allocations()).isEqualTo(2);

        client.close();
        client.close();

        assertThat(allocations()).isZero();
        assertFails(client.allocate(server), Kind.RELEASED);
    }

    // Architecture §7.6: bounded in time though the server is gone. A whole transaction takes 39.5 s (RFC 8489 §6.2.1).
    @Test
    void closingIsBoundedWhereTheServerIsSilent() throws Exception {
        TurnRelay relay = allocate();
        ask(machine -> machine.faults().silent(true));
        long started = System.nanoTime();

        relay.close();

        assertThat(System.nanoTime() - started).isLessThan(SECONDS.toNanos(20));
        assertThat(relay.closed()).isCompleted();
    }

    @Test
    void closingOnTheEventLoopDoesNotWait() throws Exception {
        TurnRelay relay = allocate();
        relay.onReceive((from, data) -> relay.close());
        relay.permit(peerAddress().getAddress()).get(30, SECONDS);

        peer.send(new DatagramPacket(
                new byte[1],
                1,
                InetAddress.getLoopbackAddress(),
                relay.relayedAddress().getPort()));

        relay.closed().get(30, SECONDS);
    }

    @Test
    void anotherThreadsBurstArrivesInOrder() throws Exception {
        TurnRelay relay = allocate();
        relay.bindChannel(peerAddress()).get(30, SECONDS);

        for (int i = 0; i < 50; i++) {
            relay.send(peerAddress(), UTF_8.encode("packet " + i));
        }

        for (int i = 0; i < 50; i++) {
            assertThat(text(hear())).isEqualTo("packet " + i);
        }
    }

    // Architecture §7: what was opened is closed again.
    @Test
    void aHundredRelaysLeaveNoDescriptorBehind() throws Exception {
        allocate().close();
        OpenSockets before = OpenSockets.now();

        for (int i = 0; i < 100; i++) {
            allocate().close();
        }

        before.assertNoMoreThanBefore(2); // the server may not have replaced yet what it keeps ready
        assertThat(allocations()).isZero();
    }

    // whoever waits for a relay is told that none comes, also where the server is still being looked for
    @Test
    void aClientThatIsClosedFailsWhatWaitsForAName() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            NameResolver names =
                    new NameResolver(loops, loops.next(), List.of((InetSocketAddress) silent.getLocalSocketAddress()));
            TurnClient closing = TurnClient.over(loops, ConnectionSettings.create(), names);
            CompletableFuture<TurnRelay> relay = closing.allocate(TurnServer.parse("turn:nowhere.test:3478"));
            assertThat(relay).isNotDone();

            closing.close();

            assertThat(relay).isDone();
            assertFails(relay, Kind.RELEASED);
        }
    }
}
