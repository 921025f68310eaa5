// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.stun.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What the end of a check means for its pair, its list and our role (RFC 8445 §7.2.5). */
final class CheckResults {

    /** How often a session lets itself be sent from role to role: an honest peer needs one 487, crossing requests two. */
    private static final int MAX_CONFLICTS = 16;

    /** How often a check is sent again that a dialect does not let a refusal end. */
    private static final int MAX_RETRIES = 3;

    private final AgentContext context;
    private int conflicts;
    private int reflexives;

    CheckResults(AgentContext context) {
        this.context = context;
    }

    /**
     * A check was answered with success (RFC 8445 §7.2.5.3).
     *
     * @param mapped our address as the peer saw it
     * @param roundTripNanos -1 when unknown
     */
    void succeeded(long now, Check check, InetSocketAddress mapped, long roundTripNanos) {
        CheckPair pair = check.pair();
        if (pair.consentLost()) {
            return;
        }
        pair.answeredAt(now, roundTripNanos);
        if (check.attempt() == null) {
            return;
        }
        CheckList list = pair.list();
        list.restore(pair);
        list.unqueue(pair);
        pair.understood(check.form());
        pair.state(PairState.SUCCEEDED);
        pair.becameValid(now, localFor(pair, mapped), context.roles().role());
        pair.component().validAt(now);
        context.lists().unfreeze(pair.foundation());
        boolean nominates = check.useCandidate() && check.role() == IceRole.CONTROLLING;
        if (context.roles().controlling() ? nominates : pair.nominationAsked()) {
            nominated(pair);
        }
    }

    /** The local candidate of the valid pair: the one with the mapped address (RFC 8445 §7.2.5.3.1, §7.2.5.3.2). */
    private LocalCandidate localFor(CheckPair pair, InetSocketAddress mapped) {
        List<LocalCandidate> locals = pair.component().locals();
        LocalCandidate elsewhere = null;
        Candidate asServerSaw = null;
        for (LocalCandidate local : locals) {
            if (!local.address().equals(mapped)) {
                continue;
            }
            if (!local.base().equals(pair.base())) {
                elsewhere = local;
            } else if (maySelect(local)) {
                return local;
            } else {
                asServerSaw = local.candidate();
            }
        }
        if (asServerSaw != null) {
            return peerReflexive(pair, mapped, asServerSaw);
        }
        if (elsewhere != null) {
            // The address of another of our bases: the RFC would call
            // that other pair valid. Data goes where the check went.
            return pair.local();
        }
        return peerReflexive(pair, mapped, null);
    }

    private boolean maySelect(LocalCandidate local) {
        return local.candidate().type() != CandidateType.SERVER_REFLEXIVE
                || context.rules().selectsServerReflexive();
    }

    /** @param known the server-reflexive candidate of the same address, if there is one */
    private LocalCandidate peerReflexive(CheckPair pair, InetSocketAddress mapped, @Nullable Candidate known) {
        if (pair.local().candidate().type() == CandidateType.RELAYED) {
            // connections leave a relay from some port of its own: that is a relayed candidate all the same
            return pair.local();
        }
        if (!Destinations.isPossible(mapped)) {
            return pair.local();
        }
        // beyond the limit it is no candidate of ours that anybody hears of; but the path goes through a NAT, and is
        // not taken for a direct one
        boolean counted = reflexives < context.settings().maxCandidates();
        reflexives += counted ? 1 : 0;
        Candidate candidate = Candidate.peerReflexive(
                context.settings()
                        .checks()
                        .peerReflexiveFoundation(pair.local().candidate(), Optional.ofNullable(known), reflexives),
                pair.component().id(),
                pair.local().candidate().transport(),
                context.settings().checks().checkPriority(pair.local().candidate()),
                mapped,
                pair.base().address());
        LocalCandidate local =
                new LocalCandidate(candidate, pair.base(), pair.local().kind());
        if (counted) {
            pair.component().locals().add(local);
            context.outbox().event(new AgentEvent.PeerReflexiveFound(pair.component().stream(), candidate, true));
        }
        return local;
    }

    /** A lite agent takes the peer's word that a path works (RFC 8445 §7.3.2, §8.2.2), and renews its consent by it. */
    void taken(long now, CheckPair pair) {
        pair.health().answeredAt(now, -1);
        if (!pair.mayCarryData()) {
            pair.list().unqueue(pair);
            pair.state(PairState.SUCCEEDED);
            pair.becameValid(now, pair.local(), context.roles().role());
            pair.component().validAt(now);
        }
    }

    /** The peer of a lite agent has left the selected pair for this one. */
    void moved(CheckPair pair) {
        pair.nominate();
        pair.component().nominated(pair);
        context.outbox()
                .event(new AgentEvent.Nominated(
                        pair.component().stream(), pair.component().id(), pair.active()));
    }

