// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.PendingOffer.Reason;
import org.icepath.ice.SessionRules;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.agent.StreamLayout;
import org.icepath.ice.gather.GatheredCandidate;
import org.jspecify.annotations.Nullable;

/**
 * Which offers we owe one peer: a state, which stays until an offer has gone out, and comes back when that one is rolled back. Not
 * thread-safe.
 */
final class PendingOffers {

    /** The controlled side leaves the first word to the controlling one, as long as an offer in a glare would wait (RFC 3261 §14.1). */
    private static final Duration CONTROLLED_WAIT = Duration.ofSeconds(4);

    private static final Set<Reason> REQUIRED =
            EnumSet.of(Reason.SELECTED_DIFFERS_FROM_DEFAULT, Reason.PATHS_SELECTED, Reason.FAILED_STREAM);

    /** The first that is due is the one that is told; a restart's offer serves the others as well. */
    private static final List<Reason> ORDER = List.of(
            Reason.FAILED_STREAM,
            Reason.ADDRESS_CHANGED,
            Reason.SELECTED_DIFFERS_FROM_DEFAULT,
            Reason.PATHS_SELECTED,
            Reason.RESTART,
            Reason.PROMOTION,
            Reason.NEW_CANDIDATES);

    private final int peer;
    private final EngineOutbox outbox;
    private final Describer describer;
    private final GlareDelay glare;
    private Map<Reason, Duration> delays = Map.of();
    private final Set<Reason> due = EnumSet.noneOf(Reason.class);
    private final Set<Reason> offered = EnumSet.noneOf(Reason.class);
    private final PromotionWish promotion = new PromotionWish();
    private final FailureRest rest = new FailureRest();
    private boolean failedForGood;
    private List<GatheredCandidate> late = List.of(); // what came after a description, and none has told
    private @Nullable IceDescription told;
    private @Nullable IceDescription toldBefore;

    PendingOffers(int peer, EngineOutbox outbox, Describer describer, GlareDelay glare) {
        this.peer = peer;
        this.outbox = outbox;
        this.describer = describer;
        this.glare = glare;
    }

    Optional<PendingOffer> pending() {
        if (!due.isEmpty()) {
            for (Reason reason : ORDER) {
                if (due.contains(reason)) {
                    return Optional.of(of(reason));
                }
            }
        }
        return Optional.empty();
    }

    private PendingOffer of(Reason reason) {
        boolean required = REQUIRED.contains(reason) && (reason != Reason.FAILED_STREAM || failedForGood);
        return new PendingOffer(reason, required, delays.getOrDefault(reason, Duration.ZERO));
    }

    /** Whether the offer that is due begins another generation. */
    boolean restartDue() {
        return due.stream().anyMatch(Reason::restarts);
    }

    /** Whether a path has failed, or the application wants another. */
    boolean needsRestart() {
        return due.contains(Reason.FAILED_STREAM) || due.contains(Reason.RESTART);
    }

    /** Our answer went out to the peer; what it cannot settle stays due: a restart, unless the peer's offer was one. */
    void answered(IceDescription description, boolean restarted) {
        told = description;
        due.removeIf(reason -> restarted || !reason.restarts());
        if (restarted) {
            rest.offered();
        }
        forgetTold(description);
    }

    /**
     * Our offer went out; nothing is due unless it is rolled back.
     *
     * @param again whether it takes the place of one that was open
     * @param restarts whether it begins another generation; otherwise what needs one stays due
     */
    void offered(IceDescription description, boolean again, boolean restarts) {
        if (!again) {
            toldBefore = told;
        }
        told = description;
        for (Reason reason : List.copyOf(due)) {
            if (restarts || !reason.restarts()) {
                offered.add(reason);
                due.remove(reason);
            }
        }
        if (offered.contains(Reason.FAILED_STREAM)) {
            rest.offered();
        }
        delays = Map.of();
    }

    /** Whether our last description has a stream in this place. */
    boolean hasTold(int stream) {
        IceDescription ours = told;
        return ours != null
                && stream < ours.streams().size()
                && !ours.streams().get(stream).rejected();
    }

