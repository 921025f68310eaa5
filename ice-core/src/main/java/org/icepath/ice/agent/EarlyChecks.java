// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.IceCredentials;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.Envelope;
import org.icepath.ice.IceRole;
import org.icepath.ice.RemoteTraits;
import org.icepath.sansio.Base;
import org.icepath.sansio.Borrowed;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.jspecify.annotations.Nullable;

/**
 * Answers checks for our username fragment while no description of their sender is known, and keeps them until it is (RFC 8445
 * §7.3): {@link #take} gives them for {@link IceAgent#replay}.
 *
 * <p>One for each generation of a session, before its agents in the chain of questions or behind them: it takes any check that is
 * for us. Keeps one check for each base and source, at most {@value #MOST_KEPT}. Reports each sender's first check on each base as an
 * event.
 *
 * <p>Once a peer is known under these credentials ({@link #holdAnswers}), a check from somebody else is kept and gets its answer with
 * its sender's description: it is another fork's, or the same peer's, who has restarted ICE and checks under old credentials of ours.
 */
public final class EarlyChecks implements Machine<EarlyCheck> {

    /** Most checks that are kept; later ones get no answer, which would be a promise: the peer sends them again. */
    public static final int MOST_KEPT = 64;

    /** Larger checks are not kept: one has less than 700 bytes even with the longest username. */
    private static final int LARGEST_KEPT = 1500;

    private final IceCredentials local;
    private final IceRole role;
    private final long tieBreaker;
    private final CheckDialect checks;
    private final CheckScratch scratch;
    private @Nullable CheckCodec codec;
    private final List<EarlyCheck> kept = new ArrayList<>();
    private final ArrayDeque<EarlyCheck> news = new ArrayDeque<>(1);
    private final Outbox outbox = new Outbox();
    private boolean holding;

    /**
     * Makes an empty one.
     *
     * @param role ours at the start of the session
     * @param tieBreaker ours, the same that the agents are given
     */
    public EarlyChecks(CheckDialect checks, IceCredentials local, IceRole role, long tieBreaker) {
        this(checks, local, role, tieBreaker, new CheckScratch());
    }

    /**
     * Makes an empty one.
     *
     * @param role ours at the start of the session
     * @param tieBreaker ours, the same that the agents are given
     * @param scratch shared with other agents of the thread
     */
    public EarlyChecks(CheckDialect checks, IceCredentials local, IceRole role, long tieBreaker, CheckScratch scratch) {
        this.scratch = scratch;
        this.local = local;
        this.role = role;
        this.tieBreaker = tieBreaker;
        this.checks = checks;
    }