    /** A valid pair was nominated, by us with success or by the peer (RFC 8445 §7.2.5.3.4, §7.3.1.5). */
    void nominated(CheckPair pair) {
        ComponentChecks component = pair.component();
        CheckPair before = component.nominated();
        boolean repeated = pair.nominated();
        pair.nominate();
        if (component.nominating() == pair) {
            component.nominating(null);
        }
        if (NominationOrder.supersedes(
                pair,
                pair.nomination(),
                before,
                !context.roles().controlling() && context.rules().firstNominationCounts())) {
            component.nominated(pair);
            if (before != null && before != pair && pair.nomination() > 0) {
                before.supersede();
                component.renominated(component.list().state() == CheckList.State.COMPLETED);
            }
        }
        if (!repeated) {
            context.outbox().event(new AgentEvent.Nominated(component.stream(), component.id(), pair.active()));
        }
    }

    /** A check was answered with an error that has authenticated (RFC 8445 §7.2.5.1, §7.2.5.2.4). */
    void refused(long now, Check check, ErrorCode error) {
        CheckPair pair = check.pair();
        if (error.code() == ErrorCode.ROLE_CONFLICT) {
            context.met(context.encounters().withRoleConflict());
        }
        if (error.code() == ErrorCode.ROLE_CONFLICT && conflicts < MAX_CONFLICTS) {
            conflicts++;
            conflict(now, check);
        } else if (error.code() == ErrorCode.FORBIDDEN && pair.mayCarryData()) {
            // RFC 7675 §5.2: the peer revokes its consent
            loseConsent(now, pair, "consent revoked by the peer (403)");
            pair.failures().answeredWith(error.code());
        } else if (check.decides()
                && pair.failures().countRefusal() <= MAX_RETRIES
                && context.rules().retriesAfter(error.code())) {
            again(now, check);
        } else {
            if (check.decides()) {
                pair.failures().answeredWith(error.code());
            }
            formFailed(now, check, "refused with " + error);
        }
    }

    /** The dialect takes the refusal for a passing one: the check is sent again, with another transaction. */
    private void again(long now, Check check) {
        CheckPair pair = check.pair();
        boolean nominates = check.useCandidate() && pair.component().nominating() == pair;
        pair.attempt(null);
        if (nominates) {
            pair.list().nominate(pair);
        } else if (pair.state() != PairState.SUCCEEDED) {
            pair.list().trigger(pair, now + context.settings().timings().rto().toNanos());
        }
    }

    private void conflict(long now, Check check) {
        CheckPair pair = check.pair();
        if (check.decides()) {
            pair.attempt(null);
            pair.component().nominating(null);
            if (pair.state() != PairState.SUCCEEDED) {
                pair.list().trigger(pair, now);
            }
        }
        if (context.roles().role() == check.role()) {
            switchRole(check.role().other());
            context.roles().redraw();
        }
    }

    /** Takes another role, with all that hangs on it (RFC 8445 §7.3.1.1). */
    void switchRole(IceRole role) {
        if (!context.roles().switchTo(role)) {
            return;
        }
        context.lists().prioritise(role);
        for (CheckList list : context.lists().lists()) {
            list.dropNominations();
            list.components().forEach(component -> component.nominating(null));
            if (role == IceRole.CONTROLLING && list.mayCheck()) {
                list.components().forEach(this::nominateAgain);
            }
        }
        context.outbox().event(new AgentEvent.RoleChanged(role));
    }

    /**
     * A pair that the peer has nominated while it was controlling: it may have lost its role before our answer told it that the pair is
     * selected, and waits for our word now.
     */
    private void nominateAgain(ComponentChecks component) {
        CheckPair pair = component.nominated();
        if (pair != null && pair.mayCarryData()) {
            pair.nomination(context.nextNomination());
            component.nominating(pair);
            pair.list().nominate(pair);
        }
    }

    /** One form of a check has failed; the pair fails with the last of them (RFC 8445 §7.2.5.2). */
    void formFailed(long now, Check check, String why) {
        CheckPair pair = check.pair();
        if (check.attempt() == null) {
            unanswered(now, pair);
            return;
        }
        if (!check.decides()) {
            return;
        }
        pair.failures().add(why);
        if (check.attempt().formFailed()) {
            pair.attempt(null);
            fail(pair, why);
        }
    }

    /** A reserve that did not answer three requests is no reserve. Late answers to consent checks are {@link Liveness}' business. */
    private static void unanswered(long now, CheckPair pair) {
        if (pair.health().duty() == PairHealth.Duty.PROBE && pair.mayCarryData()) {
            pair.health().suspectAt(now);
            pair.failures().add("no answer to a probe");
        }
    }

    /** A pair has failed; if a nomination hung on it, it is no longer valid (RFC 8445 §7.2.5.3.4). */
    void fail(CheckPair pair, String why) {
        pair.failures().add(why);
        pair.noLongerValid();
        pair.state(PairState.FAILED);
        pair.list().abandon(pair);
        if (pair.component().nominating() == pair) {
            pair.component().nominating(null);
        }
    }

    /** Nothing may be sent on this pair any more in this session (RFC 7675 §5.1). */
    void loseConsent(long now, CheckPair pair, String why) {
        pair.loseConsent(now);
        fail(pair, why);
        ComponentChecks component = pair.component();
        context.outbox().event(new AgentEvent.ConsentLost(component.stream(), component.id(), pair.active()));
    }
}