    /** Our offer is answered. */
    void accepted() {
        offered.clear();
        IceDescription ours = told;
        if (ours != null) {
            forgetTold(ours);
        }
    }

    private void forgetTold(IceDescription description) {
        if (!late.isEmpty()) {
            late = late.stream().filter(each -> !tells(description, each)).toList();
        }
    }

    /** Our offer counts for nothing: what was due still is. */
    void rolledBack(long now) {
        told = toldBefore;
        Set<Reason> again = EnumSet.copyOf(offered);
        offered.clear();
        if (!promotion.wished()) {
            again.remove(Reason.PROMOTION);
        }
        if (!again.isEmpty()) {
            Duration wait = glare.next();
            Map<Reason, Duration> held = new EnumMap<>(Reason.class);
            held.putAll(delays);
            again.forEach(reason -> held.put(reason, wait));
            delays = held;
        }
        again.forEach(reason -> become(now, reason));
    }

    /** Whether an ICE restart would bring media to a better path. */
    void promotion(long now, boolean wished) {
        promotion.wish(wished);
        if (!wished) {
            due.remove(Reason.PROMOTION);
        }
        handleTimeout(now);
    }

    void handleTimeout(long now) {
        if (promotion.takeDue(now)) {
            become(now, Reason.PROMOTION);
        }
    }

    long nextTimeout() {
        return promotion.nextTimeout();
    }

    /** The application wants an ICE restart. */
    void restart(long now) {
        become(now, Reason.RESTART);
    }

    /**
     * The peer stands elsewhere: what was connected and has failed needs a restart, as does a stream that has failed where others work;
     * what has recovered does not. While patience still waits for another path, a restart is wished where consent is gone.
     */
    void moved(long now, PeerSession session, boolean wasConnected) {
        IceState state = session.state();
        boolean works = state == IceState.CONNECTED || state == IceState.COMPLETED;
        boolean failed = works ? !session.dialog().failedStreams().isEmpty() : state == IceState.FAILED && wasConnected;
        boolean hopes = session.progress().consentGone();
        if ((failed || hopes) && !offered.contains(Reason.FAILED_STREAM)) {
            fail(now, failed, session.role());
        } else if (works && !failed) {
            due.remove(Reason.FAILED_STREAM);
            rest.reset();
        }
    }

    private void fail(long now, boolean forGood, IceRole role) {
        boolean turns = forGood && !failedForGood && due.remove(Reason.FAILED_STREAM);
        if (turns || !due.contains(Reason.FAILED_STREAM)) {
            failedForGood = forGood;
            if (!turns) {
                rest.failed(now);
            }
            holdFailed(now, role);
        }
    }

    private void holdFailed(long now, IceRole role) {
        Duration remaining = rest.remaining(now);
        boolean yields = role == IceRole.CONTROLLED && (!failedForGood || !remaining.isZero());
        Map<Reason, Duration> waits = new EnumMap<>(Reason.class);
        waits.putAll(delays);
        waits.put(Reason.FAILED_STREAM, yields ? remaining.plus(CONTROLLED_WAIT) : remaining);
        delays = waits;
        become(now, Reason.FAILED_STREAM);
    }

    /** An interface has come: what was offered in vain, and rests, may be worth another try at once. */
    private void interfaceCame(long now, IceRole role) {
        boolean rests = !rest.remaining(now).isZero();
        rest.reset();
        if (rests && due.remove(Reason.FAILED_STREAM)) {
            rest.failed(now);
            holdFailed(now, role);
        }
    }

    /** Packets leave from another address than the peer, without ICE, was told. */
    void pathMoved(long now) {
        become(now, Reason.SELECTED_DIFFERS_FROM_DEFAULT);
    }

    /** A candidate may have come between our description and the peer's. */
    void begin(long now, PeerSession session, List<GatheredCandidate> candidates) {
        IceDescription ours = told;
        if (ours != null) {
            candidates.stream()
                    .filter(each -> each.stream() < ours.streams().size() && !tells(ours, each))
                    .forEach(each -> candidateCame(now, session, each));
        }
    }

