// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.connection.ConnectionSettings;
import org.icepath.ice.Generation;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.engine.EngineEvent;
import org.icepath.ice.engine.EngineSettings;
import org.icepath.ice.engine.EngineSnapshot;
import org.icepath.ice.engine.IceEngine;
import org.icepath.ice.engine.Signalling;
import org.icepath.net.EventLoops;
import org.icepath.net.MachineDriver;
import org.icepath.net.MonotonicClock;
import org.jspecify.annotations.Nullable;

/**
 * One session on its event loop: the engine, the driver that feeds it, and the peers that hear of it.
 *
 * <p>{@link #perform} and {@link #commands} may be called from any thread and bring the call to the event loop; everything else is
 * confined to it unless it says otherwise.
 */
final class SessionShell {

    // The engine gives up releasing allocations after 2 s; this is for an engine that does not.
    private static final long CLOSE_TIMEOUT_MILLIS = 2_500;

    private static final int WHOLE_SESSION = -1; // as IceEngine.snapshot has it

    private final NettyIceRuntime runtime;
    private final EventLoops loops;
    private final EventLoop loop;
    private volatile IceConfig config;
    private final SessionLog log;
    private final Callbacks callbacks;
    private final PeerListeners peerListeners;
    private final EngineEvents events;
    private final IceEngine engine;
    private final MachineDriver<EngineEvent> driver;
    private final Map<BoundSocket, Integer> handedIn = new LinkedHashMap<>(0);
    private final Optional<SharedPort.Lodging> lodging;
    private final Optional<ListeningPort.Lodging> listening;
    private final Gathering gathering;
    private final PeerTable peers = new PeerTable();
    private final Described described;
    private final IceFuture<EngineSnapshot> lastWords;
    private final IceFuture<Void> ended;
    private final Commands commands = new Commands(this);
    private final AtomicBoolean gatheringBegan = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();

    private @Nullable ScheduledFuture<?> closeTimer;

    SessionShell(NettyIceRuntime runtime, IceConfig config, String id) {
        this(runtime, config, id, List.of());
    }

    /** @param handed sockets of the application, all of them usable here */
    SessionShell(NettyIceRuntime runtime, IceConfig config, String id, List<BoundSocket> handed) {
        this.runtime = runtime;
        this.loops = runtime.loops();
        Quarters quarters = Quarters.of(runtime, config, handed);
        this.loop = quarters.loop();
        handed.forEach(socket -> handedIn.put(socket, socket.streamIndex(config)));
        this.config = config;
        this.log = new SessionLog(id);
        this.callbacks = new Callbacks(log);
        this.peerListeners = new PeerListeners(log);
        this.events = new EngineEvents(this, runtime.names(), runtime.multicastDns());
        this.engine = new IceEngine(
                new EngineSettings(config, runtime.pacer(), id, runtime.workshop(loop)), runtime.random(), peers);
        this.driver = new MachineDriver<>(id, loops, loop, engine, events, config.connections());
        driver.onWritabilityChanged(peers::writabilityChanged);
        this.lodging = quarters.shared().map(port -> port.lodge(driver));
        this.listening = quarters.listening().map(port -> port.lodge(driver));
        this.gathering = new Gathering(this, config, runtime.names(), runtime.hostWatch());
        this.described = new Described(this);
        this.lastWords = newFuture();
        this.ended = newFuture();
    }

    /** A connection to a server or peer is asked for without a word for which stream: it is marked where all would be marked alike. */
    static ConnectionSettings connections(IceConfig config) {
        List<Integer> marks =
                config.streams().stream().map(StreamConfig::dscp).distinct().toList();
        ConnectionSettings settings = config.connections();
        return settings.dscp() == 0 && marks.size() == 1 ? settings.withDscp(marks.get(0)) : settings;
    }

    IceEngine engine() {
        return engine;
    }

    /** What runs the engine; its counters are read on the event loop. */
    MachineDriver<EngineEvent> driver() {
        return driver;
    }

    /** Those that were accepted. */
    PeerTable peers() {
        return peers;
    }

    /** Who waits for our description. */
    Described described() {
        return described;
    }

    Gathering gathering() {
        return gathering;
    }

    /** The application's sockets, with their streams' places. */
    Map<BoundSocket, Integer> handedIn() {
        return handedIn;
    }

