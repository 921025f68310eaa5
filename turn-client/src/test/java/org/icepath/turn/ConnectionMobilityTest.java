// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMethod;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.testkit.network.VirtualSocket;
import org.icepath.turn.TurnFailure.Kind;
import org.icepath.turn.wire.StunFraming;
import org.junit.jupiter.api.Test;

/** RFC 8016 over connections: the allocation outlives the connection that it was made over. */
class ConnectionMobilityTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String WIRE = "198.51.100.1";
    private static final String RADIO = "198.51.100.2";

    private final VirtualNetwork network = new VirtualNetwork(5);
    private final VirtualHost serverHost = network.internet().host("server", "192.0.2.1");
    private final EdgeMachine edge = new EdgeMachine(
            EdgeConfig.create().user("alice", "s3cret").withMobility(), RelaySockets.on(serverHost), new Random(1));
    private final InetSocketAddress serverAddress = serverHost
            .listen(serverHost.addresses().get(0), 3_478, StunFraming.INSTANCE)
            .address();
    private final VirtualNode<EdgeEvent> server = serverHost.run(edge);
    private final VirtualSocket peer =
            network.internet().host("peer", "203.0.113.1").socket(5_000);
    private final VirtualHost clientHost =
            network.internet().host("client", WIRE).attach(network.internet(), RADIO);
    private final List<String> received = new ArrayList<>();
    private final Base first = connection(1, WIRE);
    private final TurnAllocation allocation = new TurnAllocation(
            AllocationSettings.of(
                            first,
                            98,
                            TurnServer.parse("turn:192.0.2.1?transport=tcp").credentials("alice", "s3cret"),
                            serverAddress)
                    .withOptions(AllocationOptions.NONE.withMobility()),
            TurnDialect.RFC8656,
            new Random(2),
            (relay, from, data) -> received.add(UTF_8.decode(data).toString()));
    private final RelayUser user = new RelayUser(allocation);
    private final VirtualNode<TurnEvent> client = clientHost.run(user);

    private static Base connection(long id, String from) {
        return new Base(id, Transport.TCP, new InetSocketAddress(from, 0));
    }

    private void allocated() {
        client.act((now, machine) -> allocation.allocate(now));
        network.runFor(SECOND);
        client.act((now, machine) -> allocation.bindChannel(now, peer.address()));
        network.runFor(SECOND);
        assertThat(allocation.isMobile()).as(network::dump).isTrue();
    }

    private void moveTo(Base next) {
        client.act((now, machine) -> allocation.moveTo(now, next));
        network.runFor(SECOND);
    }

    private InetSocketAddress relayed() {
        return allocation.relayBase().orElseThrow().address();
    }

    private void passesBothWays(String word) {
        peer.send(relayed(), "in " + word);
        network.runFor(SECOND);
        client.act((now, machine) -> user.send(now, peer.address(), UTF_8.encode("out " + word)));
        network.runFor(SECOND);
        assertThat(received).as(network::dump).last().isEqualTo("in " + word);
        assertThat(peer.received().stream().map(VirtualSocket.Datagram::text).toList())
                .last()
                .isEqualTo("out " + word);
    }

    private TurnFailure failure() {
        assertThat(network.runUntil(() -> client.has(TurnEvent.Failed.class), Duration.ofMinutes(15)))
                .as(network::dump)
                .isTrue();
        return client.events(TurnEvent.Failed.class).get(0).failure();
    }

    /** Moves whenever there is nothing that leads to the server, as those do who own an allocation. */
    private int followFor(Duration time, String from) {
        int moves = 0;
        for (long left = time.toMillis(); left > 0 && !allocation.state().isFinal(); left -= 10) {
            network.runFor(Duration.ofMillis(10));
            if (client.events(TurnEvent.Stranded.class).size() > moves) {
                moves++;
                long id = 10L + moves;
                client.act((now, machine) -> allocation.moveTo(now, connection(id, from)));
            }
        }
        return moves;
    }

    // RFC 8016 §3.2: relayed address, permissions and channels stay. The server sends by the old connection until it
    // hears
    // data from us by the new one, or the end of the old one; nothing is lost meanwhile.
    @Test
    void theAllocationMovesToAnotherConnection() {
        allocated();
        InetSocketAddress before = relayed();

        moveTo(connection(2, RADIO));
        peer.send(before, "by the old one");
        network.runFor(SECOND);
        assertThat(received).containsExactly("by the old one");
        assertThat(clientHost.connections()).isEqualTo(2);
        network.runFor(Duration.ofSeconds(3));
        assertThat(clientHost.connections()).isOne();
        passesBothWays("elsewhere");

        assertThat(client.events(TurnEvent.Moved.class)).containsExactly(new TurnEvent.Moved(connection(2, RADIO)));
        assertThat(allocation.base()).isEqualTo(connection(2, RADIO));
        assertThat(relayed()).isEqualTo(before);
        assertThat(clientHost.connections()).isOne();
        assertThat(server.events(EdgeEvent.Moved.class))
                .extracting(moved -> moved.client().getAddress().getHostAddress())
                .containsExactly(RADIO);
    }

    @Test
    void itMovesAgainAndLivesOnForHours() {
        allocated();

        for (int i = 2; i < 8; i++) {
            moveTo(connection(i, i % 2 == 0 ? RADIO : WIRE));
            network.runFor(Duration.ofMinutes(45));
        }
        passesBothWays("still here");
        client.act((now, machine) -> allocation.release(now));
        network.runFor(SECOND);

        assertThat(client.events(TurnEvent.Moved.class)).hasSize(6);
        assertThat(edge.allocationCount()).isZero();
        assertThat(clientHost.connections()).isZero();
    }

    // An idle connection that a server, a NAT or a firewall resets: its interface is as good as ever.
    @Test
    void itOutlivesAConnectionThatIsReset() {
        allocated();
        InetSocketAddress before = relayed();

        clientHost.resetConnections();
        int moves = followFor(Duration.ofSeconds(5), WIRE);
        passesBothWays("after the reset");

        assertThat(moves).isOne();
        assertThat(relayed()).isEqualTo(before);
        assertThat(client.has(TurnEvent.Failed.class)).isFalse();
    }

    // What was asked while nothing led to the server is asked once something does.
    @Test
    void whatIsAskedMeanwhileIsAskedAfterTheMove() {
        allocated();
        InetSocketAddress other = new InetSocketAddress("203.0.113.1", 5_001);
        client.act((now, machine) -> allocation.bindChannel(now, other)); // is on its way when the connection goes
        clientHost.resetConnections();
        network.runFor(SECOND);
        InetSocketAddress third = new InetSocketAddress("203.0.113.1", 5_002);
        client.act((now, machine) -> allocation.bindChannel(now, third));
        network.runFor(Duration.ofMinutes(2));
        assertThat(client.has(TurnEvent.ChannelRefused.class)).isFalse();

        moveTo(connection(2, WIRE));

        assertThat(client.events(TurnEvent.ChannelBound.class))
                .extracting(TurnEvent.ChannelBound::peer)
                .containsExactly(peer.address(), other, third);
    }

    // It would wait for an answer on a connection that is closed.
    @Test
    void whatTheOldConnectionHasNotAnsweredIsAskedOnTheNewOne() {
        allocated();
        InetSocketAddress other = new InetSocketAddress("203.0.113.1", 5_001);
        edge.faults().drop(StunMethod.CHANNEL_BIND, 1);
        client.act((now, machine) -> allocation.bindChannel(now, other));
        network.runFor(SECOND);

        moveTo(connection(2, RADIO));

        assertThat(client.events(TurnEvent.ChannelBound.class))
                .extracting(TurnEvent.ChannelBound::peer)
                .containsExactly(peer.address(), other);
    }

    // The rest before another attempt is that of the loss, and not of the connection that was left before.
    @Test
    void aConnectionThatIsLostSoonAfterAMoveIsToldOfOnce() {
        allocated();
        moveTo(connection(2, RADIO));

        client.act((now, machine) ->
                machine.baseLost(now, connection(2, RADIO), new Cause(Cause.Kind.LOCAL_GONE, "no radio")));
        network.runFor(Duration.ofSeconds(30));

        assertThat(client.events(TurnEvent.Stranded.class)).hasSize(1);
        assertThat(clientHost.connections()).isZero();
    }

    // Over a connection the server knows us by that: no NAT has given us another address.
    @Test
    void aServerThatKnowsOfNoAllocationOnTheConnectionHasLostIt() {
        allocated();
        edge.faults().fail(StunMethod.CREATE_PERMISSION, 437, 2);

        client.act((now, machine) ->
                allocation.permit(now, List.of(new InetSocketAddress("203.0.113.9", 1).getAddress())));
        network.runFor(SECOND);

        assertThat(failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(server.events(EdgeEvent.Moved.class)).isEmpty();
    }

    // RFC 8489 §6.2.2: Ti without an answer; a NAT has forgotten the connection, and says nothing.
    @Test
    void itOutlivesAConnectionThatIsDeadWithoutAWord() {
        allocated();
        clientHost.link(WIRE, LinkConditions.PERFECT.withLoss(1), LinkConditions.PERFECT.withLoss(1));
        InetSocketAddress other = new InetSocketAddress("203.0.113.1", 5_001);
        client.act((now, machine) -> allocation.bindChannel(now, other));

        int moves = followFor(Duration.ofSeconds(45), RADIO);
        // RFC 8016 §3.2.2: the server, which has not heard either that the old one is dead, changes over with what we
        // send
        client.act((now, machine) -> user.send(now, peer.address(), UTF_8.encode("here I am")));
        network.runFor(SECOND);
        passesBothWays("by the radio");

        assertThat(client.events(TurnEvent.ChannelBound.class))
                .extracting(TurnEvent.ChannelBound::peer)
                .containsExactly(peer.address(), other);
        assertThat(moves).isOne();
        assertThat(client.has(TurnEvent.Failed.class)).isFalse();
    }

    // The server has lost it, as after a crash: the failure says so, and the owner asks for another one.
    @Test
    void aTicketThatTheServerDoesNotTakeEndsTheAllocation() {
        allocated();
        edge.forgetAllocations();

        clientHost.resetConnections();
        int moves = followFor(Duration.ofSeconds(5), WIRE);

        assertThat(moves).isOne();
        assertThat(failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(failure().code()).isEqualTo(400);
        assertThat(client.events(TurnEvent.MoveRefused.class)).hasSize(1);
        network.runFor(SECOND);
        assertThat(clientHost.connections()).isZero();
        assertThat(allocation.nextTimeout()).isEqualTo(Machine.NEVER);
    }

    // Three times, seconds apart: then it is given up, and others may be asked.
    @Test
    void aServerThatIsAwayIsTriedThreeTimes() {
        allocated();
        serverHost.unlisten(serverAddress);

        clientHost.resetConnections();
        int moves = followFor(Duration.ofSeconds(60), WIRE);

        assertThat(moves).isEqualTo(3);
        assertThat(client.events(TurnEvent.MoveRefused.class))
                .hasSize(3)
                .allSatisfy(refused -> assertThat(refused.failure().kind()).isEqualTo(Kind.UNREACHABLE));
        assertThat(failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(failure().detail()).contains("nothing leads to the server any more");
        assertThat(clientHost.connections()).isZero();
    }

    @Test
    void aNetworkThatIsBackInTimeSavesTheAllocation() {
        allocated();
        clientHost.resetConnections();
        followFor(Duration.ofSeconds(2), "198.51.100.77"); // not ours, or not any more
        assertThat(client.events(TurnEvent.Stranded.class)).hasSize(1);

        network.runFor(Duration.ofSeconds(7));
        assertThat(client.events(TurnEvent.Stranded.class)).hasSize(2);
        moveTo(connection(40, WIRE));

        passesBothWays("back");
    }

    // Who resets each connection as soon as it has agreed is not followed for ever.
    @Test
    void aServerThatResetsEachTimeIsNotFollowedForEver() {
        allocated();

        int moves = 0;
        for (int i = 0; i < 3_000 && !allocation.state().isFinal(); i++) {
            if (client.events(TurnEvent.Moved.class).size() == moves) {
                clientHost.resetConnections();
            }
            moves += followOnce(moves);
        }

        assertThat(moves).isEqualTo(3);
        assertThat(failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
    }

    private int followOnce(int moves) {
        network.runFor(Duration.ofMillis(10));
        if (client.events(TurnEvent.Stranded.class).size() == moves) {
            return 0;
        }
        client.act((now, machine) -> allocation.moveTo(now, connection(100L + moves, WIRE)));
        network.runFor(Duration.ofMillis(500));
        return 1;
    }

    // A move that its owner wants, and the network does not: the allocation stays, and no connection is left behind.
    @Test
    void aMoveThatIsRefusedLeavesTheAllocationWhereItIs() {
        for (int code : new int[] {400, 437, 500}) {
            ConnectionMobilityTest scene = new ConnectionMobilityTest();
            scene.allocated();
            scene.edge.faults().fail(StunMethod.REFRESH, code, 2); // the first one gets 438

            scene.moveTo(connection(2, RADIO));
            scene.passesBothWays("where it was");

            assertThat(scene.client.events(TurnEvent.MoveRefused.class))
                    .as("%d", code)
                    .singleElement()
                    .satisfies(refused -> assertThat(refused.base()).isEqualTo(connection(2, RADIO)))
                    .satisfies(refused -> assertThat(refused.failure().code()).isEqualTo(code));
            assertThat(scene.allocation.base()).isEqualTo(scene.first);
            assertThat(scene.clientHost.connections()).isOne();
        }
    }

    // One at a time: what a second one would be told could not be told from the first.
    @Test
    void aSecondMoveIsRefusedWhileOneIsUnderWay() {
        allocated();

        client.act((now, machine) -> {
            allocation.moveTo(now, connection(2, RADIO));
            allocation.moveTo(now, connection(3, RADIO));
        });
        network.runFor(SECOND);

        assertThat(client.events(TurnEvent.MoveRefused.class))
                .extracting(TurnEvent.MoveRefused::base)
                .containsExactly(connection(3, RADIO));
        assertThat(allocation.base()).isEqualTo(connection(2, RADIO));
    }

    // RFC 8016 §5: whoever has the ticket and the password has the allocation. It goes to the server that gave it
    // alone.
    @Test
    void aServerThatSendsUsElsewhereIsNotFollowedWithTheTicket() {
        VirtualHost other = network.internet().host("other", "192.0.2.66");
        List<Object> visitors = new ArrayList<>();
        other.listen(3_478, visitors::add);
        allocated();
        edge.faults().redirect(new InetSocketAddress("192.0.2.66", 3_478));
        edge.faults().fail(StunMethod.REFRESH, 300, 2); // the first one gets 438

        clientHost.resetConnections();
        followFor(Duration.ofSeconds(30), WIRE);

        assertThat(failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(visitors).isEmpty();
    }

    // The interface goes, and the connection with it: nothing else may be sent there.
    @Test
    void anInterfaceThatGoesLeavesTheAllocationWaitingForAnother() {
        allocated();
        Cause gone = new Cause(Cause.Kind.LOCAL_GONE, "no cable");
        client.act((now, machine) -> machine.baseLost(now, first, gone));
        network.runFor(Duration.ofMinutes(3));
        assertThat(client.events(TurnEvent.Stranded.class)).containsExactly(new TurnEvent.Stranded(gone));
        assertThat(clientHost.connections()).isZero();
        InetSocketAddress other = new InetSocketAddress("203.0.113.1", 5_001);
        client.act((now, machine) -> allocation.bindChannel(now, other));
        network.runFor(Duration.ofMinutes(1));

        moveTo(connection(2, RADIO));

        passesBothWays("by the radio");
        assertThat(client.events(TurnEvent.ChannelBound.class))
                .extracting(TurnEvent.ChannelBound::peer)
                .containsExactly(peer.address(), other);
        assertThat(client.events(TurnEvent.Stranded.class)).hasSize(1);
    }

    // Seen in coturn 4.6.1: over UDP the retransmission gets the answer, and a connection has none.
    @Test
    void aServerThatMisspeaksIsAskedOnceMore() {
        allocated();
        edge.faults().misspeaking(true);

        for (int i = 2; i < 5; i++) {
            moveTo(connection(i, RADIO));
            network.runFor(Duration.ofMinutes(1)); // past the end of the request without an answer
            passesBothWays("move " + i);
        }

        assertThat(client.events(TurnEvent.Moved.class)).hasSize(3);
        assertThat(client.has(TurnEvent.MoveRefused.class)).isFalse();
        assertThat(allocation.base()).isEqualTo(connection(4, RADIO));
    }

    @Test
    void whatNothingReplacesEndsWithTheLifetime() {
        allocated();
        clientHost.resetConnections();

        assertThat(failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(failure().detail()).contains("the lifetime ended");
    }

    @Test
    void releasingInTheMidstOfAMoveLeavesNoConnection() {
        for (int millis = 0; millis < 60; millis += 5) {
            ConnectionMobilityTest scene = new ConnectionMobilityTest();
            scene.allocated();
            scene.client.act((now, machine) -> scene.allocation.moveTo(now, connection(2, RADIO)));
            scene.network.runFor(Duration.ofMillis(millis));

            scene.client.act((now, machine) -> scene.allocation.release(now));
            scene.network.runFor(Duration.ofSeconds(5));

            assertThat(scene.clientHost.connections()).as("%d ms", millis).isZero();
            assertThat(scene.allocation.nextTimeout()).isEqualTo(Machine.NEVER);
        }
    }

    @Test
    void anAllocationWithoutATicketEndsWithItsConnectionAsBefore() {
        allocated();
        TurnAllocation plain = new TurnAllocation(
                AllocationSettings.of(
                        connection(50, WIRE),
                        200,
                        TurnServer.parse("turn:192.0.2.1?transport=tcp").credentials("alice", "s3cret"),
                        serverAddress),
                TurnDialect.RFC8656,
                new Random(3),
                (relay, from, data) -> {});
        VirtualNode<TurnEvent> other = clientHost.run(plain);
        other.act((now, machine) -> plain.allocate(now));
        network.runFor(SECOND);

        clientHost.resetConnections();
        network.runFor(SECOND);

        assertThat(other.events(TurnEvent.Failed.class))
                .extracting(failed -> failed.failure().kind())
                .containsExactly(Kind.ALLOCATION_LOST);
    }
}
