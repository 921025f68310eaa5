// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.List;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;

/** What the pairs of a socket come to when the machine's own network says that it does not work. */
final class Disruptions {

    private final AgentContext context;
    private final CheckClient client;
    private final CheckResults results;
    private final Liveness liveness;
    private final Pairing former;

    Disruptions(AgentContext context, CheckClient client, CheckResults results, Liveness liveness, Pairing former) {
        this.context = context;
        this.client = client;
        this.results = results;
        this.liveness = liveness;
        this.former = former;
    }

    /**
     * A datagram did not get out. For a pair in use that is a reason to look at once whether it still works, and to use another
     * valid pair meanwhile; a check in progress goes on, because anyone can forge an ICMP error (RFC 8445 §7.2.5.2.2).
     *
     * @return whether that concerned anybody
     */
    boolean sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        ComponentChecks component = context.lists().component(base);
        CheckPair pair = component == null ? null : component.list().find(component, base, to);
        if (pair == null || !isSerious(cause)) {
            return false;
        }
        pair.failures().add("the network says " + cause.kind() + " " + cause.detail());
        if (pair.mayCarryData()) {
            pair.health().unreachableAt(now);
            liveness.hurry(now, pair);
        }
        return true;
    }

    private static boolean isSerious(Cause cause) {
        return switch (cause.kind()) {
            case UNREACHABLE, REFUSED, LOCAL_GONE, FORBIDDEN -> true;
            case TOO_BIG, TIMED_OUT, CONGESTED, UNTRUSTED, OTHER -> false;
        };
    }

    /**
     * A socket or relay is gone. Its pairs are kept for reports alone: whatever revives pairs must not find them, and no other pair
     * of their foundations may wait for them (RFC 8445 §6.1.2.6). There is room now for what the limit of pairs has cut; and where the peer
     * came from to this base, its NAT may let others of ours in.
     *
     * @return whether that concerned anybody
     */
    boolean baseLost(long now, Base base, Cause cause) {
        ComponentChecks component = context.lists().component(base);
        if (component == null) {
            return false;
        }
        CheckList list = component.list();
        for (CheckPair pair : List.copyOf(list.pairs())) {
            if (pair.base().equals(base)) {
                client.forget(pair);
                results.fail(pair, "the local socket is gone: " + cause.detail());
                list.lose(pair);
            }
        }
        list.removed().removeIf(pair -> pair.base().equals(base));
        component.locals().removeIf(local -> local.base().equals(base));
        List<KnownRemote> left = component.remotes().stream()
                .filter(remote -> remote.signalled() || remote.isLearntAt(base))
                .toList();
        former.form(now, component, component.locals(), left);
        component.forgetStraySources();
        context.lists().computeStates();
        return true;
    }
}
