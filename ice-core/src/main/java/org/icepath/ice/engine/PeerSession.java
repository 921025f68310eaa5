// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import org.icepath.ice.agent.AgentEvent;
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
    private final Relays relays;
    private final PeerPaths paths;
    private final PlainPaths plain = new PlainPaths();
    private final Set<Permission> permissions = new LinkedHashSet<>();
    private final Set<Integer> selected = new HashSet<>();
    private final AgentEvents agentEvents = new AgentEvents();
    private final @Nullable IceAgent agent;
    private final PendingOffers offers;
    private RemoteLayout layout;
    private IceRole role;
    private IceState state = IceState.WAITING;
    private long now;
    private int names;
    private boolean newlySelected;

    /** An address of the peer's that relays must let through to a component of ours. */
    record Permission(int stream, int component, InetSocketAddress address) {}

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
        this.relays = relays;
        this.paths = new PeerPaths(number, config, outbox, relays);
        this.layout = layout;
        this.role = role;
        this.agent = agent;
        this.offers = new PendingOffers(number, config.profile().rules(), outbox);
    }

    int number() {
        return number;
    }

    IceRole role() {
        return role;
    }

    IceState state() {
        return state;
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
            if (own && selected.contains(path.stream()) && agent != null) {
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
                state,
                role,
                layout,
                agent == null ? List.of() : agent.snapshot(at).pairs(),
                inUse);
    }

    /** Whether a stream has been selected since this was asked last. */
    boolean takeSelected() {
        boolean taken = newlySelected;
        newlySelected = false;
        return taken;
    }

    boolean isSelected(int stream) {
        return selected.contains(stream);
    }

    boolean isCompleted() {
        return state == IceState.COMPLETED;
    }

    Set<Integer> selectedStreams() {
        return selected;
    }

    Set<Permission> permissions() {
        return permissions;
    }

    Optional<IceAgent> agent() {
        return Optional.ofNullable(agent);
    }

    /** Begins: our candidates so far, then the peer's. */
    void start(long at, List<GatheredCandidate> locals, int bestTypeToCome) {
        now = at;
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
        now = at;
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
        now = at;
        for (StreamDescription stream : layout.plainStreams()) {
            for (int component : layout.components(stream.index())) {
                describer
                        .defaultOf(locals, stream.index(), component)
                        .flatMap(local -> PlainPaths.between(stream, component, local))
                        .ifPresent(path -> startPlain(at, path));
            }
        }
        if (agent == null && state == IceState.WAITING) {
            moveTo(at, plain.isEmpty() ? IceState.CHECKING : IceState.CONNECTED);
            if (!plain.isEmpty()) {
                layout.plainStreams().forEach(stream -> select(at, stream.index()));
                moveTo(at, IceState.COMPLETED);
            }
        }
    }

    private void startPlain(long at, PlainPaths.PlainPath path) {
        plain.put(path);
        permit(new Permission(path.stream(), path.component(), path.pair().remote()));
        paths.ready(at, path.stream(), path.component(), path.pair());
        paths.change(at, path.stream(), path.component(), Optional.empty(), path.pair(), PathChange.EARLY_MEDIA);
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
        now = at;
        if (agent == null || !concerns(stream, candidate.component())) {
            outbox.peer(
                    at,
                    number,
                    new IceEvent.Ignored("candidate " + candidate.address() + " of stream " + stream + ", component "
                            + candidate.component() + ": there are no checks for it"));
        } else if (candidate.address() instanceof NamedAddress) {
            askName(at, stream, candidate);
        } else {
            agent.addRemote(at, stream, candidate);
        }
    }

    void endOfRemote(long at) {
        now = at;
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
            outbox.peer(
                    at,
                    number,
                    new IceEvent.Ignored(
                            "candidate " + candidate.address() + ": " + MAX_NAMES + " names were looked up already"));
        }
    }

    /** Whether the agent takes a STUN message. */
    boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        now = at;
        return agent != null && agent.handle(at, base, from, payload);
    }

    /** Whether a packet of the application's protocol is this peer's; it is then delivered. */
    boolean deliver(long at, Base base, InetSocketAddress from, ByteBuffer packet, MediaSink sink) {
        int place = agent == null ? -1 : agent.componentOf(base, from);
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
        now = at;
        if (agent != null) {
            agent.handleTimeout(at);
        }
    }

    long nextTimeout() {
        return agent == null ? Machine.NEVER : agent.nextTimeout();
    }

    /** Hands over what the agent sends; what it says is translated. */
    void drainTo(long at, Output<?> out) {
        now = at;
        if (agent != null) {
            agentEvents.out = out;
            agent.drainTo(agentEvents);
            agentEvents.out = null;
        }
    }

    void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        now = at;
        if (agent != null) {
            agent.sendFailed(at, base, to, cause);
        }
    }

    void baseLost(long at, Base base, Cause cause) {
        now = at;
        if (agent != null) {
            agent.baseLost(at, base, cause);
        }
    }

    void close(long at) {
        now = at;
        if (agent != null) {
            agent.close(at);
        }
        paths.close();
        if (state != IceState.CLOSED) {
            moveTo(at, IceState.CLOSED);
        }
    }

    private void moveTo(long at, IceState next) {
        IceState from = state;
        if (from == next) {
            return;
        }
        if (!from.successors().contains(next)) {
            throw new IllegalStateException("peer " + number + " from " + from + " to " + next);
        }
        state = next;
        outbox.peer(at, number, new IceEvent.StateChanged(from, next));
    }

    private void select(long at, int stream) {
        selected.add(stream);
        newlySelected = true;
        outbox.peer(at, number, new IceEvent.StreamSelected(nameOf(stream)));
    }

    private void permit(Permission permission) {
        if (permissions.add(permission)) {
            relays.permit(permission.stream(), permission.component(), permission.address());
        }
    }

    private String nameOf(int stream) {
        return config.streams().get(stream).name();
    }

    private void onAgentEvent(AgentEvent event) {
        if (event instanceof AgentEvent.Ready ready) {
            paths.ready(now, ready.stream(), ready.component(), ready.pair());
        } else if (event instanceof AgentEvent.PathChanged changed) {
            paths.change(
                    now,
                    changed.stream(),
                    changed.component(),
                    changed.from().map(ActivePair::pair),
                    changed.to(),
                    changed.cause());
        } else if (event instanceof AgentEvent.NoPath lost) {
            paths.lost(lost.stream(), lost.component());
        } else if (event instanceof AgentEvent.ConsentLost lost) {
            paths.consentLost(now, lost.stream(), lost.component(), lost.pair());
        } else if (event instanceof AgentEvent.RemoteKnown known) {
            permit(new Permission(known.stream(), known.component(), known.address()));
        } else if (event instanceof AgentEvent.Selected all) {
            select(now, all.stream());
            offers.selected(now, this);
        } else {
            onRareEvent(event);
        }
    }

    private void onRareEvent(AgentEvent event) {
        if (event instanceof AgentEvent.StateChanged changed) {
            state = changed.to();
            outbox.peer(now, number, new IceEvent.StateChanged(changed.from(), changed.to()));
        } else if (event instanceof AgentEvent.RoleChanged changed) {
            role = changed.role();
            outbox.peer(now, number, new IceEvent.RoleChanged(role));
        } else if (event instanceof AgentEvent.FirstCheck check) {
            outbox.peer(
                    now,
                    number,
                    new IceEvent.FirstCheckReceived(nameOf(check.stream()), check.component(), check.from()));
        } else if (event instanceof AgentEvent.Failed failed) {
            outbox.peer(now, number, new IceEvent.Failed(failed.failure()));
        } else if (event instanceof AgentEvent.Ignored ignored) {
            outbox.peer(now, number, new IceEvent.Ignored(ignored.reason()));
        } else if (event instanceof AgentEvent.PeerReflexiveFound found) {
            outbox.timeline()
                    .add(
                            now,
                            number,
                            nameOf(found.stream()) + ": " + (found.local() ? "our" : "the peer's")
                                    + " peer-reflexive candidate "
                                    + found.candidate().address() + " became known");
        } else if (event instanceof AgentEvent.Nominated nominated) {
            outbox.timeline()
                    .add(
                            now,
                            number,
                            nameOf(nominated.stream()) + "/" + nominated.component() + " nominated "
                                    + EventText.of(nominated.pair().pair()));
        }
    }

    /** The agent's output: events are ours, datagrams go on. One object, since each packet is followed by a drain. */
    private final class AgentEvents implements Output<AgentEvent> {
        private @Nullable Output<?> out;

        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            Output<?> target = out;
            if (target == null) {
                throw new IllegalStateException("drained without a target");
            }
            if (Relays.isRelay(base)) {
                relays.transmit(now, base, to, payload, target);
            } else {
                target.transmit(base, to, payload);
            }
        }

        @Override
        public void event(AgentEvent event) {
            onAgentEvent(event);
        }
    }
}
