// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of a lite agent. A full peer makes them with its checks; with a lite one the pair is taken that has the highest priority, which
 * both sides compute alike (RFC 8445 §8.2.2).
 */
final class LitePairing implements Pairing {

    private final AgentContext context;
    private final CheckResults results;
    private final PairFormer former;

    LitePairing(AgentContext context, CheckResults results, PairFormer former) {
        this.context = context;
        this.results = results;
        this.former = former;
    }

    /** Nothing is ever checked from here. */
    @Override
    public boolean form(long now, ComponentChecks component, List<LocalCandidate> locals, List<KnownRemote> remotes) {
        if (context.peer().lite() && component.list().state() == CheckList.State.RUNNING) {
            for (LocalCandidate local : List.copyOf(locals)) {
                remotes.forEach(remote -> take(component, local, remote));
            }
        }
        return false;
    }

    private void take(ComponentChecks component, LocalCandidate local, KnownRemote remote) {
        CheckPair best = component.nominated();
        // between two lite agents nobody opens connections
        if (remote.isTcp()
                || !former.mayPair(local, remote)
                || component.list().find(component, local.base(), remote.address()) != null) {
            return;
        }
        CheckPair pair = former.formByCheck(component, local, remote, false);
        if (pair == null) {
            return;
        }
        if (best != null && Long.compareUnsigned(pair.checkPriority(), best.checkPriority()) < 0) {
            component.list().remove(pair);
            return;
        }
        results.taken(component.list().startedAt(), pair);
        results.nominated(pair);
        if (best != null) {
            component.list().remove(best);
        }
    }

    @Override
    public @Nullable CheckPair formByCheck(
            ComponentChecks component, LocalCandidate local, KnownRemote remote, boolean spare) {
        return former.formByCheck(component, local, remote, spare);
    }

    @Override
    public boolean makeRoom(long now) {
        return former.makeRoom(now);
    }
}
