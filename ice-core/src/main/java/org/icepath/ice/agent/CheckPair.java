// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import org.icepath.candidate.Priority;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.CheckForm;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.ice.PairView;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.stun.TransactionId;
import org.jspecify.annotations.Nullable;

/**
 * A pair of a check list, and the valid pair that its checks produced (RFC 8445 §6.1.2, §7.2.5.3.2).
 *
 * <p>The two are one object: they share base and remote address, which is all that sending needs, and differ in the local
 * candidate alone, which is the base's in the check list and the mapped address' on the valid list.
 */
final class CheckPair implements PairView {

    private final ComponentChecks component;
    private final LocalCandidate local;
    private final KnownRemote remote;
    private String foundation;
    private LocalCandidate validLocal;
    private long checkPriority;
    private @Nullable CandidatePair value;
    private PairState state = PairState.FROZEN;

    private long validSince = NOT_YET;
    private long lastAnsweredAt = NOT_YET;
    private long rttNanos = -1;
    private boolean nominated;
    private boolean nominationAsked;
    private boolean consentLost;
    private boolean suspect;
    private boolean unreachable;
    private long suspectSince = NOT_YET;
    private long askedAt = NOT_YET;

    private @Nullable Attempt attempt;
    private @Nullable CheckForm understood;
    private int sent;
    private int answered;
    private @Nullable String lastError;
    private int lastErrorCode;
    private int unanswered;
    private Duty duty = Duty.NONE;
    private long dutyAt = Machine.NEVER;
    private long triggeredAt = NOT_YET;
    private long triggerAt;
    private @Nullable TransactionId lastRequest;

    /** What keeps a valid pair alive. */
    enum Duty {
        /** Nothing: the pair is not valid. */
        NONE,
        /** Data may flow on it: consent is renewed (RFC 7675 §5.1). */
        CONSENT,
        /** A reserve that is checked now and then. */
        PROBE,
        /** A valid pair that may still be chosen: its bindings are kept (RFC 8445 §11). */
        KEEPALIVE
    }

    CheckPair(ComponentChecks component, LocalCandidate local, KnownRemote remote, IceRole role) {
        this.component = component;
        this.local = local;
        this.validLocal = local;
        this.remote = remote;
        this.foundation = foundationOf(local, remote);
        prioritise(role);
    }

    private static String foundationOf(LocalCandidate local, KnownRemote remote) {
        return local.candidate().foundation().value()
                + ':'
                + remote.candidate().foundation().value();
    }

    ComponentChecks component() {
        return component;
    }

    CheckList list() {
        return component.list();
    }

    LocalCandidate local() {
        return local;
    }

    KnownRemote remote() {
        return remote;
    }

    Base base() {
        return local.base();
    }

    InetSocketAddress remoteAddress() {
        return remote.address();
    }

    String foundation() {
        return foundation;
    }

    /** The priority that orders the check list, an unsigned 64-bit number (RFC 8445 §6.1.2.3). */
    long checkPriority() {
        return checkPriority;
    }

    /** Computes the priority anew: it depends on our role and on what is known of the remote candidate. */
    void prioritise(IceRole role) {
        checkPriority = priority(role, local);
        value = new CandidatePair(validLocal.candidate(), remote.candidate(), priority(role, validLocal));
    }

    /** The remote candidate, learnt from a check, was signalled: its foundation and priority are known now. */
    void remoteSignalled(IceRole role) {
        foundation = foundationOf(local, remote);
        prioritise(role);
    }

    private long priority(IceRole role, LocalCandidate ours) {
        long mine = ours.candidate().priority();
        long theirs = remote.candidate().priority();
        return role == IceRole.CONTROLLING ? Priority.pair(mine, theirs) : Priority.pair(theirs, mine);
    }

    @Override
    public CandidatePair pair() {
        if (value == null) {
            throw new IllegalStateException("a pair without priority");
        }
        return value;
    }

    ActivePair active() {
        return new ActivePair(pair(), base(), remote.address());
    }

    @Override
    public PairState state() {
        return state;
    }

    void state(PairState next) {
        state = next;
    }

    /** Whether the pair still waits for its first verdict. */
    boolean unresolved() {
        return state != PairState.SUCCEEDED && state != PairState.FAILED;
    }

    @Override
    public boolean valid() {
        return mayCarryData() && !suspect;
    }

    /** Whether the pair is on the valid list and consent stands, suspect or not. */
    boolean mayCarryData() {
        return validSince != NOT_YET && !consentLost;
    }

    /** Puts the pair on the valid list; its local candidate is from now on the one of the mapped address. */
    void becameValid(long now, LocalCandidate mapped, IceRole role) {
        if (validSince == NOT_YET) {
            validSince = now;
        }
        validLocal = mapped;
        prioritise(role);
    }

