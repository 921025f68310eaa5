// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.SessionRules;
import org.icepath.ice.agent.PairClaim;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an offer that names the peer's selected pairs ({@code a=remote-candidates}, RFC 8839 §4.4.1.2.2), which waits until they
 * are selected here, too. Not thread-safe.
 */
final class WaitingAnswer {

    private final PeerContext context;
    private final PeerPaths paths;
    private final Generations generations;
    private @Nullable IceDescription awaited;
    private boolean due;

    WaitingAnswer(PeerContext context, PeerPaths paths, Generations generations) {
        this.context = context;
        this.paths = paths;
        this.generations = generations;
    }

    /**
     * Whether an offer names pairs that may come to be, and its answer has to wait for them.
     *
     * @throws IceException when it names pairs that cannot be
     */
    boolean mustWait(long at, IceDescription offer, IceRole role, SessionRules rules) {
        awaited = null;
        boolean named = role == IceRole.CONTROLLED && rules.obeysNamedPairs() && FinalOffer.isOne(offer);
        PairClaim claim = named ? new FinalOffer(offer).claim(at, generations) : PairClaim.SELECTED;
        if (claim == PairClaim.UNKNOWN) {
            tell(at, "the peer's offer names a pair that is not known here");
            throw new IceException(IceFailure.of(
                    IceFailure.Kind.UNUSABLE_DESCRIPTION,
                    "the offer names a selected pair that is not known here: the call has failed"));
        }
        boolean waits = named && (claim == PairClaim.AWAITED || !new FinalOffer(offer).isInUse(generations, paths));
        if (waits) {
            awaited = offer;
            tell(at, "the answer waits for the pair that the peer's offer names");
        }
        return waits;
    }

    /** Looks whether the answer is due, or will never be; tells once. */
    void review(long at) {
        IceDescription offer = awaited;
        if (offer == null || due) {
            return;
        }
        FinalOffer named = new FinalOffer(offer);
        PairClaim claim = named.claim(at, generations);
        if (claim == PairClaim.UNKNOWN || (claim == PairClaim.SELECTED && named.isInUse(generations, paths))) {
            due = true;
            context.outbox().tell(new EngineEvent.AnswerDue(context.number()));
        }
    }

    /** Gives the offer that waits for its answer, and forgets it. */
    IceDescription take() {
        IceDescription offer = awaited;
        if (offer == null) {
            throw new IllegalStateException("no offer waits for its answer");
        }
        awaited = null;
        due = false;
        return offer;
    }

    private void tell(long at, String what) {
        context.outbox().timeline().add(at, context.number(), () -> what);
    }
}
