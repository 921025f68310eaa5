// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.Generation;
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
import org.icepath.ice.agent.StreamLayout;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;

/**
 * One peer of a session: the generations of the streams with ICE, plain paths for the others, and what was offered and answered. Not
 * thread-safe.
 */
final class PeerSession {

    private final int number;
    private final IceConfig config;
    private final EngineOutbox outbox;
    private final LocalSide local;
    private final PeerPaths paths;
    private final PlainPaths plain = new PlainPaths();
    private final Set<Integer> plainSelected = new HashSet<>();
    private final Generations generations = new Generations();
    private final PeerProgress progress;
    private final Exchanges exchanges;
    private final PendingOffers offers;
    private final NamedCandidates names;
    private RemoteLayout layout;
    private boolean wasConnected;

    PeerSession(
            int number,
            IceConfig config,
            EngineOutbox outbox,
            LocalSide local,
            Agents agents,
            OurGeneration first,
            RemoteLayout layout,
            IceRole role) {
        this.number = number;
        this.config = config;
        this.outbox = outbox;
        this.local = local;
        this.paths = new PeerPaths(number, config, outbox, local.relays());
        this.layout = layout;
        this.progress = new PeerProgress(number, config, outbox, local.relays(), paths, generations, role);
        this.exchanges = new Exchanges(agents, first, generations, progress);
        this.offers = new PendingOffers(number, config.profile().rules(), outbox);
        this.names = new NamedCandidates(number, outbox);
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

    PeerProgress progress() {
        return progress;
    }

    /** Whether an offer of ours is neither answered nor rolled back. */
    boolean hasOpenOffer() {
        return exchanges.isOpen();
    }

    /** The generation of the latest exchange of descriptions. */
    Generation generation() {
        return generations.latest().map(PeerGeneration::name).orElse(new Generation(0, ""));
    }

    /** The selected pairs of the streams that have them in their latest generation, by stream. */
    Map<Integer, List<CandidatePair>> selectedPairs() {
        Map<Integer, List<CandidatePair>> pairs = new HashMap<>();
        for (PathState path : paths.all()) {
            boolean own = layout.components(path.stream()).contains(path.component());
            if (own && isSelected(path.stream()) && !generations.isEmpty()) {
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
        return new PeerSnapshot(number, progress.state(), progress.role(), layout, generations.pairs(at), inUse);
    }

    boolean isSelected(int stream) {
        return generations
                .latestOf(stream)
                .map(latest -> latest.selected().contains(stream))
                .orElse(plainSelected.contains(stream));
    }

    boolean isCompleted() {
        return progress.state() == IceState.COMPLETED;
    }

    /** Begins: our candidates so far, then the peer's. */
    void start(long at) {
        muxStreams(at);
        for (StreamDescription stream : layout.plainStreams()) {
            layout.whyPlain(stream).ifPresent(why -> outbox.timeline()
                    .add(at, number, nameOf(stream.index()) + ": without ICE, because " + why));
        }
        if (!layout.iceStreams().isEmpty()) {
            begin(at, layout.iceStreams(), true);
            describeRemote(at);
        }
    }

    private void begin(long at, List<StreamLayout> streams, boolean answer) {
        PeerGeneration generation = exchanges.begin(at, layout, streams, answer);
        local.gatherer().candidates().forEach(candidate -> addLocal(at, generation, candidate));
        generation.agent().localToCome(at, local.bestTypeToCome());
    }

    /** Each generation takes what concerns it; one that is replaced learns nothing new. */
    private void describeRemote(long at) {
        IceDescription addressed = names.without(at, layout, generation());
        for (PeerGeneration generation : List.copyOf(generations.all())) {
            if (generation.retireAt() == Machine.NEVER) {
                generation.setRemote(at, addressed, layout.complete());
            }
        }
    }

    /**
     * Takes a further description of the same dialog. Other credentials than before, or any after we have offered a restart, begin
     * another generation (RFC 8839 §4.4.1.1.1).
     *
     * @param answer whether it answers an offer of ours
     * @throws IceException when it turns ICE on or off
     */
    void update(long at, RemoteLayout further, boolean answer) {
        if (further.iceStreams().isEmpty() != generations.isEmpty()) {
            throw new IceException(IceFailure.of(
                    IceFailure.Kind.UNUSABLE_DESCRIPTION,
                    "the description turns ICE " + (generations.isEmpty() ? "on" : "off")
                            + ", which this dialog cannot do any more"));
        }
        List<StreamLayout> renewed = exchanges.renewed(further, answer);
        layout = further;
        muxStreams(at);
        if (!renewed.isEmpty()) {
            begin(at, renewed, answer);
            outbox.timeline()
                    .add(
                            at,
                            number,
                            "an ICE restart begins generation " + generation().number());
        }
        if (answer) {
            exchanges.settle();
            offers.accepted();
        }
        if (!generations.isEmpty()) {
            describeRemote(at);
        }
    }

    /** Our offer: with fresh credentials and all candidates if a restart is due, else with the selected pairs where there are any. */
    IceDescription offer(long at, Describer describer) {
        boolean again = exchanges.isOpen();
        exchanges.open(offers.restartDue());
        IceDescription offer = describe(describer);
        offers.offered(offer, again);
        return offer;
    }

    /** Our description for an answer. */
    IceDescription answer(Describer describer, boolean restarted) {
        IceDescription answer = describe(describer);
        offers.answered(answer, restarted);
        return answer;
    }

    private IceDescription describe(Describer describer) {
        return describer.towards(
                layout.remote(),
                local.gatherer().candidates(),
                local.gatherer().complete(),
                exchanges.proposesRestart() ? Map.of() : selectedPairs(),
                role() == IceRole.CONTROLLING,
                exchanges::credentials);
    }

    /** Our open offer counts for nothing, if there is one. */
    void rollBack(long at) {
        if (exchanges.isOpen()) {
            exchanges.settle();
            offers.rolledBack(at);
        }
    }

    /** Acts upon the checks of the latest generation that came before the peer's description. */
    void replayEarlyChecks(long at) {
        generations.latest().ifPresent(latest -> latest.ours()
                .early()
                .take(latest.name().remoteUfrag())
                .forEach(check -> latest.agent().replay(at, check)));
    }

    private void muxStreams(long at) {
        for (StreamDescription stream : layout.used()) {
            if (layout.muxed(stream.index())) {
                paths.mux(stream.index());
                generations.all().forEach(each -> each.agent().freeComponent(at, stream.index(), Candidate.RTCP));
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
        if (!generations.isEmpty()) {
            return;
        }
        if (progress.state() == IceState.WAITING) {
            progress.moveTo(at, plain.isEmpty() ? IceState.CHECKING : IceState.CONNECTED);
        }
        if (!plain.isEmpty() && progress.state() != IceState.COMPLETED) {
            for (StreamDescription stream : layout.plainStreams()) {
                plainSelected.add(stream.index());
                progress.select(at, stream.index());
            }
            progress.moveTo(at, IceState.COMPLETED);
        }
    }

    private void connect(long at, int stream, Candidate destination) {
        if (destination.address() instanceof NamedAddress) {
            names.ask(at, generation(), stream, destination);
            return;
        }
        plain.connect(stream, destination).ifPresent(path -> {
            progress.permit(new PeerProgress.Permission(
                    stream, path.component(), path.pair().remote()));
            paths.ready(at, stream, path.component(), path.pair());
            paths.change(at, stream, path.component(), Optional.empty(), path.pair(), PathChange.EARLY_MEDIA);
        });
    }

    void addLocal(long at, GatheredCandidate candidate) {
        for (PeerGeneration generation : generations.all()) {
            if (generation.retireAt() == Machine.NEVER) {
                addLocal(at, generation, candidate);
            }
        }
    }

    private static void addLocal(long at, PeerGeneration generation, GatheredCandidate candidate) {
        if (generation.concerns(candidate.stream(), candidate.candidate().component())) {
            generation
                    .agent()
                    .addLocal(at, candidate.stream(), new LocalCandidate(candidate.candidate(), candidate.base()));
        }
    }

    void localToCome(long at, int bestTypePreference) {
        generations.all().forEach(each -> each.agent().localToCome(at, bestTypePreference));
    }

    /** Takes a trickled candidate, or what a name has resolved to. */
    void addRemote(long at, Generation of, int stream, Candidate candidate) {
        boolean isPlain = layout.plainStreams().stream().anyMatch(each -> each.index() == stream);
        if (isPlain && !(candidate.address() instanceof NamedAddress)) {
            connect(at, stream, candidate);
            conclude(at);
            return;
        }
        Optional<PeerGeneration> generation = generations.named(of.remoteUfrag());
        if (generation.isEmpty() || !generation.get().concerns(stream, candidate.component())) {
            ignore(at, candidate, "there are no checks for stream " + stream + ", component " + candidate.component());
        } else if (candidate.address() instanceof NamedAddress) {
            names.ask(at, of, stream, candidate);
        } else {
            generation.get().agent().addRemote(at, stream, candidate);
        }
    }

    private void ignore(long at, Candidate candidate, String why) {
        outbox.peer(at, number, new IceEvent.Ignored("candidate " + candidate.address() + ": " + why));
    }

    void endOfRemote(long at, Generation of) {
        generations
                .named(of.remoteUfrag())
                .ifPresent(generation -> generation.agent().endOfRemote(at));
    }

    /** Whether an agent takes a STUN message, or what we told this peer alone is checked early. */
    boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        return generations.handle(at, base, from, payload) || exchanges.handle(at, base, from, payload);
    }

    boolean knowsEarly(Base base, InetSocketAddress from) {
        return exchanges.knowsEarly(base, from);
    }

    /** Whether a packet of the application's protocol is this peer's; it is then delivered. */
    boolean deliver(long at, Base base, InetSocketAddress from, ByteBuffer packet, MediaSink sink) {
        int place = generations.dataArrived(at, base, from);
        if (place != IceAgent.NOBODY) {
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
        generations.handleTimeout(at);
    }

    long nextTimeout() {
        return generations.nextTimeout();
    }

    /** Hands over what the agents send; what they say is translated. */
    void drainTo(long at, Output<?> out) {
        for (int i = 0; i < generations.all().size(); i++) {
            progress.drain(at, generations.all().get(i), out);
        }
        exchanges.drainTo(at, out);
        if (progress.hasNewlySelected()) {
            offers.selected(at, this);
        }
        if (progress.takeMoved()) {
            offers.moved(at, state(), wasConnected);
            wasConnected |= state() == IceState.CONNECTED || state() == IceState.COMPLETED;
        }
    }

    void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        generations.all().forEach(each -> each.agent().sendFailed(at, base, to, cause));
    }

    void baseLost(long at, Base base, Cause cause) {
        generations.all().forEach(each -> each.agent().baseLost(at, base, cause));
    }

    void close(long at) {
        generations.close(at);
        paths.close();
        if (progress.state() != IceState.CLOSED) {
            progress.moveTo(at, IceState.CLOSED);
        }
    }

    private String nameOf(int stream) {
        return config.streams().get(stream).name();
    }
}
