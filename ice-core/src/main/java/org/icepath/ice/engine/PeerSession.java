// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.agent.IceAgent;
import org.icepath.ice.agent.LocalCandidate;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;

/**
 * One peer of a session: its agent for the streams with ICE, plain paths for the others. Translates what the agent says into what
 * the application is told. Not thread-safe.
 */
final class PeerSession {

    /** Names that are looked up for one peer: the peer chooses how many it sends. */
    private static final int MAX_NAMES = 10;

    private final int number;
    private final IceConfig config;
    private final EngineOutbox outbox;
    private final PeerPaths paths;
    private final PlainPaths plain = new PlainPaths();
    private final PeerProgress progress;
    private final @Nullable IceAgent agent;
    private final PendingOffers offers;
    private RemoteLayout layout;
    private int names;

    PeerSession(
            int number,
            IceConfig config,
            EngineOutbox outbox,
            Relays relays,
            RemoteLayout layout,
            IceRole role,
            @Nullable IceAgent agent) {
        this.number = number;
        this.config = config;
        this.outbox = outbox;
        this.paths = new PeerPaths(number, config, outbox, relays);
        this.layout = layout;
        this.progress = new PeerProgress(number, config, outbox, relays, paths, role);
        this.agent = agent;
        this.offers = new PendingOffers(number, config.profile().rules(), outbox);
    }

    int number() {
        return number;
    }

    IceRole role() {
        return progress.role();
    }

    IceState state() {
        return progress.state();
    }

    RemoteLayout layout() {
        return layout;
    }

    PeerPaths paths() {
        return paths;
    }

    PendingOffers offers() {
        return offers;
    }

    /** The selected pairs of the streams that have them, by stream. */
    Map<Integer, List<CandidatePair>> selectedPairs() {
        Map<Integer, List<CandidatePair>> pairs = new HashMap<>();
        for (PathState path : paths.all()) {
            boolean own = layout.components(path.stream()).contains(path.component());
            if (own && progress.selected().contains(path.stream()) && agent != null) {
                path.active().ifPresent(active -> pairs.computeIfAbsent(path.stream(), stream -> new ArrayList<>())
                        .add(active.pair()));
            }
        }
        return pairs;
    }

    PeerSnapshot snapshot(long at) {
        List<PeerSnapshot.PathSnapshot> inUse = paths.all().stream()
                .map(path -> new PeerSnapshot.PathSnapshot(
                        path.stream(),
                        path.component(),
                        path.active().map(ActivePair::pair).stream().toList()))
                .toList();
        return new PeerSnapshot(
                number,
                progress.state(),
                progress.role(),
                layout,
                agent == null ? List.of() : agent.snapshot(at).pairs(),
                inUse);
    }

    PeerProgress progress() {
        return progress;
    }

    boolean isSelected(int stream) {
        return progress.selected().contains(stream);
    }

    boolean isCompleted() {
        return progress.state() == IceState.COMPLETED;
    }

    Optional<IceAgent> agent() {
        return Optional.ofNullable(agent);
    }

    /** Begins: our candidates so far, then the peer's. */
    void start(long at, List<GatheredCandidate> locals, int bestTypeToCome) {
        muxStreams(at);
        for (StreamDescription stream : layout.plainStreams()) {
            layout.whyPlain(stream).ifPresent(why -> outbox.timeline()
                    .add(at, number, nameOf(stream.index()) + ": without ICE, because " + why));
        }
        if (agent != null) {
            locals.forEach(local -> addLocal(at, local));
            agent.localToCome(at, bestTypeToCome);
            agent.setRemote(at, withoutNames(at, layout.remote()));
            if (layout.complete()) {
                agent.endOfRemote(at);
            }
        }
    }

    /**
     * Takes a further description of the same dialog.
     *
     * @throws IceException when it begins another generation or cannot be used
     */
    void update(long at, RemoteLayout further) {
        if (!further.sameCredentials(layout) || further.iceStreams().isEmpty() != (agent == null)) {
            throw new IceException(IceFailure.of(
                    IceFailure.Kind.UNUSABLE_DESCRIPTION,
                    "the description begins another generation, and ICE restarts are not supported yet"));
        }
        layout = further;
        muxStreams(at);
        if (agent != null) {
            agent.setRemote(at, withoutNames(at, further.remote()));
            if (further.complete()) {
                agent.endOfRemote(at);
            }
        }
    }

    private void muxStreams(long at) {
        for (StreamDescription stream : layout.used()) {
            if (layout.muxed(stream.index())) {
                paths.mux(stream.index());
                if (agent != null && !layout.plain(stream)) {
                    agent.freeComponent(at, stream.index(), Candidate.RTCP);
                }
            }
        }
    }

    /** Sends without ICE where there is none, from the bases of our default candidates. */
    void startPlain(long at, Describer describer, List<GatheredCandidate> locals) {
        for (StreamDescription stream : layout.plainStreams()) {
            for (int component : layout.components(stream.index())) {
                describer
                        .defaultOf(locals, stream.index(), component)
                        .ifPresent(local -> plain.from(stream.index(), component, local));
                stream.defaultDestination(component)
                        .ifPresent(to -> connect(at, stream.index(), PlainPaths.candidate(component, to)));
            }
        }
        conclude(at);
    }

