// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.icepath.connection.ConnectionSettings;
import org.icepath.net.EventLoops;
import org.icepath.net.MachineDriver;
import org.icepath.net.UdpSocketOptions;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.CredentialSupplier;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.jspecify.annotations.Nullable;

/**
 * An address on a TURN server that relays to and from us (RFC 8656), kept alive until it is closed.
 *
 * <p>Thread-safe. Callbacks come on the relay's event loop.
 */
public final class TurnRelay implements AutoCloseable {

    private static final long RELAY_BASE_ID = 1L << 40;
    private static final long CONNECTION_BASE_ID = RELAY_BASE_ID - 1; // sockets count from 1
    private static final long CLOSE_PATIENCE_MILLIS = 3_000; // the release itself gives up after 2 s
    private static final TurnFailure CLOSED = new TurnFailure(TurnFailure.Kind.RELEASED, 0, "the relay was closed");

    private final TurnServer server;
    private final InetSocketAddress serverAddress;
    private final RelaySettings settings;
    private final RandomGenerator random;
    private final LateMachine machine = new LateMachine();
    private final MachineDriver<TurnEvent> driver;
    private final CompletableFuture<TurnRelay> allocated = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final PendingAnswers<InetAddress> permissions = new PendingAnswers<>();
    private final PendingAnswers<InetSocketAddress> bindings = new PendingAnswers<>();
    private final RelayedConnections connections;
    private final RelayMoves moves;
    private final RelayOutbound outbound;

    private final HeldEvents events = new HeldEvents();
    private volatile RelayReceiver receiver = (peer, data) -> {};
    private volatile TurnEvent.@Nullable Allocated addresses;
    private volatile @Nullable InetSocketAddress additional;
    private volatile OptionalLong reservation = OptionalLong.empty();
    private boolean closing;

    TurnRelay(
            EventLoops loops,
            TurnServer server,
            InetSocketAddress serverAddress,
            RelaySettings settings,
            RandomGenerator random,
            ConnectionSettings connectionSettings) {
        this.server = server;
        this.serverAddress = serverAddress;
        this.settings = settings;
        this.random = random;
        this.driver = new MachineDriver<>(
                "relay at " + serverAddress, loops, loops.next(), machine, this::handleEvent, connectionSettings);
        this.connections = new RelayedConnections(driver, this::disconnect);
        driver.onWritabilityChanged(endpoint -> connections.writable(endpoint.base()));
        this.outbound = new RelayOutbound(driver, machine);
        this.moves = new RelayMoves(server, serverAddress, driver, machine, outbound, CONNECTION_BASE_ID);
    }

    /** Binds a socket, or begins a connection, and asks the server; completed when the relayed address stands. */
    CompletableFuture<TurnRelay> open(InetAddress local) {
        if (server.transport() != Transport.UDP) {
            Base base = new Base(CONNECTION_BASE_ID, server.transport(), new InetSocketAddress(local, 0));
            perform(now -> begin(now, base));
            return allocated;
        }
        driver.open(UdpSocketOptions.at(local)).whenComplete((bound, failure) -> {
            if (bound == null) {
                String detail = "no local socket: " + (failure == null ? "" : failure.getMessage());
                end(new TurnFailure(TurnFailure.Kind.UNREACHABLE, 0, detail));
            } else {
                driver.perform(now -> begin(now, bound.base()));
            }
        });
        return allocated;
    }

    private void begin(long now, Base base) {
        if (closing) {
            end(CLOSED);
            return;
        }
        AllocationSettings asked = AllocationSettings.of(base, RELAY_BASE_ID, server, serverAddress)
                .withFamily(settings.family())
                .withOptions(settings.options());
        TurnAllocation allocation = new TurnAllocation(asked, server.dialect(), random, this::deliver);
        machine.become(allocation);
        allocation.allocate(now);
    }

    private void deliver(Base relayed, InetSocketAddress peer, ByteBuffer data) {
        if (!connections.deliver(relayed, data)) {
            receiver.received(peer, data);
        }
    }

    private void handleEvent(TurnEvent event) {
        if (event instanceof TurnEvent.Allocated made) {
            addresses = made;
            outbound.leaveBy(driver.endpoint(standing().base()));
            additional = standing().additionalRelayBase().map(Base::address).orElse(null);
            reservation = standing().reservationToken();
            allocated.complete(this);
        } else if (event instanceof TurnEvent.PermissionGranted granted) {
            permissions.granted(granted.peer());
        } else if (event instanceof TurnEvent.PermissionRefused refused) {
            permissions.refused(refused.peer(), refused.failure());
        } else if (event instanceof TurnEvent.ChannelBound bound) {
            bindings.granted(bound.peer());
        } else if (event instanceof TurnEvent.ChannelRefused refused) {
            bindings.refused(refused.peer(), refused.failure());
        } else if (event instanceof TurnEvent.Postponed postponed) {
            allocated.completeExceptionally(new TurnException(postponed.failure()));
        } else if (event instanceof TurnEvent.Failed failed) {
            end(failed.failure());
        } else if (event instanceof TurnEvent.Released) {
            end(CLOSED);
        } else {
            handleRarer(event);
        }
        events.tell(event);
    }

