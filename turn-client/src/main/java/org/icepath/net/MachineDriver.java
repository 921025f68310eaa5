// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.icepath.connection.ConnectionSettings;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Runs one {@link Machine} on one event loop: feeds it datagrams, time and facts, and carries out what it asks for.
 *
 * <p>Nothing that the machine throws leaves its step: what the network sends can neither kill an event loop nor end a session. It
 * is counted, and the first in ten seconds is logged at debug level.
 *
 * <p>Thread rule: everything runs on the event loop; methods marked "any thread" hop to it. The machine is never entered while it
 * is being stepped: a command given from one of its events or deliveries runs right after the step.
 *
 * @param <E> the machine's events
 */
public final class MachineDriver<E> implements AutoCloseable {

    private final EventLoops loops;
    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final MachineSteps<E> steps;
    private final Sockets sockets = new Sockets();
    private final SocketInputs inputs;
    private @Nullable Connections connections;
    private long nextBaseId = 1;

    /**
     * A driver that has no socket yet.
     *
     * @param name names the session in the log
     * @param loop one of {@code loops}
     * @param events takes the machine's events, on the event loop
     */
    public MachineDriver(
            String name, EventLoops loops, EventLoop loop, Machine<E> machine, Consumer<? super E> events) {
        this(name, loops, loop, machine, events, ConnectionSettings.create());
    }

    /**
     * A driver that has no socket yet.
     *
     * @param name names the session in the log
     * @param loop one of {@code loops}
     * @param events takes the machine's events, on the event loop
     * @param settings how the connections are made that the machine asks for
     */
    public MachineDriver(
            String name,
            EventLoops loops,
            EventLoop loop,
            Machine<E> machine,
            Consumer<? super E> events,
            ConnectionSettings settings) {
        this.loops = loops;
        this.loop = loop;
        this.settings = settings;
        this.steps = new MachineSteps<>(name, loop, machine, new Effects<>(this, events));
        this.inputs = new SocketInputs(loop, sockets, steps);
    }

    /** Made with the first connection or port: most of ten thousand machines speak UDP alone. On the event loop. */
    Connections connections() {
        if (connections == null) {
            connections = new Connections(loops, loop, settings, new ConnectionInputs(steps, inputs));
            if (steps.ended()) {
                connections.closeAll(); // what comes now has come too late
            }
        }
        return connections;
    }

    /**
     * Names who hears that a socket takes no more datagrams, or does again. Before the first socket is bound.
     *
     * @param listener called on the event loop, never from within a send
     */
    public void onWritabilityChanged(Consumer<? super Endpoint> listener) {
        inputs.onWritabilityChanged(listener);
    }

    /**
     * Binds a UDP socket whose datagrams go to the machine. Any thread.
     *
     * @return completed on the event loop, before the first datagram is handed in; fails as {@link UdpSocket#open} does
     */
    public CompletableFuture<UdpSocket> open(UdpSocketOptions options) {
        return attach(id -> UdpSocket.open(loops, loop, id, options, inputs), () -> {});
    }

    /**
     * Takes over a socket that was bound elsewhere; it is closed like one that was opened here. Any thread.
     *
     * @param channel registered with this event loop, or with none
     * @return as {@link #open}
     */
    public CompletableFuture<UdpSocket> adopt(DatagramChannel channel) {
        return attach(id -> UdpSocket.adopt(loop, id, channel, inputs), channel::close);
    }

    private CompletableFuture<UdpSocket> attach(
            LongFunction<CompletableFuture<UdpSocket>> opening, Runnable whenClosed) {
        CompletableFuture<UdpSocket> attached = new CompletableFuture<>();
        onLoop(() -> {
            if (steps.ended()) {
                whenClosed.run();
                attached.completeExceptionally(closedFailure());
                return;
            }
            opening.apply(nextBaseId++).whenComplete((socket, failure) -> attach(socket, failure, attached));
        });
        return attached;
    }

    private void attach(
            @Nullable UdpSocket socket, @Nullable Throwable failure, CompletableFuture<UdpSocket> attached) {
        if (socket == null) {
            attached.completeExceptionally(failure == null ? new IllegalStateException("no socket") : failure);
        } else if (steps.ended()) {
            socket.close();
            attached.completeExceptionally(closedFailure());
        } else {
            sockets.add(socket);
            attached.complete(socket);
        }
    }

    private IllegalStateException closedFailure() {
        return new IllegalStateException(steps + " is closed");
    }

    /**
     * Uses a socket that other machines use, too. On the event loop, which is the socket's.
     *
     * @return takes what is for the machine, until {@link SharedSocket#release}
     */
    public UdpSocketListener share(SharedSocket socket) {
        if (steps.ended()) {
            throw closedFailure();
        }
        sockets.add(socket);
        return inputs;
    }

