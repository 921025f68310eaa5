// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.concurrent.TimeUnit;
import org.icepath.stun.StunMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a lite agent does with the peer's checks: the pair that the peer nominates is valid and selected, without a check of ours (RFC
 * 8445 §7.3.2). Once pairs are selected, checks on other pairs are kept in mind: where the peer goes on, we follow.
 */
final class LiteConclusions implements CheckConclusions {

    /**
     * A peer checks its consent every 4 to 6 s (RFC 7675 §5.1). When it is silent for longer on the selected pair and checks another one,
     * its address has changed.
     */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(6);

    private final AgentContext context;
    private final CheckResults results;
    private final Pairing pairing;

    LiteConclusions(AgentContext context, CheckResults results, Pairing pairing) {
        this.context = context;
        this.results = results;
        this.pairing = pairing;
    }

    @Override
    public void peerHasBegun(long now, ComponentChecks component) {
        // there is nothing of ours that could begin, too
    }

    @Override
    public void checked(
            long now, ComponentChecks component, LocalCandidate local, KnownRemote remote, StunMessage request) {
        boolean nominates = NominationOrder.nominates(request, context.renominates());
        CheckPair pair = component.list().find(component, local.base(), remote.address());
        if (pair == null && (nominates || component.nominated() != null)) {
            pair = pairing.formByCheck(component, local, remote, false);
        }
        if (pair == null || pair.consentLost()) {
            return;
        }
        pair.linked();
        pair.peerChecks().cameAt(now);
        boolean leftAlone = isLeftAlone(now, component, pair);
        component.list().restore(pair);
        results.taken(now, pair);
        if (nominates && NominationOrder.take(request, context.renominates(), false, pair)) {
            results.nominated(pair);
        }
        if (leftAlone) {
            results.moved(pair);
        }
    }

    /** Whether the peer was not heard on the selected pair for so long that this one must be where it is now. */
    private static boolean isLeftAlone(long now, ComponentChecks component, CheckPair other) {
        @Nullable CheckPair selected = component.nominated();
        return selected != null
                && selected != other
                && now - Math.max(selected.lastAnsweredAt(), selected.health().heardAt()) > SILENCE_NANOS;
    }
}