    /**
     * A peer is known under these credentials: from now on checks of others wait for their answers. Browsers check a restart's new
     * candidates with our old credentials until our answer is there, and would stay on what succeeds.
     */
    public void holdAnswers() {
        holding = true;
    }

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        if (!mayBeRequest(payload) || !Destinations.isPossible(from)) {
            return false;
        }
        for (FormCodec form : codec().readable()) {
            if (form.mayRead(payload)) {
                Optional<String> ufrag = sender(form, payload);
                if (ufrag.isPresent()) {
                    if (keep(base, from, ufrag.get(), payload) && !holding) {
                        respond(form, base, from, form.read(payload));
                    }
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean mayBeRequest(ByteBuffer payload) {
        return payload.remaining() >= StunMessage.HEADER_LENGTH
                && (payload.get(payload.position()) & 0xC0) == 0
                && FormCodec.classOf(payload) == StunClass.REQUEST;
    }

    /** Made when it is first needed: most sessions see no early check. */
    private CheckCodec codec() {
        if (codec == null) {
            codec = new CheckCodec(checks, local, scratch);
        }
        return codec;
    }

    /** @return the sender's fragment, empty when the check is not for us or not from someone who has our password */
    private Optional<String> sender(FormCodec form, ByteBuffer payload) {
        try {
            StunMessage request = form.read(payload);
            boolean written =
                    request.method().equals(StunMethod.BINDING) && form.form().wrote(request);
            Optional<String> ufrag = !written
                    ? Optional.empty()
                    : request.get(Attributes.USERNAME)
                            .flatMap(username -> form.form().writerUfrag(username, local.ufrag()));
            if (ufrag.isPresent() && codec().fromPeer(request)) {
                return ufrag;
            }
        } catch (StunParseException e) {
            // Not a check of this form. Nobody is known yet to whom it could be reported.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private void respond(FormCodec form, Base base, InetSocketAddress from, StunMessage request) {
        ByteBuffer answer = response(form, request, from);
        Envelope envelope = base.transport() == Transport.UDP
                ? form.form().envelope(request).orElse(null)
                : null;
        outbox.send(base, from, envelope, answer);
        if (checks.sendsCompanions(checks.learn(RemoteTraits.NONE, form.form(), request))) {
            outbox.sendCompanion(base, from, envelope, form.form(), answer);
        }
    }

    private ByteBuffer response(FormCodec form, StunMessage request, InetSocketAddress from) {
        int[] unknown = request.unknownComprehensionRequired();
        if (unknown.length > 0) {
            return codec().error(
                            form,
                            request,
                            ErrorCode.UNKNOWN_ATTRIBUTE,
                            "Unknown Comprehension-Required Attribute",
                            unknown);
        }
        if (!request.has(Attributes.PRIORITY)) {
            return codec().error(form, request, ErrorCode.BAD_REQUEST, "PRIORITY is missing");
        }
        // RFC 8445 §7.3.1.1: if we have to yield, the agent does when the check is replayed to it
        Attribute<Long> claim = role == IceRole.CONTROLLING ? Attributes.ICE_CONTROLLING : Attributes.ICE_CONTROLLED;
        if (request.has(claim) && Roles.keepsRole(role, tieBreaker, request.uint64(claim, 0))) {
            return codec().error(form, request, ErrorCode.ROLE_CONFLICT, "Role Conflict");
        }
        return codec().success(form, request, from);
    }

    /** @return whether this check, or one from there that nominates, will be acted upon */
    private boolean keep(Base base, InetSocketAddress from, String ufrag, ByteBuffer payload) {
        boolean known = kept.removeIf(check -> check.base().equals(base)
                && check.from().equals(from)
                && check.remoteUfrag().equals(ufrag)
                && !nominates(check));
        boolean nominated = kept.stream()
                .anyMatch(check -> check.base().equals(base) && check.from().equals(from));
        if (nominated) {
            return true;
        }
        if (kept.size() >= MOST_KEPT || payload.remaining() > LARGEST_KEPT) {
            return false;
        }
        EarlyCheck check = new EarlyCheck(base, from, ufrag, Borrowed.copy(payload), !holding);
        kept.add(check);
        if (!known) {
            news.add(check);
        }
        return true;
    }

    /** A check that nominates is not replaced by one that does not: the peer may send it once only. */
    private boolean nominates(EarlyCheck check) {
        for (FormCodec form : codec().readable()) {
            try {
                if (form.mayRead(check.request())) {
                    return form.read(check.request()).has(Attributes.USE_CANDIDATE);
                }
            } catch (StunParseException e) {
                // another form has read it before
                continue;
            }
        }
        return false;
    }

    /** Whether a check from there has authenticated and waits for its sender's description: data from there may be kept, too. */
    public boolean knows(Base base, InetSocketAddress from) {
        for (EarlyCheck check : kept) {
            if (check.base().equals(base) && check.from().equals(from)) {
                return true;
            }
        }
        return false;
    }

    /** Hands over, oldest first, what the peer with this fragment has sent, and keeps it no longer. */
    public List<EarlyCheck> take(String remoteUfrag) {
        List<EarlyCheck> taken = kept.stream()
                .filter(check -> check.remoteUfrag().equals(remoteUfrag))
                .toList();
        kept.removeAll(taken);
        return taken;
    }

    @Override
    public void handleTimeout(long now) {}

    @Override
    public long nextTimeout() {
        return NEVER;
    }

    @Override
    public void drainTo(Output<? super EarlyCheck> out) {
        for (EarlyCheck check = news.poll(); check != null; check = news.poll()) {
            out.event(check);
        }
        outbox.drainDatagramsTo(out);
    }
}
