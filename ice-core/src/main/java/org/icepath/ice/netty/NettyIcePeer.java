// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairStatistics;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.engine.WallClock;
import org.icepath.net.Endpoint;
import org.icepath.sdp.IceFragment;
import org.jspecify.annotations.Nullable;

/** One remote, as the application and the engine see it. What other threads read is published by the event loop. */
final class NettyIcePeer implements IcePeer {

    private static final int NO_NUMBER = -1;

    private final SessionShell shell;
    // written on the event loop alone
    private final List<List<NettyIcePath>> paths = new CopyOnWriteArrayList<>();
    private final Callbacks callbacks;

    private volatile IceRole role;
    private volatile IceState state = IceState.WAITING;
    private volatile Generation generation;
    private volatile @Nullable PendingOffer pendingOffer;

    private int number = NO_NUMBER;
    private boolean closed;
    private @Nullable IceFailure refusal;
    private CompletableFuture<IceDescription> awaited = new CompletableFuture<>();

    NettyIcePeer(SessionShell shell, IceConfig config, IceRole role, Generation generation) {
        this.shell = shell;
        this.callbacks = new Callbacks(shell.log());
        this.role = role;
        this.generation = generation;
        for (int index = 0; index < config.streams().size(); index++) {
            paths.add(pathsOf(index, config.streams().get(index)));
        }
    }

    /** A stream was added to our side. On the event loop. */
    void added(int place, StreamConfig stream) {
        if (place < paths.size()) {
            paths.set(place, pathsOf(place, stream));
        } else {
            paths.add(pathsOf(place, stream));
        }
    }

    /** A stream of our side ends. On the event loop. */
    void removed(int place) {
        IceException removed =
                new IceException(IceFailure.of(IceFailure.Kind.CLOSED, "the stream was removed by the application"));
        paths.get(place).forEach(path -> path.closed(removed));
    }

    private List<NettyIcePath> pathsOf(int index, StreamConfig stream) {
        return stream.components().stream()
                .map(component -> new NettyIcePath(shell, this, index, stream.name(), component))
                .toList();
    }

    @Override
    public NettyIcePath path(String stream, int component) {
        Objects.requireNonNull(stream, "stream");
        List<NettyIcePath> ofStream = paths.get(indexOf(stream));
        if (component < 1 || component > ofStream.size()) {
            throw new IllegalArgumentException(
                    "component " + component + " of stream " + stream + ", expected 1 to " + ofStream.size());
        }
        return ofStream.get(component - 1);
    }

    // the last one of a name: the one before it is removed and waits for the peers to know
    private int indexOf(String stream) {
        for (int index = paths.size() - 1; index >= 0; index--) {
            if (nameOf(paths.get(index)).equals(stream)) {
                return index;
            }
        }
        throw new IllegalArgumentException("no stream " + stream + ", expected one of "
                + paths.stream().map(NettyIcePeer::nameOf).toList());
    }

    private static String nameOf(List<NettyIcePath> ofStream) {
        return ofStream.get(0).stream();
    }

    @Override
    public IceRole role() {
        return role;
    }

    @Override
    public IceState state() {
        return state;
    }

    @Override
    public Generation generation() {
        return generation;
    }

    @Override
    public Optional<PendingOffer> pendingOffer() {
        return Optional.ofNullable(pendingOffer);
    }

    @Override
    public CompletableFuture<IceDescription> offer() {
        return shell.commands()
                .compute(now -> published(shell.engine().signalling().offer(now, requireNumber())));
    }

    /** Our description for the first answer to this peer, as it is now. */
    CompletableFuture<IceDescription> describe() {
        return shell.commands()
                .compute(now -> published(shell.engine().signalling().describe(now, requireNumber())));
    }