    /** The session's place at a port that it shares with others; empty where it has sockets of its own. Any thread. */
    Optional<SharedPort.Lodging> lodging() {
        return lodging;
    }

    /** The session's place at a TCP port that it shares with others; empty where it has ports of its own. Any thread. */
    Optional<ListeningPort.Lodging> listening() {
        return listening;
    }

    /** The configuration, with the streams as they are now. Any thread. */
    IceConfig config() {
        return config;
    }

    /** Cryptographically strong; any thread. */
    RandomGenerator random() {
        return runtime.random();
    }

    SessionLog log() {
        return log;
    }

    Callbacks callbacks() {
        return callbacks;
    }

    /** Who listens to all peers. */
    PeerListeners peerListeners() {
        return peerListeners;
    }

    /** Any thread. */
    <T> IceFuture<T> newFuture() {
        return new IceFuture<>(loops);
    }

    /** Any thread. */
    boolean inEventLoop() {
        return loop.inEventLoop();
    }

    /** @throws IllegalStateException on an event loop, which must not wait. Any thread. */
    void requireMayWait() {
        if (loops.inEventLoop()) {
            throw new IllegalStateException("waiting on an event loop would stop the session that is waited for");
        }
    }

    /** Registers a channel with the session's event loop. Any thread. */
    void register(Channel channel) {
        loop.register(channel);
    }

    /** Whether a socket of ours speaks IPv6. */
    boolean hasIpv6() {
        return driver.sockets().stream()
                .anyMatch(socket -> socket.localAddress().getAddress().getAddress().length > 4);
    }

    /**
     * Runs a task that does not concern the engine. Any thread.
     *
     * @throws RejectedExecutionException when the event loop has ended
     */
    void execute(Runnable task) {
        loop.execute(task);
    }

    /** Gives the engine a command; of no effect once the session has ended. Any thread. */
    void perform(LongConsumer command) {
        try {
            driver.perform(command);
        } catch (RejectedExecutionException loopHasEnded) {
            finish();
        }
    }

    /** The futures that commands answer. */
    Commands commands() {
        return commands;
    }

    /**
     * Gathers, at the first call and again where nothing was found. Any thread.
     *
     * @param full whether to wait for all candidates, or the deadline, though we trickle
     * @return completes when a description may go out; fails with {@link IceException}
     */
    CompletableFuture<Void> gather(boolean full) {
        if (closing.get()) {
            return CompletableFuture.failedFuture(closedFailure());
        }
        if (gatheringBegan.compareAndSet(false, true) || described.renew()) {
            beginGathering();
        }
        return described.when(full);
    }

    /**
     * Any thread.
     *
     * @throws IllegalStateException when nothing was ever gathered: what nobody has described, nobody can answer
     * @throws IceException when the session is closed
     */
    void requireOffered() {
        if (closing.get()) {
            throw closedFailure();
        }
        if (!gatheringBegan.get()) {
            throw new IllegalStateException("accept() takes the answer to an offer, and offer() was not called;"
                    + " an offer of the peer's is for answer()");
        }
    }

    // Filters are the application's code: what they throw is told to whoever waits for the description.
    private void beginGathering() {
        try {
            CompletableFuture<Void> unused = gathering.start().whenComplete((done, failure) -> {
                if (failure != null) {
                    described.fail(failure);
                }
            });
        } catch (Throwable thrown) {
            described.fail(thrown);
        }
    }

    /**
     * Makes a peer of a remote description. Any thread.
     *
     * @param offered whether the description is an answer to our offer
     * @throws IceException when the description cannot be used
     */
    NettyIcePeer accept(IceDescription remote, boolean offered) {
        if (closing.get()) {
            throw closedFailure();
        }
        Signalling.requireUsable(config, remote);
        IceRole role = offered ? IceRole.CONTROLLING : IceRole.CONTROLLED; // RFC 8445 §6.1.1
        NettyIcePeer peer = new NettyIcePeer(this, config, role, firstGeneration(remote));
        perform(now -> introduce(now, peer, remote, role));
        if (ended.isDone()) {
            peer.closed();
        }
        return peer;
    }

    private void introduce(long now, NettyIcePeer peer, IceDescription remote, IceRole role) {
        if (closing.get()) {
            peer.closed();
            return;
        }
        try {
            int number = engine.signalling().accept(now, remote, role);
            peers.add(number, peer);
            peer.begin(number);
        } catch (IceException refused) {
            for (IceEvent event : peer.refused(refused.failure())) {
                log.event(event);
                callbacks.tell(event);
            }
        }
    }

