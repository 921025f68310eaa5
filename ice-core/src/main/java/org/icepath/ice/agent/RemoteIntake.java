// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.Priority;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/** Takes the peer's candidates, signalled or learnt from its checks, as far as they can be used and there is room. */
final class RemoteIntake {

    /** RFC 6544 §4.5. */
    private static final int PLACEHOLDER_PORT = 9;

    private final AgentContext context;
    private final Pairing former;
    private int learnt;

    RemoteIntake(AgentContext context, Pairing former) {
        this.context = context;
        this.former = former;
    }

    /**
     * Takes a candidate of the peer's description, or one that it trickled, and pairs it.
     *
     * @return whether there are new pairs
     */
    boolean signalled(long now, CheckList list, Candidate candidate) {
        if (sharesWithRtp(list, candidate)) {
            list.shareConnections();
            context.outbox().ignored("remote candidate " + candidate.address() + ": RTCP goes with RTP there");
            return false;
        }
        ComponentChecks component = list.component(candidate.component());
        String useless = reasonToIgnore(component, candidate);
        Optional<InetSocketAddress> address = candidate.address().socketAddress();
        if (component == null || component.freed() || useless != null || address.isEmpty()) {
            context.outbox().ignored("remote candidate " + candidate.address() + ": " + useless);
            return false;
        }
        KnownRemote known = component.remoteLike(candidate.transport(), address.get());
        if (known != null) {
            return actualised(now, component, known, candidate);
        }
        long room = component.remotes().stream().filter(KnownRemote::signalled).count();
        boolean full = room >= context.settings().maxCandidates();
        if (full && !component.isFirstOfKind(candidate, address.get())) {
            context.outbox().ignored("remote candidate " + candidate.address() + ": one too many");
            return false;
        }
        KnownRemote remote = known(component, KnownRemote.signalled(candidate, address.get()));
        return former.form(now, component, component.locals(), List.of(remote));
    }

    /** Why a candidate is not among those that are paired, as things are now; empty when it is. */
    Optional<String> whyUnused(CheckList list, Candidate candidate) {
        if (sharesWithRtp(list, candidate)) {
            return Optional.of("RTCP goes with RTP there");
        }
        ComponentChecks component = list.component(candidate.component());
        String useless = reasonToIgnore(component, candidate);
        Optional<InetSocketAddress> address = candidate.address().socketAddress();
        if (component == null || useless != null || address.isEmpty()) {
            return Optional.ofNullable(useless);
        }
        boolean known = component.remoteLike(candidate.transport(), address.get()) != null;
        return known ? Optional.empty() : Optional.of("one too many");
    }

    /** Whether RTCP has the transport address that RTP has; that of an active candidate may be a placeholder (RFC 6544 §4.5). */
    private boolean sharesWithRtp(CheckList list, Candidate candidate) {
        ComponentChecks rtp = list.component(Candidate.RTP);
        return candidate.component() == Candidate.RTCP
                && candidate.transport().isTcp()
                && candidate.address().port() != PLACEHOLDER_PORT
                && rtp != null
                && context.rules().rtcpSharesConnections()
                && rtp.remotes().stream()
                        .anyMatch(remote -> remote.signalled()
                                && remote.candidate().transport().equals(candidate.transport())
                                && remote.candidate().address().equals(candidate.address()));
    }

    private static @Nullable String reasonToIgnore(@Nullable ComponentChecks component, Candidate candidate) {
        if (component == null || component.freed()) {
            return "component " + candidate.component() + " is not used here";
        }
        boolean usable = candidate.transport().isUdp() || candidate.transport().isTcp() && mayUseTcp(component);
        if (!usable) {
            return "transport " + candidate.transport().protocol() + " is not used here";
        }
        Optional<InetSocketAddress> address = candidate.address().socketAddress();
        if (address.isEmpty()) {
            return "a name, which somebody else must resolve";
        }
        // nobody connects to an active candidate: its port is a placeholder (RFC 6544 §4.5)
        boolean possible = candidate.transport().tcpType() == TcpType.ACTIVE
                ? Destinations.isPossible(address.get().getAddress())
                : Destinations.isPossible(address.get());
        return possible ? null : "not an address that can be sent to";
    }

    /** Host candidates of all transports come together: where there are some and none is TCP's, there will be none. */
    private static boolean mayUseTcp(ComponentChecks component) {
        List<LocalCandidate> locals = component.locals();
        return locals.isEmpty()
                || locals.stream()
                        .anyMatch(local -> local.candidate().transport().isTcp());
    }

    /** A candidate that is known already: learnt ones get what they really are (RFC 8445 §7.3.1.3). */
    private boolean actualised(long now, ComponentChecks component, KnownRemote known, Candidate candidate) {
        if (known.signalled()) {
            return false;
        }
        known.signalledAs(candidate);
        CheckList list = component.list();
        for (CheckPair pair : list.pairs()) {
            if (pair.remote() == known) {
                pair.remoteSignalled(context.roles().role());
            }
        }
        list.sort();
        return former.form(now, component, component.locals(), List.of(known));
    }

    /**
     * Whether the source of a check is known or may become so, and there is room for its pair. Who gets a success may send data from
     * there and nominate the path, so that it goes to nobody else. Behind a NAT that maps by destination each of the peer's candidates
     * comes to each base of ours from another source.
     *
     * @param base where the check arrived
     */
    boolean hasRoom(long now, ComponentChecks component, Base base, InetSocketAddress from) {
        boolean crowded = component.remote(base, from) == null
                && component.learntAt(base) >= context.settings().maxCandidates();
        if (crowded) {
            return refuse(from, "too many peer-reflexive candidates");
        }
        boolean paired = component.list().find(component, base, from) != null;
        return paired || former.makeRoom(now) || refuse(from, "too many pairs");
    }

    private boolean refuse(InetSocketAddress from, String why) {
        context.outbox().ignored("check from " + CandidateAddress.of(from) + ": " + why);
        return false;
    }

    /**
     * Takes the source of a check as a peer-reflexive candidate (RFC 8445 §7.3.1.3). It is not paired here.
     *
     * @param base where the check arrived
     * @param priority what PRIORITY said, 0 to 2^32 - 1
     */
    KnownRemote learn(ComponentChecks component, Base base, InetSocketAddress from, long priority) {
        learnt++;
        LocalCandidate local = component.baseCandidate(base);
        TransportType transport =
                local == null ? TransportType.UDP : local.candidate().transport();
        Candidate candidate = Candidate.of(
                new Foundation("learnt" + learnt),
                component.id(),
                transport.counterpart(),
                Math.max(1, Math.min(priority, Priority.MAX)),
                CandidateAddress.of(from),
                CandidateType.PEER_REFLEXIVE);
        context.outbox().event(new AgentEvent.PeerReflexiveFound(component.stream(), candidate, false));
        return known(component, KnownRemote.learnt(candidate, from, base));
    }

    private KnownRemote known(ComponentChecks component, KnownRemote remote) {
        component.remotes().add(remote);
        context.outbox().event(new AgentEvent.RemoteKnown(component.stream(), component.id(), remote.address()));
        return remote;
    }
}
