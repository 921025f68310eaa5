// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.Generation;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;

/** The streams of one peer that run without ICE (RFC 8839 §4.2.5.2): where they send, and whose packets arrive. Not thread-safe. */
final class PlainStreams {

    private final PeerContext context;
    private final PeerPaths paths;
    private final Generations generations;
    private final PeerProgress progress;
    private final NamedCandidates names;
    private final PlainPaths plain = new PlainPaths();
    private final PlainTroubles troubles = new PlainTroubles();
    private final Set<Integer> selected = new HashSet<>();
    private Set<Integer> wanted = Set.of();
    private boolean onHold;
    private boolean gaveUp;
    private long givesUpAt = Machine.NEVER;

    PlainStreams(
            PeerContext context,
            PeerPaths paths,
            Generations generations,
            PeerProgress progress,
            NamedCandidates names) {
        this.context = context;
        this.paths = paths;
        this.generations = generations;
        this.progress = progress;
        this.names = names;
    }

    /** Whether a stream has its pairs, where none has ICE: beside such it is described as before. */
    boolean isSelected(int stream) {
        return isAlone() && selected.contains(stream);
    }

    private boolean isAlone() {
        return generations.isEmpty();
    }

    /**
     * Sends to the default destinations of a description, from the bases of our default candidates. Streams that are removed end;
     * those that have ICE from now on keep their path until that has found one.
     */
    void start(long at, RemoteLayout layout, Generation generation) {
        Set<Integer> plainOnes =
                layout.plainStreams().stream().map(StreamDescription::index).collect(Collectors.toSet());
        selected.retainAll(plainOnes);
        wanted = Set.copyOf(plainOnes); // of most peers there are none
        onHold = false;
        gaveUp = false;
        troubles.described();
        plain.retain(plainOnes).stream()
                .filter(gone -> !layout.checks(gone.stream(), gone.component()))
                .forEach(gone -> paths.lost(gone.stream(), gone.component()));
        List<GatheredCandidate> locals = context.local().gatherer().candidates();
        for (StreamDescription stream : layout.plainStreams()) {
            for (int component : layout.components(stream.index())) {
                context.describer()
                        .defaultOf(locals, stream.index(), component)
                        .ifPresent(local -> plain.from(stream.index(), component, local));
                stream.defaultDestination(component)
                        .ifPresent(to -> connect(at, generation, stream.index(), PlainPaths.candidate(component, to)));
            }
        }
    }

    /** Takes a destination; one that has a name is asked for. */
    void connect(long at, Generation generation, int stream, Candidate destination) {
        if (destination.address() instanceof NamedAddress) {
            names.ask(at, generation, stream, destination);
            return;
        }
        if (isNowhere(destination)) {
            onHold = true;
            hold(at, stream, destination.component());
            return;
        }
        leading(stream, destination).ifPresent(local -> plain.from(stream, destination.component(), local));
        plain.connect(stream, destination).ifPresent(path -> {
            progress.permit(new PeerProgress.Permission(
                    stream, path.component(), path.pair().remote()));
            Optional<CandidatePair> before =
                    paths.active(stream, path.component()).map(ActivePair::pair);
            troubles.settled(stream, path.component());
            paths.ready(at, stream, path.component(), path.pair());
            paths.change(at, stream, path.component(), before, path.pair(), PathChange.WITHOUT_ICE);
        });
    }

    /** RFC 3264 §8.4: a telephone of old wants nothing sent while its c= line says 0.0.0.0. */
    private static boolean isNowhere(Candidate destination) {
        return destination
                .address()
                .socketAddress()
                .filter(address -> address.getAddress().isAnyLocalAddress())
                .isPresent();
    }

    private void hold(long at, int stream, int component) {
        if (plain.hold(stream, component)) {
            paths.lost(stream, component);
            String name = context.nameOf(stream);
            context.outbox()
                    .timeline()
                    .add(at, context.number(), () -> name + "/" + component + ": on hold by the peer");
        }
    }

