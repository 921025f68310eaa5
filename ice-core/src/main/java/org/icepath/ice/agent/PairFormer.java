// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.icepath.candidate.TcpType;
import org.jspecify.annotations.Nullable;

/** Forms the pairs of a component and prunes them (RFC 8445 §6.1.2.2, §6.1.2.4). */
final class PairFormer implements Pairing {

    private final AgentContext context;
    private final PairLimit limit;

    PairFormer(AgentContext context, CheckClient client) {
        this.context = context;
        this.limit = new PairLimit(context.settings(), client);
    }

    /**
     * Pairs each of {@code locals} with each of {@code remotes}, as far as that was not done. Once the component is concluded (RFC 8445
     * §8.1.2), the pairs are spares: kept for the day that its pair breaks.
     *
     * @return whether there are new pairs to be checked
     */
    @Override
    public boolean form(long now, ComponentChecks component, List<LocalCandidate> locals, List<KnownRemote> remotes) {
        boolean formed = false;
        boolean concluded = component.nominated() != null && component.current() != null;
        for (LocalCandidate local : List.copyOf(locals)) {
            if (isReplacedByBase(component, local)) {
                continue;
            }
            for (KnownRemote remote : remotes) {
                formed |= form(component, local, remote, concluded);
            }
        }
        if (formed && !concluded) {
            limit.enforce(now, context.lists());
        }
        return formed && !concluded;
    }

    /** A reflexive candidate is checked from its base; where the base is a candidate itself, the pair would be redundant. */
    private static boolean isReplacedByBase(ComponentChecks component, LocalCandidate local) {
        LocalCandidate base = component.baseCandidate(local.base());
        return base != null && !base.equals(local);
    }

    private boolean form(ComponentChecks component, LocalCandidate local, KnownRemote remote, boolean spare) {
        boolean fits = !waitsForPeer(local)
                && mayPair(local, remote)
                && component.list().find(component, local.base(), remote.address()) == null;
        if (fits) {
            add(component, local, remote, spare);
        }
        return fits;
    }

    /** From a passive candidate nothing is checked: pairs come into being with the connections of the peer (RFC 6544 §6.2). */
    private static boolean waitsForPeer(LocalCandidate local) {
        return local.candidate().transport().tcpType() == TcpType.PASSIVE;
    }

    /**
     * Pairs the source of a check with the base that it came to (RFC 8445 §7.3.1.4).
     *
     * @param spare whether it is not to be checked, but to be remembered
     * @return null when no data can go from the one to the other
     */
    @Override
    public @Nullable CheckPair formByCheck(
            ComponentChecks component, LocalCandidate local, KnownRemote remote, boolean spare) {
        return Destinations.isInReach(local.base().address(), remote.address())
                ? add(component, local, remote, spare)
                : null;
    }

    @Override
    public boolean makeRoom(long now) {
        return limit.makeRoom(now, context.lists(), 2 * context.settings().maxPairs());
    }

    /** Puts a pair into its check list, Frozen, or beside it as a spare. */
    private CheckPair add(ComponentChecks component, LocalCandidate local, KnownRemote remote, boolean spare) {
        CheckPair pair = new CheckPair(component, local, remote, context.roles().role());
        component.list().insert(pair);
        if (spare) {
            component.list().retire(pair);
            component.contest().reopen();
        }
        return pair;
    }

    /** Whether the two are of one transport and family, and data can go from the one to the other (RFC 8445 §6.1.2.2). */
    boolean mayPair(LocalCandidate local, KnownRemote remote) {
        return local.candidate().transport().pairsWith(remote.candidate().transport())
                && sameFamily(local.base().address(), remote.address())
                && Destinations.isInReach(local.base().address(), remote.address())
                && context.settings().checks().mayPair(local.candidate(), remote.candidate());
    }

    /** IPv6 link-local addresses pair with one another only (RFC 8445 §6.1.2.2). */
    private static boolean sameFamily(InetSocketAddress local, InetSocketAddress remote) {
        InetAddress ours = local.getAddress();
        InetAddress theirs = remote.getAddress();
        if (ours instanceof Inet6Address != theirs instanceof Inet6Address) {
            return false;
        }
        return ours.isLinkLocalAddress() == theirs.isLinkLocalAddress() || !(ours instanceof Inet6Address);
    }
}