    private void handleRarer(TurnEvent event) {
        if (event instanceof TurnEvent.CredentialsWanted wanted) {
            askForCredentials(wanted);
        } else if (event instanceof TurnEvent.Stranded) {
            move();
        } else if (event instanceof TurnEvent.Moved moved) {
            moves.moved(moved.base());
        } else if (event instanceof TurnEvent.MoveRefused refused) {
            moves.refused(refused);
        } else if (event instanceof TurnEvent.PeerConnected made) {
            connections.connected(made);
        } else if (event instanceof TurnEvent.PeerConnectFailed failed) {
            connections.failed(failed.peer(), failed.failure());
        } else if (event instanceof TurnEvent.PeerDisconnected gone) {
            connections.ended(gone.base());
        }
    }

    private void askForCredentials(TurnEvent.CredentialsWanted wanted) {
        CredentialSupplier.ask(settings.credentials(), wanted)
                .whenComplete((supplied, failure) -> perform(now -> {
                    if (supplied == null) {
                        standing().useNone(now, "no credentials were supplied: " + failure);
                    } else {
                        standing().use(now, supplied);
                    }
                }));
    }

    private TurnAllocation standing() {
        return Objects.requireNonNull(machine.allocation());
    }

    private void end(TurnFailure failure) {
        permissions.refuseAll(failure);
        bindings.refuseAll(failure);
        moves.end(failure);
        connections.endAll(failure);
        driver.close();
        allocated.completeExceptionally(new TurnException(failure));
        if (failure.equals(CLOSED)) {
            closed.complete(null);
        } else {
            closed.completeExceptionally(new TurnException(failure));
        }
    }

    /** The relayed transport address: where peers reach us. */
    public InetSocketAddress relayedAddress() {
        return made().relayBase().address();
    }

    /** Our transport address as the server saw it: the server-reflexive one. */
    public InetSocketAddress mappedAddress() {
        return made().mappedAddress();
    }

    private TurnEvent.Allocated made() {
        TurnEvent.Allocated made = addresses;
        if (made == null) {
            throw new IllegalStateException("nothing is allocated yet");
        }
        return made;
    }

    /** The relayed transport address of the other family, if one was asked for and given (RFC 8656 §7.3). */
    public Optional<InetSocketAddress> additionalRelayedAddress() {
        return Optional.ofNullable(additional);
    }

    /** The token of the next higher port, if it was asked for and is kept (RFC 8656 §7.3). */
    public OptionalLong reservationToken() {
        return reservation;
    }

    /**
     * Moves to a new local socket or connection, from whichever address the system now sends from (RFC 8016). Done by itself when the
     * interface of the socket vanishes, once: who then hears {@link TurnEvent.MoveRefused} may try again while the server keeps the
     * allocation. A connection that ends is replaced by itself, too, up to three times seconds apart; then the relay is lost.
     *
     * @return completed when the server has agreed; fails with a {@link TurnException} where it does not let the relay move
     */
    public CompletableFuture<Void> move() {
        CompletableFuture<Void> answer = moves.elsewhere();
        if (closed.isDone()) {
            answer.completeExceptionally(new TurnException(CLOSED)); // without effect if it was answered
        }
        return answer;
    }

    /**
     * Connects to a peer, where TCP is relayed (RFC 6062 §4.3).
     *
     * @return fails with a {@link TurnException} if the server cannot reach the peer, or relays no TCP
     */
    public CompletableFuture<RelayedConnection> connect(InetSocketAddress peer) {
        CompletableFuture<RelayedConnection> answer = new CompletableFuture<>();
        perform(now -> {
            TurnAllocation allocation = machine.allocation();
            if (closing || allocation == null || allocation.state().isFinal()) {
                answer.completeExceptionally(new TurnException(CLOSED));
            } else {
                connections.await(peer, answer);
                allocation.connect(now, peer);
            }
        });
        return answer;
    }

    /**
     * Takes connections that permitted peers make to the relayed address (RFC 6062 §4.4); one listener, the last one set. Without one,
     * they are closed.
     */
    public void onConnection(Consumer<RelayedConnection> next) {
        connections.onConnection(next);
    }

