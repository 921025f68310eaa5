// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.SessionRules;
import org.icepath.ice.agent.LocalCandidate;
import org.icepath.ice.agent.StreamLayout;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;

/**
 * What is offered and answered between us and one peer, and what that makes of its streams: generations with ICE, plain paths without
 * (RFC 8839 §4). Not thread-safe.
 */
final class Dialog {

    private final PeerContext context;
    private final PeerPaths paths;
    private final Generations generations;
    private final PeerProgress progress;
    private final Exchanges exchanges;
    private final PlainStreams plain;
    private final PendingOffers offers;
    private final NamedCandidates names;
    private final RemoteCandidates remotes;
    private final Set<Integer> fresh = new HashSet<>();
    private final WaitingAnswer waitingAnswer;
    private RemoteLayout layout;

    /** @param layout the peer's first description */
    Dialog(
            PeerContext context,
            PeerPaths paths,
            Generations generations,
            PeerProgress progress,
            Exchanges exchanges,
            RemoteLayout layout) {
        this.context = context;
        this.paths = paths;
        this.generations = generations;
        this.progress = progress;
        this.exchanges = exchanges;
        this.layout = layout;
        this.names = new NamedCandidates(context.number(), context.outbox());
        this.remotes = new RemoteCandidates(generations, names);
        this.plain = new PlainStreams(context, paths, generations, progress, names);
        this.waitingAnswer = new WaitingAnswer(context, paths, generations);
        this.offers = new PendingOffers(context.number(), context.outbox(), context.describer(), context.glare());
    }

    RemoteLayout layout() {
        return layout;
    }

    PendingOffers offers() {
        return offers;
    }

    /** When things are done towards this peer, as far as it is known. */
    SessionRules rules() {
        return generations
                .latest()
                .map(latest -> latest.agent().rules())
                .orElse(context.config().profile().rules());
    }

    PlainStreams plain() {
        return plain;
    }

    /** A stream was added to our side: our next offer has it, though the peer may have refused the one before it in its place. */
    void added(long at, int stream) {
        fresh.add(stream);
        progress.forget(at, stream);
        paths.renew(stream, context.streams().get(stream));
        layout = layout.over(context.streams());
    }

    /** A stream of our side ends: our next description refuses it. */
    void removed(int stream) {
        fresh.remove(stream);
        layout = layout.over(context.streams());
        paths.bundle(layout.bundles());
        endUnused(Set.of(stream));
        progress.look();
    }

    /** The streams that both sides have and ICE has failed for; others may work. */
    List<Integer> failedStreams() {
        return layout.iceStreams().stream()
                .map(StreamLayout::index)
                .filter(generations::hasFailed)
                .toList();
    }

    /** Whether an offer of ours is neither answered nor rolled back. */
    boolean hasOpenOffer() {
        return exchanges.isOpen();
    }

    /** The generation of the latest exchange of descriptions. */
    Generation generation() {
        return generations.name();
    }

    boolean isSelected(int stream) {
        int carrier = layout.bundled().getOrDefault(stream, stream);
        return generations
                .latestOf(carrier)
                .map(latest -> latest.isSelected(carrier))
                .orElse(plain.isSelected(carrier));
    }

    /** Begins with the peer's first description: our candidates so far, then the peer's. */
    void start(long at) {
        muxStreams(at);
        for (StreamDescription stream : layout.plainStreams()) {
            layout.whyPlain(stream)
                    .ifPresent(why -> tell(at, context.nameOf(stream.index()) + ": without ICE, because " + why));
        }
        if (!layout.iceStreams().isEmpty()) {
            begin(at, layout.iceStreams(), true);
            describeRemote(at);
        }
    }

    /**
     * Takes a further description of the same dialog. Other credentials than before, or any after we have offered a restart, begin
     * another generation (RFC 8839 §4.4.1.1.1).
     *
     * @param answer whether it answers an offer of ours
     * @return whether ICE restarts for a stream
     */
    boolean update(long at, RemoteLayout further, boolean answer) {
        if (further.iceStreams().isEmpty() && !generations.isEmpty()) {
            // a call that is transferred may end at a telephone without ICE
            progress.endGenerations(at);
            tell(at, "the peer goes on without ICE");
        }
        List<StreamLayout> renewed = exchanges.renewed(further, answer);
        boolean restarts = renewed.stream()
                .anyMatch(stream -> generations.latestOf(stream.index()).isPresent());
        if (restarts) {
            context.local().restarted(at);
        }
        RemoteLayout before = layout;
        layout = further;
        fresh.removeIf(stream -> answer ? offers.hasTold(stream) : !further.lacks(stream));
        muxStreams(at);
        // what goes on without ICE while others keep it is no longer the agents' affair
        layout.plainStreams().stream()
                .map(StreamDescription::index)
                .filter(stream -> generations.latestOf(stream).isPresent())
                .forEach(stream -> progress.forget(at, stream));
        endRefused(at);
        partStreams(before);
        if (!renewed.isEmpty()) {
            begin(at, renewed, answer);
            tell(
                    at,
                    (restarts ? "an ICE restart begins" : "streams with ICE begin") + " generation "
                            + generation().number());
        }
        if (answer) {
            exchanges.settle();
            offers.accepted();
        }
        if (!generations.isEmpty()) {
            describeRemote(at);
        }
        if (further.iceStreams().stream().anyMatch(this::lacksPart)) {
            tell(at, "the peer wants a component that has no part any more, which takes an ICE restart");
            offers.restart(at);
        }
        progress.look();
        return restarts;
    }

