// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.time.Duration;
import java.util.Objects;

/**
 * An offer that is due from us: a state that stays until an offer has gone out or its reason is gone, so that glare or a lost
 * provisional answer cannot lose it.
 *
 * @param reason why
 * @param required whether the session is incorrect without it; otherwise it is only wished
 * @param notBefore how long to wait with it, from {@link IceEvent.OfferPending} on: zero, but after {@link IcePeer#rollback} a random
 *     time, so that two offers that have crossed do not cross again (RFC 3261 §14.1); 4 s where both sides wish the same and the other
 *     one controls; and where an offer before it has mended nothing ({@link Reason#FAILED_STREAM}) what is left of a rest of 30 s that
 *     doubles up to 8 min, and 4 s more where the other side controls. An interface that comes ends that rest, which {@code OfferPending} tells once more
 */
public record PendingOffer(Reason reason, boolean required, Duration notBefore) {

    /** Why an offer is due. */
    public enum Reason {
        /** The selected pair differs from the default destination and the peer lacks {@code ice2} (RFC 8839 §4.4.1.2.2). */
        SELECTED_DIFFERS_FROM_DEFAULT,
        /** The pairs are selected, and the dialect has the controlling side tell which ({@link SessionRules#reasonOfUpdatedOffer}). */
        PATHS_SELECTED,
        /**
         * Candidates came after the description went out, and the peer does not trickle. Of a stream whose pairs are selected they are
         * due once a component has lost its path: before, an offer would name the selected pairs alone (RFC 8839 §4.4.1.2.2).
         */
        NEW_CANDIDATES,
        /**
         * An ICE restart, because all paths are lost (RFC 8445 §9, RFC 7675 §5.1), or ICE has failed for a stream while others work, which
         * must not be left so (RFC 8445 §8.1.2). Wished as soon as consent on the last path is gone, required when patience has ended, too,
         * which {@link IceEvent.OfferPending} tells once more. Gone again when the stream is found a path, or is removed: then the offer that says so
         * restarts nothing.
         */
        FAILED_STREAM,
        /**
         * An ICE restart, because the path in use has stopped answering, and servers see us at another address than we have told: a NAT has
         * forgotten us, and the peer may have no way to us. Gone again when the peer answers.
         */
        ADDRESS_CHANGED,
        /** An ICE restart, because {@link IcePeer#restart} asked for one. */
        RESTART,
        /**
         * An ICE restart, because a better pair than the selected one works, or media has left that one for good, and the peers have not
         * agreed on renomination (RFC 8445 §8.1.1). Gone again when that is so no longer.
         */
        PROMOTION;

        /** Whether the offer begins another generation. */
        public boolean restarts() {
            return this == FAILED_STREAM || this == ADDRESS_CHANGED || this == RESTART || this == PROMOTION;
        }
    }

    public PendingOffer {
        Objects.requireNonNull(reason, "reason");
        if (notBefore.isNegative()) {
            throw new IllegalArgumentException("notBefore " + notBefore + ", expected 0 or more");
        }
    }

    /** An offer that is due at once. */
    public PendingOffer(Reason reason, boolean required) {
        this(reason, required, Duration.ZERO);
    }
}