    /**
     * A socket or a relay is gone. Its paths go on from what would be our default candidate now, if there is anything; the peer does not
     * learn of it but by an offer.
     *
     * @return whether an offer is due
     */
    boolean baseLost(long at, Base base, Cause cause) {
        boolean moved = false;
        for (PlainPaths.PlainPath path : plain.lose(base)) {
            ActivePair former = path.pair();
            narrate(
                    at,
                    path,
                    " leaves " + EventText.of(former.pair()) + ": the local socket is gone: " + cause.detail());
            GatheredCandidate other = local(path.stream(), path.component()).orElse(null);
            if (other != null && mend(at, path.stream(), path.component(), other, Optional.of(former.pair()))) {
                troubles.moved(path.stream(), path.component(), former, cause);
                moved = true;
            } else {
                troubles.lost(path.stream(), path.component(), former, cause);
                paths.lost(path.stream(), path.component());
            }
        }
        return moved;
    }

    /**
     * A candidate of ours was found: a path that was lost may go on from there, and one that there never was may begin.
     *
     * @return whether an offer is due: the peer was told of another address
     */
    boolean localFound(long at, GatheredCandidate found, RemoteLayout layout) {
        int stream = found.stream();
        int component = found.candidate().component();
        if (!plain.isMissing(stream, component)) {
            return false;
        }
        boolean first = !plain.wasConnected(stream, component);
        Optional<GatheredCandidate> local = local(stream, component);
        boolean mended = local.isPresent() && mend(at, stream, component, local.get(), Optional.empty());
        if (mended && first) {
            conclude(at, layout);
        }
        return mended && (troubles.mended(stream, component) || first);
    }

    /** What would be our default candidate, of those that lead to where a component sends to. */
    private Optional<GatheredCandidate> local(int stream, int component) {
        return plain.destination(stream, component).flatMap(destination -> leading(stream, destination));
    }

    private Optional<GatheredCandidate> leading(int stream, Candidate destination) {
        List<GatheredCandidate> leading = context.local().gatherer().candidates().stream()
                .filter(local -> PlainPaths.leads(local, destination))
                .toList();
        return context.describer().defaultOf(leading, stream, destination.component());
    }

    private boolean mend(long at, int stream, int component, GatheredCandidate local, Optional<CandidatePair> before) {
        boolean first = !plain.wasConnected(stream, component);
        Optional<PlainPaths.PlainPath> path = plain.mend(stream, component, local);
        path.ifPresent(mended -> {
            progress.permit(
                    new PeerProgress.Permission(stream, component, mended.pair().remote()));
            if (first) {
                paths.ready(at, stream, component, mended.pair());
            }
            PathChange cause = first ? PathChange.WITHOUT_ICE : PathChange.FAILOVER;
            paths.change(at, stream, component, before, mended.pair(), cause);
        });
        return !plain.isMissing(stream, component);
    }

