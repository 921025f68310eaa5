// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import org.icepath.sansio.Machine;

/** Whether a promotion is worth an offer now: a path that comes and goes shall not cause one re-INVITE after the other. Mutable. */
final class PromotionWish {

    private final OfferRest rest = new OfferRest();
    private boolean wished;
    private boolean told;
    private boolean again;
    private long restUntil;

    /** Whether there is something to be promoted to. */
    boolean wished() {
        return wished;
    }

    void wish(boolean wish) {
        told &= wish;
        wished = wish;
    }

    /** Whether the wish is to be told now; true once for each wish. */
    boolean takeDue(long now) {
        if (!wished || told || (again && now < restUntil)) {
            return false;
        }
        told = true;
        again = true;
        restUntil = now + rest.take();
        return true;
    }

    /** When a wish that must rest is to be told, or {@link Machine#NEVER}. */
    long nextTimeout() {
        return wished && !told && again ? restUntil : Machine.NEVER;
    }
}
