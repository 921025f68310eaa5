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
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sansio.Base;

/** The streams of one peer that run without ICE (RFC 8839 §4.2.5.2): where they send, and whose packets arrive. Not thread-safe. */
final class PlainStreams {

    private final PeerContext context;
    private final PeerPaths paths;
    private final PeerProgress progress;
    private final NamedCandidates names;
    private final PlainPaths plain = new PlainPaths();
    private final Set<Integer> selected = new HashSet<>();

    PlainStreams(PeerContext context, PeerPaths paths, PeerProgress progress, NamedCandidates names) {
        this.context = context;
        this.paths = paths;
        this.progress = progress;
        this.names = names;
    }

    boolean isSelected(int stream) {
        return selected.contains(stream);
    }

    /**
     * Sends to the default destinations of a description, from the bases of our default candidates. Streams that are removed end;
     * those that have ICE from now on keep their path until that has found one.
     */
    void start(long at, RemoteLayout layout, Generation generation) {
        Set<Integer> plainOnes =
                layout.plainStreams().stream().map(StreamDescription::index).collect(Collectors.toSet());
        selected.retainAll(plainOnes);
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
            hold(at, stream, destination.component());
            return;
        }
        plain.connect(stream, destination).ifPresent(path -> {
            progress.permit(new PeerProgress.Permission(
                    stream, path.component(), path.pair().remote()));
            Optional<CandidatePair> before =
                    paths.active(stream, path.component()).map(ActivePair::pair);
            paths.ready(at, stream, path.component(), path.pair());
            paths.change(at, stream, path.component(), before, path.pair(), PathChange.EARLY_MEDIA);
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

    /** Where no stream has ICE, the peer is connected as soon as there is somewhere to send to. */
    void conclude(long at, RemoteLayout layout) {
        if (progress.state() == IceState.WAITING) {
            progress.moveTo(at, plain.isEmpty() ? IceState.CHECKING : IceState.CONNECTED);
        }
        if (!plain.isEmpty()) {
            for (StreamDescription stream : layout.plainStreams()) {
                if (selected.add(stream.index())) {
                    progress.select(at, stream.index());
                }
            }
            progress.moveTo(at, IceState.COMPLETED);
        }
    }

    /** Whether a packet belongs to one of these; it is then delivered. */
    boolean deliver(long at, Base base, InetSocketAddress from, ByteBuffer packet, MediaSink sink) {
        if (plain.isEmpty()) {
            return false;
        }
        Optional<PlainPaths.PlainPath> path = plain.find(base, from);
        path.ifPresent(found -> paths.deliver(at, found.stream(), found.component(), from, packet, sink));
        return path.isPresent();
    }
}