    /**
     * Accepts connections. Each becomes a base of its own with the listener's local address, of which the machine is told
     * ({@link Machine#opened}) before its first datagram, and when it ends. Any thread.
     *
     * @param transport TCP; or TLS, with the identity of the connection settings for a certificate
     * @param at the local address; port 0 for any
     * @param framing how datagrams are laid on the streams
     * @return completed when the port is bound; closed by whoever asked for it, or with this driver
     */
    public CompletableFuture<StreamListener> listen(Transport transport, InetSocketAddress at, Framing framing) {
        CompletableFuture<StreamListener> listening = transport == Transport.TLS
                ? TlsContexts.server(settings.tls()).thenCompose(tls -> listen(at, tls, framing, false))
                : listen(at, null, framing, false);
        return listening.thenApply(this::keep);
    }

    private CompletableFuture<StreamListener> listen(
            InetSocketAddress at, @Nullable SslContext tls, Framing framing, boolean opensToo) {
        return CompletableFuture.supplyAsync(this::connections, loop)
                .thenCompose(made -> made.listen(at, tls, framing, opensToo, () -> nextBaseId++));
    }

    private StreamListener keep(StreamListener listener) {
        onLoop(() -> {
            if (steps.ended()) {
                listener.close();
            } else {
                connections().ports().add(listener);
            }
        });
        return listener;
    }

    /**
     * Accepts TCP connections as {@link #listen} does, under a base that stands for the port: {@link #release} of it gives the port up, and
     * closes no connection. Any thread.
     *
     * @param opensToo whether the machine opens connections from the port, too: bases with its address
     * @return completed on the event loop when the port is bound
     */
    public CompletableFuture<Base> accept(InetSocketAddress at, Framing framing, boolean opensToo) {
        return listen(at, null, framing, opensToo)
                .thenApply(this::keep)
                .thenApplyAsync(
                        listener -> {
                            Base port = new Base(nextBaseId++, Transport.TCP, listener.localAddress());
                            connections().ports().name(port, listener);
                            return port;
                        },
                        loop);
    }

    /** Takes over a connection that was accepted elsewhere on this event loop, with the first datagram that has come over it. */
    void take(StreamConnection connection, ByteBuffer first) {
        connections().take(connection, first);
    }

    /** A base from which the machine opens connections; nothing is bound. On the event loop. */
    public Base opening(InetSocketAddress from) {
        return new Base(nextBaseId++, Transport.TCP, from);
    }

    /** Closes the socket or connection of {@code base} and forgets it; the machine is not told. Any thread. */
    public void release(Base base) {
        onLoop(() -> {
            sockets.close(base);
            if (connections != null) {
                connections.ports().close(base);
                connections.close(base);
            }
        });
    }

    /**
     * Gives the machine a command, with the time, and carries out what follows from it. Any thread.
     *
     * @param command called on the event loop: at once if that is the calling thread and the machine is not being stepped
     */
    public void perform(LongConsumer command) {
        if (loop.inEventLoop() && !steps.stepping()) {
            steps.step(command);
        } else {
            loop.execute(() -> steps.step(command));
        }
    }

    private void onLoop(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    /** The event loop that everything here runs on. */
    public EventLoop eventLoop() {
        return loop;
    }

    /** Whether the calling thread is the event loop, and so must not wait. Any thread. */
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    /** The sockets that are open now. On the event loop. */
    public List<UdpSocket> sockets() {
        return sockets.all();
    }

    /** What datagrams of {@code base} leave by: a socket or an open connection. On the event loop. */
    public Optional<Endpoint> endpoint(Base base) {
        return Optional.ofNullable(find(base));
    }

    private @Nullable Endpoint find(Base base) {
        Endpoint socket = sockets.find(base);
        return socket == null && connections != null ? connections.find(base) : socket;
    }

    /** Sends what the machine wants sent; returns false when its socket or connection is gone. */
    boolean transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
        Endpoint endpoint = find(base);
        if (endpoint == null) {
            return false;
        }
        endpoint.send(payload, to);
        sockets.sent(base, to);
        return true;
    }

    /** Notes what whoever takes the machine's events has thrown. */
    void fault(Throwable thrown) {
        steps.noteFault(thrown);
    }

    /** What has happened so far. On the event loop. */
    public DriverStatistics statistics() {
        return steps.statistics();
    }

    /** Closes the sockets and ends the timer; the machine is not entered again. Idempotent, any thread. */
    @Override
    public void close() {
        onLoop(() -> {
            if (steps.ended()) {
                return;
            }
            steps.end();
            if (connections != null) {
                connections.ports().closeAll();
                connections.closeAll();
            }
            sockets.closeAll();
        });
    }
}