    @Override
    public CompletableFuture<IceDescription> answer(IceDescription remoteOffer) {
        Objects.requireNonNull(remoteOffer, "remoteOffer");
        return shell.commands()
                .compute(now -> {
                    List<Integer> streams = shell.engine().signalling().reopen(now, requireNumber(), remoteOffer);
                    return streams.isEmpty()
                            ? hear(now, remoteOffer)
                            : shell.reopen(streams).thenCompose(bound -> shell.commands()
                                    .compute(later -> hear(later, remoteOffer))
                                    .thenCompose(answer -> answer));
                })
                .thenCompose(answer -> answer);
    }

    private CompletableFuture<IceDescription> hear(long now, IceDescription remoteOffer) {
        Optional<IceDescription> answer = shell.engine().signalling().hear(now, requireNumber(), remoteOffer);
        publish();
        return answer.map(CompletableFuture::completedFuture).orElseGet(this::await);
    }

    private CompletableFuture<IceDescription> await() {
        awaited.completeExceptionally(new IllegalStateException("another offer has come before this one was answered"));
        awaited = shell.newFuture();
        return awaited;
    }

    /** The answer that had to wait is due. On the event loop. */
    void answerDue() {
        shell.commands()
                .compute(now -> published(shell.engine().signalling().awaitedAnswer(now, requireNumber())))
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        awaited.complete(answer);
                    } else {
                        awaited.completeExceptionally(failure);
                    }
                });
    }

    @Override
    public CompletableFuture<Void> accept(IceDescription remoteAnswer) {
        Objects.requireNonNull(remoteAnswer, "remoteAnswer");
        return shell.commands().run(now -> {
            shell.engine().signalling().update(now, requireNumber(), remoteAnswer);
            publish();
        });
    }

    private IceDescription published(IceDescription description) {
        publish();
        return description;
    }

    @Override
    public void restart() {
        performIfLive(now -> shell.engine().signalling().restart(now, number));
    }

    @Override
    public void rollback() {
        performIfLive(now -> shell.engine().signalling().rollBack(now, number));
    }

    private void performIfLive(LongConsumer command) {
        shell.perform(now -> {
            if (isLive()) {
                command.accept(now);
                publish();
            }
        });
    }

    @Override
    public void addCandidate(Generation of, String stream, Candidate candidate) {
        Objects.requireNonNull(of, "generation");
        Objects.requireNonNull(candidate, "candidate");
        int index = indexOf(Objects.requireNonNull(stream, "stream"));
        performIfLive(now -> shell.engine().trickle().addRemote(now, number, of, index, candidate));
    }

    @Override
    public CompletableFuture<IceFragment> fragment() {
        return shell.commands().compute(now -> shell.engine().trickle().fragment(now, requireNumber()));
    }

    @Override
    public void addCandidates(IceFragment fragment) {
        Objects.requireNonNull(fragment, "fragment");
        performIfLive(now -> shell.engine().trickle().addRemote(now, number, fragment));
    }

    @Override
    public void endOfCandidates(Generation of) {
        Objects.requireNonNull(of, "generation");
        performIfLive(now -> shell.engine().trickle().endOfRemote(now, number, of));
    }

    @Override
    public void onEvent(Consumer<? super IceEvent> listener) {
        callbacks.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public CompletableFuture<List<PairStatistics>> statistics() {
        return shell.commands().compute(this::statistics).exceptionally(closed -> List.of());
    }

    private List<PairStatistics> statistics(long now) {
        WallClock clock = new WallClock(now, Instant.now());
        return shell.engine().snapshot(now, requireNumber()).pairs(clock).stream()
                .map(pair -> completed(clock, pair))
                .toList();
    }

    // RTCP that is multiplexed, and streams that are bundled, travel on the pairs of others.
    private PairStatistics completed(WallClock clock, PairStatistics pair) {
        SentOnPair sent = new SentOnPair();
        paths.forEach(ofStream -> ofStream.forEach(path -> path.addTo(sent, pair)));
        return pair.withSent(
                sent.packets(), sent.bytes(), sent.packetsRefused(), sent.bytesRefused(), clock.instant(sent.lastAt()));
    }

    @Override
    public CompletableFuture<IceReport> report() {
        return shell.report(this);
    }

    @Override
    public void close() {
        shell.perform(now -> {
            boolean live = isLive();
            closed();
            if (live) {
                shell.engine().signalling().closePeer(now, number);
                shell.forget(this);
            }
        });
    }

    @Override
    public String toString() {
        return "peer " + number + " " + state;
    }

    int number() {
        return number;
    }

    boolean isLive() {
        return number != NO_NUMBER && !closed;
    }

    private int requireNumber() {
        if (!isLive()) {
            IceFailure why = refusal;
            throw why == null || closed ? closedFailure() : new IceException(why);
        }
        return number;
    }

    /** The engine knows this peer by {@code given} from now on. On the event loop. */
    void begin(int given) {
        number = given;
        publish();
    }

    // What other threads ask for is copied where the engine may have changed it.
    private void publish() {
        if (isLive()) {
            role = shell.engine().signalling().role(number);
            generation = shell.engine().signalling().generation(number);
            pendingOffer = shell.engine().signalling().pendingOffer(number).orElse(null);
        }
    }

    NettyIcePath path(int stream, int component) {
        return paths.get(stream).get(component - 1);
    }

    /** The kernel takes more datagrams of this socket, or takes none. On the event loop. */
    void writabilityChanged(Endpoint socket) {
        paths.forEach(ofStream -> ofStream.forEach(path -> path.writabilityChanged(socket)));
    }

    /** Takes an event of this peer. On the event loop. */
    void handle(IceEvent event) {
        if (closed) {
            return;
        }
        if (event instanceof IceEvent.StateChanged changed) {
            state = changed.to();
            if (changed.from() == IceState.FAILED) {
                paths.forEach(ofStream -> ofStream.forEach(NettyIcePath::awaitAgain));
            }
        } else if (event instanceof IceEvent.PathChanged changed) {
            path(changed.stream(), changed.component()).changed(changed.cause());
        } else if (event instanceof IceEvent.StreamSelected chosen) {
            paths.get(indexOf(chosen.stream())).forEach(NettyIcePath::streamSelected);
        } else if (event instanceof IceEvent.Failed failed) {
            fail(failed.failure());
        }
        publish();
        tell(event);
    }

    private void tell(IceEvent event) {
        callbacks.tell(event);
        shell.peerListeners().tell(this, event);
    }

    /** The engine does not take this peer; returns what its listeners have heard, if there were any. On the event loop. */
    List<IceEvent> refused(IceFailure failure) {
        refusal = failure;
        List<IceEvent> events =
                List.of(new IceEvent.StateChanged(state, IceState.FAILED), new IceEvent.Failed(failure));
        events.forEach(this::handle);
        return events;
    }

    /** Fails what is awaited on the streams concerned. On the event loop. */
    private void fail(IceFailure failure) {
        IceException exception = new IceException(failure);
        for (List<NettyIcePath> ofStream : paths) {
            if (failure.stream().isEmpty() || failure.stream().equals(ofStream.get(0).stream())) {
                ofStream.forEach(path -> path.failed(exception));
            }
        }
    }

    /** Ends everything here; the engine needs not be told. On the event loop. Idempotent. */
    void closed() {
        if (closed) {
            return;
        }
        closed = true;
        IceException failure = closedFailure();
        awaited.completeExceptionally(failure);
        paths.forEach(ofStream -> ofStream.forEach(path -> path.closed(failure)));
        IceState before = state;
        state = IceState.CLOSED;
        if (before != IceState.CLOSED) {
            tell(new IceEvent.StateChanged(before, IceState.CLOSED));
        }
    }

    private static IceException closedFailure() {
        return new IceException(IceFailure.of(IceFailure.Kind.CLOSED, "the peer was closed by the application"));
    }
}