    /** Without an agent, a peer is connected as soon as there is somewhere to send to. */
    private void conclude(long at) {
        if (agent != null) {
            return;
        }
        if (progress.state() == IceState.WAITING) {
            progress.moveTo(at, plain.isEmpty() ? IceState.CHECKING : IceState.CONNECTED);
        }
        if (!plain.isEmpty() && progress.state() != IceState.COMPLETED) {
            layout.plainStreams().forEach(stream -> progress.select(at, stream.index()));
            progress.moveTo(at, IceState.COMPLETED);
        }
    }

    private void connect(long at, int stream, Candidate destination) {
        if (destination.address() instanceof NamedAddress) {
            askName(at, stream, destination);
            return;
        }
        plain.connect(stream, destination).ifPresent(path -> {
            progress.permit(new PeerProgress.Permission(
                    stream, path.component(), path.pair().remote()));
            paths.ready(at, stream, path.component(), path.pair());
            paths.change(at, stream, path.component(), Optional.empty(), path.pair(), PathChange.EARLY_MEDIA);
        });
    }

    void addLocal(long at, GatheredCandidate local) {
        if (agent != null && concerns(local.stream(), local.candidate().component())) {
            agent.addLocal(at, local.stream(), new LocalCandidate(local.candidate(), local.base()));
        }
    }

    void localToCome(long at, int bestTypePreference) {
        if (agent != null) {
            agent.localToCome(at, bestTypePreference);
        }
    }

    /** Takes a trickled candidate, or what a name has resolved to. */
    void addRemote(long at, int stream, Candidate candidate) {
        boolean isPlain = layout.plainStreams().stream().anyMatch(each -> each.index() == stream);
        if (isPlain && !(candidate.address() instanceof NamedAddress)) {
            connect(at, stream, candidate);
            conclude(at);
        } else if (agent == null || !concerns(stream, candidate.component())) {
            ignore(at, candidate, "there are no checks for stream " + stream + ", component " + candidate.component());
        } else if (candidate.address() instanceof NamedAddress) {
            askName(at, stream, candidate);
        } else {
            agent.addRemote(at, stream, candidate);
        }
    }

    private void ignore(long at, Candidate candidate, String why) {
        outbox.peer(at, number, new IceEvent.Ignored("candidate " + candidate.address() + ": " + why));
    }

    void endOfRemote(long at) {
        if (agent != null) {
            agent.endOfRemote(at);
        }
    }

    private boolean concerns(int stream, int component) {
        return layout.iceStreams().stream()
                .anyMatch(each -> each.index() == stream && each.components().contains(component));
    }

    /** The description without the candidates that have names; these are asked for. */
    private IceDescription withoutNames(long at, IceDescription remote) {
        IceDescription.Builder described = remote.toBuilder();
        for (StreamDescription stream : remote.streams()) {
            List<Candidate> named = stream.candidates().stream()
                    .filter(candidate -> candidate.address() instanceof NamedAddress)
                    .toList();
            if (!named.isEmpty()) {
                described.replaceStream(withoutNames(stream));
                named.stream()
                        .filter(candidate -> concerns(stream.index(), candidate.component()))
                        .forEach(candidate -> askName(at, stream.index(), candidate));
            }
        }
        return described.build();
    }

    private static StreamDescription withoutNames(StreamDescription stream) {
        List<Candidate> addressed = stream.candidates().stream()
                .filter(candidate -> !(candidate.address() instanceof NamedAddress))
                .toList();
        return stream.toBuilder().clearCandidates().candidates(addressed).build();
    }

    private void askName(long at, int stream, Candidate candidate) {
        if (names++ < MAX_NAMES) {
            outbox.tell(new EngineEvent.ResolveName(number, stream, candidate));
        } else {
            ignore(at, candidate, MAX_NAMES + " names were looked up already");
        }
    }

    /** Whether the agent takes a STUN message. */
    boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        return agent != null && agent.handle(at, base, from, payload);
    }

    /** Whether a packet of the application's protocol is this peer's; it is then delivered. */
    boolean deliver(long at, Base base, InetSocketAddress from, ByteBuffer packet, MediaSink sink) {
        int place = agent == null ? -1 : agent.dataArrived(at, base, from);
        if (place >= 0) {
            paths.deliver(at, IceAgent.streamIn(place), IceAgent.componentIn(place), from, packet, sink);
            return true;
        }
        if (plain.isEmpty()) {
            return false;
        }
        Optional<PlainPaths.PlainPath> path = plain.find(base, from);
        path.ifPresent(found -> paths.deliver(at, found.stream(), found.component(), from, packet, sink));
        return path.isPresent();
    }

    void handleTimeout(long at) {
        if (agent != null) {
            agent.handleTimeout(at);
        }
    }

    long nextTimeout() {
        return agent == null ? Machine.NEVER : agent.nextTimeout();
    }

    /** Hands over what the agent sends; what it says is translated. */
    void drainTo(long at, Output<?> out) {
        if (agent != null) {
            progress.drain(at, agent, out);
            if (progress.hasNewlySelected()) {
                offers.selected(at, this);
            }
        }
    }

    void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        if (agent != null) {
            agent.sendFailed(at, base, to, cause);
        }
    }

    void baseLost(long at, Base base, Cause cause) {
        if (agent != null) {
            agent.baseLost(at, base, cause);
        }
    }

    void close(long at) {
        if (agent != null) {
            agent.close(at);
        }
        paths.close();
        if (progress.state() != IceState.CLOSED) {
            progress.moveTo(at, IceState.CLOSED);
        }
    }

    private String nameOf(int stream) {
        return config.streams().get(stream).name();
    }
}