    /** A packet did not get out, or something on the way sent it back. There is nothing else to try, but it is worth knowing. */
    void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        plain.between(base, to).ifPresent(path -> {
            if (troubles.refused(path.stream(), path.component(), cause)) {
                narrate(
                        at,
                        path,
                        ": the network says %s %s of what goes to %s"
                                .formatted(
                                        cause.kind(),
                                        cause.detail(),
                                        path.pair().pair().remote().address()));
            }
        });
    }

    private void narrate(long at, PlainPaths.PlainPath path, String what) {
        String name = context.nameOf(path.stream()) + "/" + path.component();
        context.outbox().timeline().add(at, context.number(), () -> name + what);
    }

    /** What is wrong with the paths. */
    List<PlainTroubles.Trouble> troubles() {
        return troubles.all();
    }

    long nextTimeout() {
        return Math.min(givesUpAt, context.keepalives().nextTimeout());
    }

    /** Patience has ended for what was lost: no interface came that the peer could be reached from. */
    void handleTimeout(long at) {
        context.keepalives().handleTimeout(at);
        if (at < givesUpAt) {
            return;
        }
        givesUpAt = Machine.NEVER;
        gaveUp = true;
        if (isAlone()) {
            progress.moveTo(at, IceState.FAILED);
            fail(at, "", troubles.all());
            return;
        }
        progress.plainLost(at, false);
        for (int stream : plain.lost()) {
            fail(
                    at,
                    context.nameOf(stream),
                    troubles.all().stream()
                            .filter(trouble -> trouble.stream() == stream)
                            .toList());
        }
    }

    private void fail(long at, String stream, List<PlainTroubles.Trouble> because) {
        String what = because.isEmpty()
                ? "the peer has no ICE, and it named no place that packets can go to from here"
                : because.stream()
                        .map(trouble ->
                                context.nameOf(trouble.stream()) + "/" + trouble.component() + " " + trouble.what())
                        .collect(Collectors.joining("; "));
        context.outbox()
                .peer(
                        at,
                        context.number(),
                        new IceEvent.Failed(new IceFailure(IceFailure.Kind.NO_PATH, what, stream, 0, 0, List.of())));
    }

    /**
     * Looks whether packets can go to all places that the peer has named. Where no stream has ICE, that says where the peer stands, once it
     * was connected; beside such that have, a path that is missing is one that was lost.
     */
    void review(long at) {
        boolean whole = plain.isWhole() && !isStranded();
        if (whole) {
            givesUpAt = Machine.NEVER;
            gaveUp = false;
        } else if (givesUpAt == Machine.NEVER && !gaveUp) {
            givesUpAt = at + context.config().timings().patience().toNanos();
        }
        progress.plainLost(at, !isAlone() && !whole && !gaveUp);
        if (isAlone()) {
            reviewAlone(at, whole);
        }
    }

    /** Where no stream has ICE: whether there is nowhere at all to send to, though the peer wants to hear something. */
    private boolean isStranded() {
        return isAlone() && plain.isEmpty() && !wanted.isEmpty() && !onHold;
    }

    private void reviewAlone(long at, boolean whole) {
        IceState state = progress.state();
        if (whole && !selected.isEmpty() && (state == IceState.DISCONNECTED || state == IceState.FAILED)) {
            progress.moveTo(at, IceState.COMPLETED);
        } else if (!whole && (state == IceState.CONNECTED || state == IceState.COMPLETED)) {
            progress.moveTo(at, IceState.DISCONNECTED);
        }
    }

    /** Descriptions or candidates came: where no stream has ICE, the peer is connected as soon as there is somewhere to send to. */
    void conclude(long at, RemoteLayout layout) {
        if (isAlone() && progress.state() == IceState.WAITING) {
            progress.moveTo(at, plain.isEmpty() ? IceState.CHECKING : IceState.CONNECTED);
        }
        if (!plain.isEmpty()) {
            for (StreamDescription stream : layout.plainStreams()) {
                if (selected.add(stream.index())) {
                    progress.select(at, stream.index());
                }
            }
            if (isAlone() && (progress.state() == IceState.CHECKING || progress.state() == IceState.CONNECTED)) {
                progress.moveTo(at, IceState.COMPLETED);
            }
        }
        review(at);
    }

    /** Keeps what is on the way to the peer open, where nobody asks for consent; on hold, too. */
    void drainTo(long at, Output<?> out) {
        PlainKeepalives keepalives = context.keepalives();
        keepalives.used(at, !plain.isEmpty());
        if (keepalives.takeDue()) {
            plain.paths()
                    .map(PlainPaths.PlainPath::pair)
                    .forEach(pair -> progress.send(at, pair.base(), pair.remote(), keepalives.write(), out));
        }
    }

    /** Whether a packet comes from where one of these sends to; it is then delivered. */
    boolean deliver(long at, Base base, InetSocketAddress from, ByteBuffer packet, MediaSink sink) {
        return !plain.isEmpty() && deliver(at, plain.between(base, from), from, packet, sink);
    }

    /** Whether a packet comes from the machine that one of these sends to, and some port of it; it is then delivered. */
    boolean deliverByAddress(long at, Base base, InetSocketAddress from, ByteBuffer packet, MediaSink sink) {
        return !plain.isEmpty() && deliver(at, plain.findByAddress(base, from), from, packet, sink);
    }

    private boolean deliver(
            long at, Optional<PlainPaths.PlainPath> path, InetSocketAddress from, ByteBuffer packet, MediaSink sink) {
        path.ifPresent(found -> paths.deliver(at, found.stream(), found.component(), from, packet, sink));
        return path.isPresent();
    }
}
