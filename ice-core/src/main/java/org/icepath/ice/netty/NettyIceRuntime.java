// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.NetworkMonitor;
import org.icepath.ice.Pacer;
import org.icepath.ice.engine.Workshop;
import org.icepath.net.EventLoops;
import org.icepath.net.mdns.MulticastDns;

/**
 * Event loops, pacer and name resolver of all sessions of a process. Thread-safe.
 *
 * <p>What {@code Icepath.start()} gives is one; who has sockets of its own to hand in, or asks for the counters of shared ports, starts it
 * here.
 */
public final class NettyIceRuntime implements IceRuntime {

    // Sessions release their allocations within 2 s; what is not released by then lapses at the server.
    private static final long CLOSE_TIMEOUT_MILLIS = 3_000;

    private static final AtomicLong SESSIONS = new AtomicLong();

    private final EventLoops loops;
    private final Pacer pacer;
    private final Names names;
    private final HostWatch hostWatch;
    private final MulticastDns multicastDns;
    private final SharedPorts sharedPorts;
    private final SecureRandom random = new SecureRandom();
    private final Map<EventLoop, Workshop> workshops = new ConcurrentHashMap<>();
    private final Set<SessionShell> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    NettyIceRuntime(EventLoops loops, Pacer pacer, NetworkMonitor monitor, HostScan scan) {
        this.loops = loops;
        this.pacer = Objects.requireNonNull(pacer, "pacer");
        this.names = new Names(loops);
        this.sharedPorts = new SharedPorts(loops);
        this.multicastDns = new MulticastDns(loops, loops.next());
        this.hostWatch =
                new HostWatch(loops, Objects.requireNonNull(monitor, "monitor"), scan, multicastDns::interfacesChanged);
    }

    /** Starts event loops of its own, with daemon threads, and one beat for all agents (RFC 8445 §14.2). */
    public static NettyIceRuntime start() {
        return start(RuntimeConfig.create());
    }

    /**
     * Uses the application's event loops, which {@link #close} leaves running.
     *
     * @throws IllegalArgumentException if the group drives neither epoll nor NIO channels
     */
    public static NettyIceRuntime start(EventLoopGroup group) {
        return start(RuntimeConfig.create().eventLoops(group));
    }

    /**
     * Starts what a configuration asks for.
     *
     * @throws IllegalArgumentException if the application's event loops drive neither epoll nor NIO channels
     * @throws UncheckedIOException if a shared port cannot be bound
     * @throws IllegalStateException on an event loop of the application, if there is a shared port: binding is waited for
     */
    public static NettyIceRuntime start(RuntimeConfig config) {
        Objects.requireNonNull(config, "config");
        NettyIceRuntime runtime = new NettyIceRuntime(
                config.eventLoops().map(EventLoops::over).orElseGet(EventLoops::start),
                config.pacer().orElseGet(Pacer::shared),
                config.networkMonitor().orElseGet(NetworkMonitor::polling),
                HostScan.ofThisMachine());
        try {
            for (RuntimeConfig.PortPlan plan : config.sharedPorts()) {
                runtime.sharedPorts.bind(plan);
            }
            config.listeningPorts().forEach(runtime.sharedPorts::listen);
        } catch (UncheckedIOException failure) {
            runtime.close();
            throw failure;
        }
        return runtime;
    }

    @Override
    public IceSession open(IceConfig config) {
        return open(config, List.of());
    }

    /**
     * Opens a session on sockets that the application has bound; streams without one have sockets of their own.
     *
     * <p>The sockets pass to the session, which closes them when it ends; when this call throws, they stay the application's.
     *
     * @param sockets registered with one event loop of this runtime, or with none; at most one for each component
     * @throws IllegalArgumentException when one is for no component, or of another kind than this runtime's event loops drive
     * @throws IllegalStateException when the runtime is closed
     */
    public IceSession open(IceConfig config, List<BoundSocket> sockets) {
        Objects.requireNonNull(config, "config");
        if (closed.get()) {
            throw new IllegalStateException("the runtime is closed");
        }
        for (BoundSocket socket : sockets) {
            if (!socket.runsOn(transport())) {
                throw new IllegalArgumentException(socket + ", expected one that " + transport() + " drives");
            }
        }
        long loopsInUse = sockets.stream()
                .filter(socket -> socket.channel().isRegistered())
                .map(socket -> socket.channel().eventLoop())
                .distinct()
                .count();
        if (loopsInUse > 1) {
            throw new IllegalArgumentException("sockets of " + loopsInUse + " event loops, expected one");
        }
        SessionShell shell = new SessionShell(this, config, "ice-" + SESSIONS.incrementAndGet(), sockets);
        sessions.add(shell);
        if (closed.get()) {
            shell.close();
        }
        return new NettyIceSession(shell);
    }

    @Override
    public String transport() {
        return loops.transport();
    }

    @Override
    public void close() {
        closed.set(true);
        List<SessionShell> open = List.copyOf(sessions);
        open.forEach(SessionShell::close);
        if (!loops.inEventLoop()) {
            await(CompletableFuture.allOf(open.stream().map(SessionShell::ended).toArray(CompletableFuture[]::new)));
        }
        multicastDns.close();
        names.close();
        sharedPorts.close();
        loops.close();
    }

    private static void await(CompletableFuture<Void> ends) {
        try {
            ends.get(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            // the loops end all the same; what a session still waited for lapses
        }
    }

    /** A session has ended. */
    void forget(SessionShell session) {
        sessions.remove(session);
    }

    /** What has come to the ports that sessions share, in the order of the configuration. Any thread. */
    public List<SharedPortStatistics> sharedPorts() {
        return sharedPorts.statistics();
    }

    /** What has come to the TCP ports that sessions share, in the order of the configuration; strangers are connections. Any thread. */
    public List<SharedPortStatistics> listeningPorts() {
        return sharedPorts.listeningStatistics();
    }

    /** The TCP port for the next session, which must live where it is if that is given; empty where each has its own. */
    Optional<ListeningPort> nextListeningPort(Optional<EventLoop> loop) {
        return sharedPorts.nextListening(loop);
    }

    /** The port for the next session; empty where each has its own. */
    Optional<SharedPort> nextSharedPort() {
        return sharedPorts.next();
    }

    EventLoops loops() {
        return loops;
    }

    Pacer pacer() {
        return pacer;
    }

    /** What the engines of one event loop share. */
    Workshop workshop(EventLoop loop) {
        return workshops.computeIfAbsent(loop, made -> new Workshop());
    }

    Names names() {
        return names;
    }

    HostWatch hostWatch() {
        return hostWatch;
    }

    MulticastDns multicastDns() {
        return multicastDns;
    }

    RandomGenerator random() {
        return random;
    }
}