    private void disconnect(Base base) {
        perform(now -> {
            TurnAllocation allocation = machine.allocation();
            if (allocation != null) {
                allocation.disconnect(now, base);
            }
            connections.ended(base);
        });
    }

    /** Takes what peers send; one receiver, the last one set. What comes before the first is dropped. */
    public void onReceive(RelayReceiver next) {
        receiver = next;
    }

    /**
     * Takes what the allocation reports; one listener, the last one set. The first is told at once what has been reported before, as that
     * the server refused something that {@link RelaySettings#options} asked for: the first 64 events.
     */
    public void onEvent(Consumer<TurnEvent> next) {
        Objects.requireNonNull(next, "next");
        try {
            driver.eventLoop().execute(() -> events.listen(next));
        } catch (RejectedExecutionException loopsAreGone) {
            return; // and nothing is reported any more
        }
    }

    /**
     * Lets peers at an address through, and keeps it so (RFC 8656 §9).
     *
     * @return completed when the server has agreed; fails with a {@link TurnException} when it does not, or the relay is closed
     */
    public CompletableFuture<Void> permit(InetAddress peer) {
        return ask(permissions, peer, (now, allocation) -> allocation.permit(now, List.of(peer)));
    }

    /**
     * Binds a channel for a peer, which spares 32 bytes a packet, and permits the peer (RFC 8656 §12).
     *
     * @return completed when the server has agreed; fails with a {@link TurnException} when it does not, or the relay is closed
     */
    public CompletableFuture<Void> bindChannel(InetSocketAddress peer) {
        return ask(bindings, peer, (now, allocation) -> allocation.bindChannel(now, peer));
    }

    /** Something that is asked of the allocation on its event loop. */
    private interface Command {
        void on(long now, TurnAllocation allocation);
    }

    private <K> CompletableFuture<Void> ask(PendingAnswers<K> answers, K key, Command command) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        perform(now -> {
            TurnAllocation allocation = machine.allocation();
            if (closing || allocation == null || allocation.state().isFinal()) {
                answer.completeExceptionally(new TurnException(CLOSED));
            } else if (answers.await(key, answer)) {
                command.on(now, allocation);
            }
        });
        if (closed.isDone()) {
            answer.completeExceptionally(new TurnException(CLOSED)); // without effect if it was answered
        }
        return answer;
    }

    private void perform(LongConsumer command) {
        try {
            driver.perform(command);
        } catch (RejectedExecutionException loopsAreGone) {
            end(CLOSED);
        }
    }

    /**
     * Sends a datagram to a peer that was permitted; never blocks.
     *
     * @param data from position to limit; copied, its position does not move
     * @return false if it was dropped here, because the relay is closed or more is waiting than the network takes; on a connection
     *     what had waited longest was dropped for it. True does not promise that it arrives, nor that the peer was permitted
     * @throws IllegalArgumentException if it is longer than the 65,507 bytes of a UDP datagram
     */
    public boolean send(InetSocketAddress peer, ByteBuffer data) {
        return !closed.isDone() && outbound.send(peer, data, false);
    }

    /**
     * As {@link #send}, with a datagram that no router on the way from the relay to the peer may fragment (RFC 8656 §14): whoever looks for
     * the longest that arrives sends such. It takes an indication, also where there is a channel.
     *
     * @return false as {@link #send} has it; on the event loop also where {@link
     *     org.icepath.turn.AllocationOptions#withDontFragment} was not asked for, or not granted. From other threads it is then dropped in
     *     silence
     * @throws IllegalArgumentException if it is longer than the 65,507 bytes of a UDP datagram
     */
    public boolean sendWhole(InetSocketAddress peer, ByteBuffer data) {
        return !closed.isDone() && outbound.send(peer, data, true);
    }

    /** Completed when the relay has been closed; fails with a {@link TurnException} if it was lost. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    /** Begins to release the allocation; {@link #closed} tells when that is done, two seconds later at most. Idempotent. */
    void release() {
        perform(now -> {
            closing = true;
            moves.close();
            TurnAllocation allocation = machine.allocation();
            if (allocation == null) {
                end(CLOSED);
            } else {
                allocation.release(now);
            }
        });
    }

    /** Releases the allocation; waits for that at most 3 s, and not at all on an event loop. Idempotent. */
    @Override
    public void close() {
        release();
        if (!driver.inEventLoop()) {
            waitFor(closed);
        }
    }

    static void waitFor(CompletableFuture<Void> closed) {
        try {
            closed.get(CLOSE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return; // it is closed all the same, or will be as soon as its event loop gets to it
        }
    }
}
