// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Obeys an offer that names the selected pairs, where the dialect has the controlled side do so. */
final class NamedPairs {

    private final CheckResults results;

    NamedPairs(CheckResults results) {
        this.results = results;
    }

    /**
     * Selects a pair that the peer names, if it can be.
     *
     * @param ours where the peer sends to: our candidate as it sees it
     * @param theirs the peer's own candidate
     */
    PairClaim claim(long now, ComponentChecks component, InetSocketAddress ours, InetSocketAddress theirs) {
        KnownRemote udp = component.remote(false, theirs);
        KnownRemote remote = udp == null ? component.remote(true, theirs) : udp;
        if (remote == null) {
            return PairClaim.UNKNOWN;
        }
        CheckPair pair = pair(component, ours, theirs);
        if (pair == null) {
            return isAwaited(component, remote) ? PairClaim.AWAITED : PairClaim.UNKNOWN;
        }
        if (pair.mayCarryData()) {
            select(component, pair);
            return PairClaim.SELECTED;
        }
        if (pair.consentLost()) {
            return PairClaim.UNKNOWN;
        }
        if (!pair.nominationAsked()) {
            pair.nominationAsked(true);
            pair.list().trigger(pair, now);
        }
        return PairClaim.AWAITED;
    }

    private static @Nullable CheckPair pair(
            ComponentChecks component, InetSocketAddress ours, InetSocketAddress theirs) {
        for (LocalCandidate local : component.locals()) {
            CheckPair pair =
                    local.address().equals(ours) ? component.list().find(component, local.base(), theirs) : null;
            if (pair != null) {
                return pair;
            }
        }
        return null;
    }

    /** A check with USE-CANDIDATE has come from there, and ours in return may show us an address that we do not know yet. */
    private static boolean isAwaited(ComponentChecks component, KnownRemote remote) {
        for (CheckPair pair : component.list().pairs()) {
            if (pair.component() == component
                    && pair.remote() == remote
                    && pair.nominationAsked()
                    && pair.unresolved()) {
                return true;
            }
        }
        return false;
    }

    private void select(ComponentChecks component, CheckPair pair) {
        if (component.nominated() != pair) {
            component.list().restore(pair);
            component.nominated(null);
            results.nominated(pair);
        }
    }
}