    private boolean tells(IceDescription description, GatheredCandidate candidate) {
        Candidate told = describer.told(candidate.candidate());
        // a bundle may have them in another section than that of their stream
        return description.streams().stream()
                .anyMatch(section -> section.candidates().contains(told));
    }

    /** A candidate came after our description; a peer that does not trickle learns of it by an offer only. */
    void candidateCame(long now, PeerSession session, GatheredCandidate candidate) {
        boolean elsewhere = candidate.candidate().type().equals(CandidateType.SERVER_REFLEXIVE)
                && session.isSuspect(candidate.stream(), candidate.candidate().component());
        if (told != null && elsewhere) {
            become(now, Reason.ADDRESS_CHANGED);
        }
        if (candidate.candidate().type().equals(CandidateType.HOST)) {
            interfaceCame(now, session.role());
        }
        if (told != null && !session.layout().trickles()) {
            late = Stream.concat(late.stream().filter(session.dialog()::isThere), Stream.of(candidate))
                    .toList();
            reviewLate(now, session);
        }
    }

    /**
     * Late candidates are told once an offer would name them: not while only selected pairs are named (RFC 8839 §4.4.1.2.2), but when a
     * path of theirs is lost.
     */
    void reviewLate(long now, PeerSession session) {
        if (late.isEmpty() || session.dialog().hasOpenOffer()) {
            return;
        }
        boolean needed = late.stream()
                .anyMatch(each -> session.dialog().ours().namesAll(each.stream())
                        && session.dialog().isThere(each));
        if (!needed) {
            due.remove(Reason.NEW_CANDIDATES);
        } else if (due.isEmpty()) {
            become(now, Reason.NEW_CANDIDATES);
        }
    }

    /** A path that answers again needs no restart. */
    void reviewAddress(PeerSession session) {
        if (due.contains(Reason.ADDRESS_CHANGED) && session.isAnswered()) {
            due.remove(Reason.ADDRESS_CHANGED);
        }
    }

    /** A stream has its selected pairs, or will have none: one that has failed says nothing of the others. */
    void selected(long now, PeerSession session) {
        SessionRules rules = session.dialog().rules();
        List<Integer> failed = session.dialog().failedStreams();
        boolean some = false;
        boolean all = true;
        for (StreamLayout stream : session.layout().iceStreams()) {
            boolean selected = session.isSelected(stream.index());
            some |= selected;
            all &= selected || failed.contains(stream.index());
        }
        if (some
                && all
                && session.role() == IceRole.CONTROLLING
                && rules.owesUpdatedOffer(
                        selectedIsDefault(session), session.layout().options())) {
            become(now, rules.reasonOfUpdatedOffer());
        }
    }

    private void become(long now, Reason reason) {
        if (due.add(reason)) {
            outbox.peer(now, peer, new IceEvent.OfferPending(of(reason)));
        }
    }

    private boolean selectedIsDefault(PeerSession session) {
        IceDescription ours = told;
        if (ours == null) {
            return false;
        }
        List<PathState> paths = session.paths().all();
        return paths.stream().filter(path -> isOwn(session, path)).allMatch(path -> path.active()
                .map(ActivePair::pair)
                .map(pair -> (describer.isHidden(pair.local()) || isDefault(ours, path, pair, true))
                        && isDefault(session.layout().remote(), path, pair, false))
                .orElse(true));
    }

    private static boolean isOwn(PeerSession session, PathState path) {
        return session.isSelected(path.stream()) && session.layout().has(path.stream());
    }

    private static boolean isDefault(IceDescription description, PathState path, CandidatePair pair, boolean local) {
        if (path.stream() >= description.streams().size()) {
            return false;
        }
        StreamDescription stream = description.streams().get(path.stream());
        return stream.defaultDestination(pair.component())
                .equals(Optional.of((local ? pair.local() : pair.remote()).address()));
    }
}