    /** Adds a stream to our side; completes when its candidates are gathered, or at the deadline. Any thread. */
    CompletableFuture<Void> addStream(StreamConfig stream) {
        return commands.compute(now -> place(now, stream))
                .thenCompose(place ->
                        gatheringBegan.get() ? gathering.added().add(place) : CompletableFuture.completedFuture(null));
    }

    private int place(long now, StreamConfig stream) {
        int place = engine.signalling().addStream(now, stream);
        config = engine.signalling().config();
        peers.streamAdded(place, stream);
        return place;
    }

    /** Binds sockets anew for streams that have given some up; completes as {@link #addStream} does. On the event loop. */
    CompletableFuture<Void> reopen(List<Integer> streams) {
        return CompletableFuture.allOf(
                streams.stream().map(gathering.added()::add).toArray(CompletableFuture[]::new));
    }

    /** Removes a stream of our side. Any thread. */
    CompletableFuture<Void> removeStream(String name) {
        return commands.run(now -> peers.streamRemoved(engine.signalling().removeStream(now, name)));
    }

    /** Forgets a peer that is closed. */
    void forget(NettyIcePeer peer) {
        peers.forget(peer);
    }

    private static Generation firstGeneration(IceDescription remote) {
        return new Generation(
                0,
                remote.streams().stream()
                        .flatMap(stream -> stream.credentials().stream())
                        .map(IceCredentials::ufrag)
                        .findFirst()
                        .orElse(""));
    }

    /** Sends what has to be wrapped. */
    void sendThroughEngine(NettyIcePath path, ByteBuffer payload) {
        perform(now -> {
            int bytes = payload.remaining();
            boolean sent = path.peer().isLive()
                    && engine.send(now, path.peer().number(), path.streamIndex(), path.component(), payload);
            path.sentThroughEngine(bytes, sent);
        });
    }

    /** What the engine says, and the shell in its place. */
    EngineEvents events() {
        return events;
    }

    /** The story of the session. Any thread; never fails. */
    CompletableFuture<IceReport> report() {
        return report(() -> WHOLE_SESSION);
    }

    /** The story as far as one peer is concerned. Any thread; never fails. */
    CompletableFuture<IceReport> report(NettyIcePeer peer) {
        return report(peer::number);
    }

    private CompletableFuture<IceReport> report(IntSupplier number) {
        return commands.compute(now -> engine.snapshot(now, number.getAsInt()))
                .exceptionallyCompose(over -> lastWords)
                .thenApply(EngineSnapshot::toReport);
    }

    /** Closes the session; {@link #ended} completes when nothing of it is left. Any thread; idempotent. */
    void close() {
        if (closing.compareAndSet(false, true)) {
            perform(this::beginClosing);
        }
    }

    private void beginClosing(long now) {
        closeTimer = loop.schedule(this::finish, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        peers.close();
        described.end(closedFailure());
        engine.close(now);
    }

    /** The engine has ended; the rest follows when its step is over. */
    void finishSoon() {
        loop.execute(this::finish);
    }

    // Also called from elsewhere when the event loop has ended: then there is nobody to race with.
    private void finish() {
        gathering.end();
        ScheduledFuture<?> timer = closeTimer;
        if (timer != null) {
            timer.cancel(false);
            closeTimer = null;
        }
        closing.set(true);
        peers.close();
        closeDriver();
        listening.ifPresent(ListeningPort.Lodging::leave);
        events.withdrawNames();
        lastWords.complete(engine.snapshot(MonotonicClock.now(), WHOLE_SESSION));
        ended.complete(null);
        runtime.forget(this);
        described.end(closedFailure());
        gathering.added().fail(closedFailure());
        commands.fail(closedFailure());
    }

    private void closeDriver() {
        try {
            driver.close();
        } catch (RejectedExecutionException loopHasEnded) {
            log.debug("the event loop ended before the session; its sockets went with it");
        }
    }

    /** Completes when nothing is left of the session. Any thread. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    static IceException closedFailure() {
        return new IceException(IceFailure.of(IceFailure.Kind.CLOSED, "the session was closed by the application"));
    }
}