    /**
     * What one side refuses is no affair of the agents' any more, and keeps none of them: if the peer brings it back, it begins anew (RFC
     * 3264 §8.1, RFC 8839 §4.4.1.1.3).
     */
    private void endRefused(long at) {
        for (int stream = 0; stream < context.streams().size(); stream++) {
            int index = stream;
            boolean used = layout.used().stream().anyMatch(each -> each.index() == index);
            if (!used && generations.latestOf(index).isPresent()) {
                progress.forget(at, index);
                paths.end(index);
                tell(at, context.nameOf(index) + ": one of the two sides has no such stream any more");
            }
        }
    }

    /** Whether a description has more components than the generation of the stream. */
    private boolean lacksPart(StreamLayout described) {
        return !generations.components(layout, described.index()).containsAll(described.components());
    }

    /** What went with others goes its own way from now on, or ends. */
    private void partStreams(RemoteLayout before) {
        endUnused(before.bundled().keySet());
        endUnused(before.bundles().heirs().keySet());
        layout.used().stream()
                .map(StreamDescription::index)
                .filter(stream -> before.muxed(stream) && !layout.muxed(stream))
                .forEach(paths::unmux);
    }

    private void endUnused(Set<Integer> streams) {
        streams.stream()
                .filter(stream ->
                        !layout.has(stream) && !layout.bundles().heirs().containsKey(stream))
                .forEach(paths::end);
    }

    private void begin(long at, List<StreamLayout> streams, boolean answer) {
        remotes.renewed(streams);
        PeerGeneration generation = exchanges.begin(at, layout, streams, answer);
        context.local().gatherer().candidates().forEach(candidate -> addLocal(at, generation, candidate));
        generation.agent().localToCome(at, context.local().bestTypeToCome());
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

    private void muxStreams(long at) {
        layout.bundled().keySet().stream()
                .filter(stream -> generations.latestOf(stream).isPresent())
                .forEach(stream -> progress.forget(at, stream));
        paths.bundle(layout.bundles());
        for (StreamDescription stream : layout.used()) {
            if (layout.muxed(stream.index())) {
                paths.mux(stream.index());
                generations.all().forEach(each -> each.agent().freeComponent(at, stream.index(), Candidate.RTCP));
            }
        }
    }

    /** Sends without ICE where there is none; before our description is due, there is nowhere to send from. */
    void startPlain(long at) {
        plain.start(at, layout, generation());
        plain.conclude(at, layout);
    }

    /** A socket or a relay is gone that streams without ICE may have sent from. */
    void baseLost(long at, Base base, Cause cause) {
        reviewPlain(at, plain.baseLost(at, base, cause));
    }

    private void reviewPlain(long at, boolean moved) {
        if (moved) {
            offers.pathMoved(at);
        }
        plain.review(at);
    }

    void handleTimeout(long at) {
        offers.handleTimeout(at);
        plain.handleTimeout(at);
    }

    long nextTimeout() {
        return Math.min(plain.nextTimeout(), offers.nextTimeout());
    }

    /** Our offer: with fresh credentials and all candidates if a restart is due, else with the selected pairs where there are any. */
    IceDescription offer() {
        boolean again = exchanges.isOpen();
        exchanges.open(offers.restartDue());
        IceDescription offer = ours().offer(fresh);
        offers.offered(offer, again, exchanges.proposesRestart());
        return offer;
    }

    /** Our description for an answer; a stream that the peer has without ICE is answered without (RFC 8839 §4.2.5). */
    IceDescription answer(boolean restarted) {
        IceDescription answer = ours().answer();
        offers.answered(answer, restarted);
        return answer;
    }

    /** Whether a candidate of ours has not gone since it was found. */
    boolean isThere(GatheredCandidate candidate) {
        return context.local().gatherer().candidates().contains(candidate);
    }

    /** Our side as it is told to this peer now. */
    OurDescriptions ours() {
        return new OurDescriptions(
                context, layout, generations, exchanges, paths, progress.role(), rules(), this::isSelected);
    }

    /** The answer that waits for what the peer's offer names. */
    WaitingAnswer waitingAnswer() {
        return waitingAnswer;
    }

    /** Our open offer counts for nothing, if there is one. */
    void rollBack(long at) {
        if (exchanges.isOpen()) {
            exchanges.settle();
            offers.rolledBack(at);
        }
    }

    /** Takes a candidate of ours that came later than the peer's description. */
    void addLocal(long at, GatheredCandidate candidate) {
        for (PeerGeneration generation : generations.all()) {
            if (generation.retireAt() == Machine.NEVER) {
                addLocal(at, generation, candidate);
            }
        }
        reviewPlain(at, plain.localFound(at, candidate, layout));
    }

    private static void addLocal(long at, PeerGeneration generation, GatheredCandidate candidate) {
        if (generation.concerns(candidate.stream(), candidate.candidate().component())) {
            generation
                    .agent()
                    .addLocal(
                            at,
                            candidate.stream(),
                            new LocalCandidate(candidate.candidate(), candidate.base(), candidate.kind()));
        }
    }

    /** Takes what the peer names after its description. */
    TrickledCandidates trickled() {
        return new TrickledCandidates(context, layout, generations, plain, names, remotes);
    }

    /** All that the peer has named, as it stands. */
    List<PeerSnapshot.RemoteSnapshot> remotes() {
        return remotes.snapshot(layout);
    }

    private void tell(long at, String what) {
        context.outbox().timeline().add(at, context.number(), () -> what);
    }
}