    /** Takes the pair from the valid list (RFC 8445 §7.2.5.3.4). */
    void noLongerValid() {
        validSince = NOT_YET;
        suspect = false;
        unreachable = false;
        nominated = false;
        nominationAsked = false;
    }

    /** The peer answered: the path works both ways now. */
    void answeredAt(long now, long roundTripNanos) {
        lastAnsweredAt = now;
        answered++;
        unanswered = 0;
        suspect = false;
        unreachable = false;
        if (roundTripNanos >= 0) {
            rttNanos = roundTripNanos;
        }
    }

    @Override
    public long validSince() {
        return validSince;
    }

    @Override
    public long lastAnsweredAt() {
        return lastAnsweredAt;
    }

    @Override
    public long rttNanos() {
        return rttNanos;
    }

    @Override
    public boolean nominated() {
        return nominated;
    }

    void nominate() {
        nominated = true;
        nominationAsked = false;
    }

    /** Whether the pair is nominated as soon as it is valid: the peer asked with USE-CANDIDATE (RFC 8445 §7.3.1.5). */
    boolean nominationAsked() {
        return nominationAsked;
    }

    void nominationAsked(boolean asked) {
        nominationAsked = asked;
    }

    /** Whether the peer withdrew consent or let it expire: the pair may not be used again in this session (RFC 7675 §5.1). */
    boolean consentLost() {
        return consentLost;
    }

    void loseConsent() {
        consentLost = true;
    }

    /** Whether something hints that the path is broken, and no answer has come since. */
    boolean suspect() {
        return suspect;
    }

    /** Too many of its checks were lost. */
    void suspect(long now, String why) {
        suspectSince = suspect ? suspectSince : now;
        suspect = true;
        lastError = why;
    }

    /** The network refused to send on it. */
    void unreachable(long now, String why) {
        suspect(now, why);
        unreachable = true;
    }

    /** Whether it is suspect because the network refused to send on it, which is a reason to leave it at once. */
    boolean unreachable() {
        return unreachable;
    }

    /** When it became suspect; means something only while it is. */
    long suspectSince() {
        return suspectSince;
    }

    /** When its {@link Duty} was last performed, or {@link #NOT_YET}. */
    long askedAt() {
        return askedAt;
    }

    void askedAt(long now) {
        askedAt = now;
    }

    /** The check on its way, whose failure is the pair's; none when it was cancelled. */
    @Nullable
    Attempt attempt() {
        return attempt;
    }

    void attempt(@Nullable Attempt next) {
        attempt = next;
    }

    /** The form in which the peer has answered before; later checks use no other. */
    @Nullable
    CheckForm understood() {
        return understood;
    }

    void understood(CheckForm form) {
        understood = form;
    }

    /** How many checks were begun, consent checks included. */
    int sent() {
        return sent;
    }

    void countSent() {
        sent++;
    }

    /** How many checks were answered with success. */
    int answered() {
        return answered;
    }

    /** What went wrong last, for people. */
    @Nullable
    String lastError() {
        return lastError;
    }

    void lastError(String error) {
        lastError = error;
    }

    /** The STUN error code that the peer answered with last; 0 when it never did. */
    int lastErrorCode() {
        return lastErrorCode;
    }

    void lastErrorCode(int code) {
        lastErrorCode = code;
    }

    /**
     * Counts a consent check that was lost.
     *
     * @return how many in a row that makes
     */
    int countUnanswered() {
        return ++unanswered;
    }

    /** How many consent checks in a row were lost. */
    int unanswered() {
        return unanswered;
    }

    Duty duty() {
        return duty;
    }

    /** When the duty is due next, or {@link Machine#NEVER}. */
    long dutyAt() {
        return dutyAt;
    }

    void duty(Duty next, long at) {
        duty = next;
        dutyAt = at;
    }

    /** When a triggered check that is queued may be sent. */
    long triggerAt() {
        return triggerAt;
    }

    void triggerAt(long at) {
        triggerAt = at;
    }

    /** When a check of the peer last triggered one of ours, or {@link #NOT_YET}. */
    long triggeredAt() {
        return triggeredAt;
    }

    void triggeredAt(long now) {
        triggeredAt = now;
    }

    /**
     * Takes the id of a request that arrived.
     *
     * @return whether the one before had the same: this one is a retransmission
     */
    boolean repeats(TransactionId request) {
        boolean same = request.equals(lastRequest);
        lastRequest = request;
        return same;
    }

    @Override
    public String toString() {
        return local.candidate().address() + " -> " + remote.candidate().address() + " " + state;
    }
}
