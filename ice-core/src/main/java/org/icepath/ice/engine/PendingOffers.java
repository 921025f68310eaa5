// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import java.util.Optional;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.SessionRules;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.gather.GatheredCandidate;
import org.jspecify.annotations.Nullable;

/** Which offer we owe one peer: a state, which stays until a description has gone out. Not thread-safe. */
final class PendingOffers {

    private final int peer;
    private final SessionRules rules;
    private final EngineOutbox outbox;
    private @Nullable PendingOffer pending;
    private @Nullable IceDescription told;

    PendingOffers(int peer, SessionRules rules, EngineOutbox outbox) {
        this.peer = peer;
        this.rules = rules;
        this.outbox = outbox;
    }

    Optional<PendingOffer> pending() {
        return Optional.ofNullable(pending);
    }

    /** Our description went out to the peer; nothing is due now. */
    void described(IceDescription description) {
        told = description;
        pending = null;
    }

    /** A candidate may have come between our description and the peer's. */
    void begin(long now, PeerSession session, List<GatheredCandidate> candidates) {
        IceDescription ours = told;
        boolean late = ours != null
                && candidates.stream()
                        .anyMatch(each -> each.stream() < ours.streams().size()
                                && !ours.streams()
                                        .get(each.stream())
                                        .candidates()
                                        .contains(each.candidate()));
        if (late) {
            candidateCame(now, session);
        }
    }

    /** A candidate came after our description; a peer that does not trickle learns of it by an offer only. */
    void candidateCame(long now, PeerSession session) {
        if (told != null && !session.layout().trickles() && session.state() != IceState.COMPLETED && pending == null) {
            become(now, new PendingOffer(PendingOffer.Reason.NEW_CANDIDATES, false));
        }
    }

    /** A stream has its selected pairs. */
    void selected(long now, PeerSession session) {
        boolean all = session.layout().iceStreams().stream().allMatch(stream -> session.isSelected(stream.index()));
        if (all
                && session.role() == IceRole.CONTROLLING
                && rules.owesUpdatedOffer(
                        selectedIsDefault(session), session.layout().options())) {
            become(now, new PendingOffer(PendingOffer.Reason.SELECTED_DIFFERS_FROM_DEFAULT, true));
        }
    }

    private void become(long now, PendingOffer offer) {
        pending = offer;
        outbox.peer(now, peer, new IceEvent.OfferPending(offer));
    }

    private boolean selectedIsDefault(PeerSession session) {
        IceDescription ours = told;
        if (ours == null) {
            return false;
        }
        List<PathState> paths = session.paths().all();
        return paths.stream().filter(path -> session.isSelected(path.stream())).allMatch(path -> path.active()
                .map(ActivePair::pair)
                .map(pair -> isDefault(ours, path, pair, true)
                        && isDefault(session.layout().remote(), path, pair, false))
                .orElse(true));
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
