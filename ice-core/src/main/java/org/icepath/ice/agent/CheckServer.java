// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.icepath.stun.auth.Fingerprint;
import org.jspecify.annotations.Nullable;

/** Answers the peer's checks and draws the conclusions (RFC 8445 §7.3). */
final class CheckServer {

    /** A check as old as this is sent again in 2 s or later. */
    private static final long SLOW_NANOS = 2_000_000_000;

    /**
     * A check younger than this may just be on its way: the one that is triggered in its place waits until it is older, and is then
     * mostly not needed. A beat spent on it would delay the nomination.
     */
    private static final long YOUNG_NANOS = 100_000_000;

    private final AgentContext context;
    private final CheckClient client;
    private final CheckResults results;
    private final RemoteIntake remotes;
    private final PairFormer former;

    CheckServer(
            AgentContext context, CheckClient client, CheckResults results, RemoteIntake remotes, PairFormer former) {
        this.context = context;
        this.client = client;
        this.results = results;
        this.remotes = remotes;
        this.former = former;
    }

    /**
     * Takes a request.
     *
     * @param answers false when it was answered before: it is only to be acted upon
     * @return false when it is for somebody else: another agent's username, or no base of ours
     * @throws StunParseException when no form reads it
     */
    boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer datagram, boolean answers) {
        ComponentChecks component = context.lists().component(base);
        PeerCredentials credentials =
                component == null ? null : component.list().credentials();
        if (component == null || credentials == null) {
            return false;
        }
        StunParseException fault = null;
        for (FormCodec codec : context.codec().readable()) {
            if (!codec.mayRead(datagram)) {
                continue;
            }
            try {
                StunMessage request = codec.read(datagram);
                if (isFrom(credentials, codec, request)) {
                    handle(now, new Arrival(component, base, from), codec, request, answers);
                    return true;
                }
            } catch (StunParseException e) {
                // Another form may read it; what none can read is reported where all such faults are.
                fault = e;
            }
        }
        if (fault != null) {
            throw fault;
        }
        return false;
    }

    private record Arrival(ComponentChecks component, Base base, InetSocketAddress from) {}

    private static boolean isFrom(PeerCredentials credentials, FormCodec codec, StunMessage request) {
        return request.method().equals(StunMethod.BINDING)
                && request.valueEquals(Attributes.USERNAME, credentials.incoming(codec.form()))
                && codec.form().wrote(request);
    }

    private void handle(long now, Arrival arrival, FormCodec codec, StunMessage request, boolean answers) {
        // RFC 8489 §9.1.3 would answer 400 and 401; who cannot prove that he is the peer gets no answer to reflect
        // elsewhere.
        if (!Destinations.isPossible(arrival.from())) {
            context.outbox().ignored("check from " + arrival.from() + ", where no answer can go");
            return;
        }
        if (!Fingerprint.verify(request)) {
            context.outbox().ignored("check without a right FINGERPRINT from " + arrival.from());
            return;
        }
        if (!context.codec().fromPeer(request)) {
            context.outbox().ignored("check with wrong integrity from " + arrival.from());
            return;
        }
        context.learn(codec.form(), request);
        ByteBuffer refusal = refusal(arrival, codec, request);
        ByteBuffer answer = refusal != null ? refusal : context.codec().success(codec, request, arrival.from());
        if (answers) {
            context.outbox().send(arrival.base(), arrival.from(), answer);
        }
        if (refusal == null) {
            accepted(now, arrival, request);
        }
    }

    private @Nullable ByteBuffer refusal(Arrival arrival, FormCodec codec, StunMessage request) {
        int[] unknown = request.unknownComprehensionRequired();
        if (unknown.length > 0) {
            // RFC 8489 §6.3.1
            return context.codec()
                    .error(
                            codec,
                            request,
                            ErrorCode.UNKNOWN_ATTRIBUTE,
                            "Unknown Comprehension-Required Attribute",
                            unknown);
        }
        if (!request.has(Attributes.PRIORITY)) {
            // RFC 8445 §7.1.1: without it there is no peer-reflexive candidate, and a check may be shorter than its
            // answer
            return context.codec().error(codec, request, ErrorCode.BAD_REQUEST, "PRIORITY is missing");
        }
        return keepsRole(request)
                ? context.codec().error(codec, request, ErrorCode.ROLE_CONFLICT, "Role Conflict")
                : null;
    }

    /** Detects a role conflict and repairs it, unless the peer has to (RFC 8445 §7.3.1.1). */
    private boolean keepsRole(StunMessage request) {
        IceRole role = context.roles().role();
        Attribute<Long> claim = role == IceRole.CONTROLLING ? Attributes.ICE_CONTROLLING : Attributes.ICE_CONTROLLED;
        if (!request.has(claim)) {
            return false;
        }
        if (context.lists().completed()) {
            // Honest agents had their conflict long ago; what swings the role now is forged, or the peer's to repair.
            return true;
        }
        long theirs = request.uint64(claim, 0);
        if (Roles.keepsRole(role, context.roles().tieBreaker(), theirs)) {
            return true;
        }
        results.switchRole(role.other());
        return false;
    }

    private void accepted(long now, Arrival arrival, StunMessage request) {
        ComponentChecks component = arrival.component();
        if (!component.checkedByPeer()) {
            component.checkedByPeer(true);
            context.outbox()
                    .event(new AgentEvent.FirstCheck(
                            component.stream(), component.id(), arrival.base(), arrival.from()));
            peerHasBegun(now, component);
        }
        KnownRemote remote = component.remote(arrival.from());
        if (remote == null) {
            long priority = request.uint32(Attributes.PRIORITY, 1);
            remote = remotes.learn(component, arrival.from(), priority);
        }
        LocalCandidate local = component.baseCandidate(arrival.base());
        if (remote == null || local == null || !component.list().mayCheck()) {
            return;
        }
        boolean nominates = !context.roles().controlling() && request.has(Attributes.USE_CANDIDATE);
        CheckPair pair = component.list().find(component, arrival.base(), arrival.from());
        if (pair == null) {
            pair = former.formByCheck(component, local, remote, isConcluded(component) && !nominates);
        }
        if (pair != null && !pair.consentLost()) {
            trigger(now, pair, nominates, pair.repeats(request.transactionId()));
        }
    }

    /**
     * The peer's first check on a component: before that its NATs had seen nothing leave, and what we sent was in vain. Checks
     * whose next retransmission is far away, or that were given up, begin anew, once.
     */
    private void peerHasBegun(long now, ComponentChecks component) {
        if (!component.list().mayCheck() || isConcluded(component)) {
            return;
        }
        for (CheckPair pair : component.list().pairs()) {
            Attempt attempt = pair.attempt();
            boolean slow =
                    pair.state() == PairState.IN_PROGRESS && attempt != null && now - attempt.startedAt() > SLOW_NANOS;
            boolean givenUp = pair.state() == PairState.FAILED && !pair.consentLost() && pair.lastErrorCode() == 0;
            if (pair.component() == component && (slow || givenUp)) {
                client.cancel(pair);
                pair.state(PairState.WAITING);
            }
        }
    }

    /**
     * Once a component has its nominated pair, checks are answered and lead to nothing else (RFC 8445 §8.1.2), until that pair is in
     * doubt: the peer's NAT may have given it another address.
     */
    private static boolean isConcluded(ComponentChecks component) {
        CheckPair current = component.current();
        return component.nominated() != null
                && current != null
                && !current.health().inDoubt();
    }

    private void trigger(long now, CheckPair pair, boolean nominates, boolean repeated) {
        ComponentChecks component = pair.component();
        pair.checkedByPeerAt(now);
        if (nominates && isWorseThanNominated(pair)) {
            return;
        }
        if (pair.mayCarryData() && pair.state() == PairState.SUCCEEDED) {
            if (nominates) {
                results.nominated(pair);
            }
            return;
        }
        if (nominates) {
            pair.nominationAsked(true);
        }
        boolean again = repeated && !context.settings().rules().repeatedTransactionIsNew();
        if ((isConcluded(component) && !nominates) || again || isTooSoon(now, pair)) {
            return;
        }
        pair.triggeredAt(now);
        Attempt attempt = pair.attempt();
        long notBefore = attempt == null ? now : attempt.startedAt() + YOUNG_NANOS;
        client.supersede(now, pair);
        pair.list().trigger(pair, notBefore);
    }

    /** RFC 8445 §8.1.1: of several nominations the one of highest priority counts, so a worse one needs no check. */
    private static boolean isWorseThanNominated(CheckPair pair) {
        CheckPair nominated = pair.component().nominated();
        return nominated != null
                && nominated != pair
                && nominated.mayCarryData()
                && Long.compareUnsigned(pair.checkPriority(), nominated.checkPriority()) < 0;
    }

    /**
     * A check of the peer triggers ours at once, but no more often than we would send ours again: or two agents whose answers get
     * lost would check each other at the pace of the round trip.
     */
    private boolean isTooSoon(long now, CheckPair pair) {
        long rto = context.settings().timings().rto().toNanos();
        return pair.triggeredAt() != CheckPair.NOT_YET && now - pair.triggeredAt() < rto;
    }
}
