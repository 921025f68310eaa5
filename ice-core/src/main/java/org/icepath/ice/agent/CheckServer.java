// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.Envelope;
import org.icepath.ice.IceRole;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.icepath.stun.auth.Fingerprint;
import org.jspecify.annotations.Nullable;

/** Answers the peer's checks (RFC 8445 §7.3); what follows from them is for {@link CheckConclusions}. */
final class CheckServer {

    private final AgentContext context;
    private final CheckResults results;
    private final RemoteIntake remotes;
    private final CheckConclusions conclusions;

    CheckServer(AgentContext context, CheckResults results, RemoteIntake remotes, CheckConclusions conclusions) {
        this.context = context;
        this.results = results;
        this.remotes = remotes;
        this.conclusions = conclusions;
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
        Arrival arrival = new Arrival(component, base, from, answers);
        StunParseException fault = null;
        FormCodec refusing = null;
        for (FormCodec codec : context.codec().readable()) {
            if (!codec.mayRead(datagram)) {
                continue;
            }
            try {
                StunMessage request = codec.read(datagram);
                if (!isFrom(credentials, codec, request)) {
                    continue;
                }
                if (taken(now, arrival, codec, request)) {
                    return true;
                }
                refusing = refusing == null ? codec : refusing;
            } catch (StunParseException e) {
                // Another form may read it; what none can read is reported where all such faults are.
                fault = e;
            }
        }
        if (refusing != null) {
            refuse(arrival, refusing, refusing.read(datagram));
        } else if (fault != null) {
            throw fault;
        }
        return refusing != null;
    }

    /** @param answers whether it was not answered before */
    private record Arrival(ComponentChecks component, Base base, InetSocketAddress from, boolean answers) {

        String where() {
            return CandidateAddress.of(from).toString();
        }
    }

    private static boolean isFrom(PeerCredentials credentials, FormCodec codec, StunMessage request) {
        return request.method().equals(StunMethod.BINDING)
                && codec.form().hasUsername(request, credentials.incoming(codec.form()))
                && codec.form().wrote(request);
    }

    /** @return false when the peer has not written it */
    private boolean taken(long now, Arrival arrival, FormCodec codec, StunMessage request) {
        if (!Destinations.isPossible(arrival.from())) {
            context.outbox().ignored("check from " + arrival.where() + ", where no answer can go");
            return true;
        }
        if (!context.codec().fromPeer(request)) {
            return false;
        }
        if (!arrival.component().list().mayCheck()) {
            // failed, or refused by now; RFC 7675 §5.2: an answer would be consent to send what nobody will hear
            return true;
        }
        handle(now, arrival, codec, request);
        return true;
    }

    /**
     * RFC 8489 §9.1.3 would answer 400 and 401; who cannot prove that he is the peer gets no answer to reflect elsewhere, except where
     * the form that he claims to write demands one.
     */
    private void refuse(Arrival arrival, FormCodec codec, StunMessage request) {
        if (!Fingerprint.verify(request)) {
            context.outbox().ignored("check without a right FINGERPRINT from " + arrival.where());
            return;
        }
        context.met(context.encounters().withForgery());
        context.outbox().ignored("check with wrong integrity from " + arrival.where());
        OptionalInt code = codec.form().refusalOfForgery(request);
        ByteBuffer answer =
                code.isEmpty() || !arrival.answers() ? null : context.codec().refusal(codec, request, code.getAsInt());
        if (answer != null) {
            context.answer(arrival.base(), arrival.from(), null, codec, answer);
        }
    }

    private void handle(long now, Arrival arrival, FormCodec codec, StunMessage request) {
        context.met(context.encounters().withCheck());
        context.learn(codec.form(), request);
        ByteBuffer refusal = refusal(arrival, codec, request);
        if (refusal == null && !remotes.hasRoom(now, arrival.component(), arrival.base(), arrival.from())) {
            return;
        }
        ByteBuffer answer = refusal != null ? refusal : context.codec().success(codec, request, arrival.from());
        Envelope envelope = envelope(arrival, codec, request);
        if (arrival.answers()) {
            context.answer(arrival.base(), arrival.from(), envelope, codec, answer);
        }
        if (refusal == null) {
            accepted(now, arrival, request, envelope);
        }
    }

    /** What the answer goes in: as the check says, else as one before it said. */
    private @Nullable Envelope envelope(Arrival arrival, FormCodec codec, StunMessage request) {
        if (arrival.base().transport() != Transport.UDP) {
            return null;
        }
        Envelope said = codec.form().envelope(request).orElse(null);
        KnownRemote known =
                said == null && context.wraps() ? arrival.component().remote(arrival.base(), arrival.from()) : null;
        return known == null ? said : known.envelope();
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
            // RFC 8445 §7.1.1: without it there is no peer-reflexive
            // candidate, and a check may be shorter than its answer
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
        if (context.settings().lite()) {
            // RFC 8445 §6.1.1: it is the full agent that controls, whatever its tie-breaker
            return true;
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

    private void accepted(long now, Arrival arrival, StunMessage request, @Nullable Envelope envelope) {
        ComponentChecks component = arrival.component();
        if (!component.checkedByPeer()) {
            component.checkedByPeerAt(now);
            context.outbox()
                    .event(new AgentEvent.FirstCheck(
                            component.stream(), component.id(), arrival.base(), arrival.from()));
            conclusions.peerHasBegun(now, component);
        }
        KnownRemote remote = component.remote(arrival.base(), arrival.from());
        if (remote == null) {
            long priority = request.uint32(Attributes.PRIORITY, 1);
            remote = remotes.learn(component, arrival.base(), arrival.from(), priority);
        }
        if (envelope != null) {
            context.wrap(remote, envelope);
        }
        LocalCandidate local = component.baseCandidate(arrival.base());
        if (local != null && component.list().mayCheck()) {
            conclusions.checked(now, component, local, remote, request);
        }
        CheckPair pair = component.list().find(component, arrival.base(), arrival.from());
        if (pair != null) {
            pair.traffic().requestReceived(arrival.answers());
        }
    }
}
