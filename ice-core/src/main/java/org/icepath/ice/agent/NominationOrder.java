// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.jspecify.annotations.Nullable;

/**
 * Which of several nominations of a component counts. Where both sides have agreed to number them, the one of the highest number
 * (draft-thatcher-ice-renomination-01 §5); else the pair of the highest priority, because a peer of RFC 5245 nominates many (RFC 8445
 * §8.1.1).
 */
final class NominationOrder {

    /** The largest number of a nomination: NOMINATION has 24 bits for it. */
    static final int LAST = (1 << 24) - 1;

    private NominationOrder() {}

    /** Whether a check nominates. With numbers, one that has a number does, whether USE-CANDIDATE stands beside it or not. */
    static boolean nominates(StunMessage request, boolean numbered) {
        return request.has(Attributes.USE_CANDIDATE) || (numbered && request.has(Attributes.NOMINATION));
    }

    /**
     * Takes the number of a nomination to its pair, which may not be valid yet.
     *
     * @param firstCounts whether the first nomination of a component stays, whatever is nominated later
     * @return false when the nomination in force outranks it
     */
    static boolean take(StunMessage request, boolean numbered, boolean firstCounts, CheckPair pair) {
        int number = number(request, numbered);
        boolean counts = supersedes(pair, number, pair.component().nominated(), firstCounts);
        if (counts && number >= pair.nomination()) {
            pair.nomination(number);
        }
        return counts;
    }

    /** 0 where it has none, or numbers were not agreed upon. */
    private static int number(StunMessage request, boolean numbered) {
        return numbered ? (int) (request.uint32(Attributes.NOMINATION, 0) & LAST) : 0;
    }

    /** Whether the nomination of {@code pair} under {@code number} counts beside that of {@code nominated}. */
    static boolean supersedes(CheckPair pair, int number, @Nullable CheckPair nominated, boolean firstCounts) {
        if (nominated == null || nominated == pair) {
            return true;
        }
        if (number != nominated.nomination()) {
            return number > nominated.nomination();
        }
        return !nominated.mayCarryData()
                || !firstCounts
                        && Long.compareUnsigned(
                                        pair.pair().priority(), nominated.pair().priority())
                                > 0;
    }
}
