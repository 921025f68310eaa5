// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.Priority;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.CheckForm;
import org.icepath.ice.Envelope;
import org.icepath.ice.IceRole;
import org.icepath.ice.OutgoingCheck;
import org.icepath.ice.PairState;
import org.icepath.ice.PairView;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/**
 * A pair of a check list, and the valid pair that its checks produced (RFC 8445 §6.1.2, §7.2.5.3.2).
 *
 * <p>The two are one object: they share base and remote address, which is all that sending needs, and differ in the local
 * candidate alone, which is the base's in the check list and the mapped address' on the valid list.
 */
final class CheckPair implements PairView, OutgoingCheck {

    private final ComponentChecks component;
    private final LocalCandidate local;
    private final KnownRemote remote;
    private String foundation;
    private LocalCandidate validLocal;
    private long checkPriority;
    private @Nullable CandidatePair value;
    private final PairHealth health = new PairHealth();
    private final PairTraffic traffic = new PairTraffic();
    private PairState state = PairState.FROZEN;
    private PairLink link;
    private long linkedAt = NOT_YET;
    private boolean nominatesAgain;

    private long validSince = NOT_YET;
    private boolean nominated;
    private boolean nominationAsked;
    private int nomination;
    private long consentLostAt = NOT_YET;

    private @Nullable Attempt attempt;
    private @Nullable CheckForm understood;
    private int answered;
    private @Nullable CheckFailures failures;
    private @Nullable PeerChecks peerChecks;
    private long triggerAt;
    private long retriedAt = NOT_YET;

    CheckPair(ComponentChecks component, LocalCandidate local, KnownRemote remote, IceRole role) {
        this.component = component;
        this.local = local;
        this.validLocal = local;
        this.remote = remote;
        this.foundation = foundationOf(local, remote);
        this.link = local.candidate().transport().isTcp() ? PairLink.ABSENT : PairLink.NOT_NEEDED;
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

    /** What must stand before everything that goes to the remote candidate; null for nothing. */
    @Nullable
    Envelope envelope() {
        return remote.envelope();
    }

    InetSocketAddress remoteAddress() {
        return remote.address();
    }

    String foundation() {
        return foundation;
    }

    /** What its packets travel on, where they need a connection. */
    PairLink link() {
        return link;
    }

    void link(PairLink next) {
        link = next;
    }

    /** When its connection was last opened, or {@link #NOT_YET}. */
    long linkedAt() {
        return linkedAt;
    }

    void linkedAt(long now) {
        linkedAt = now;
    }

    /** Whether its next check repeats the nomination, since the peer knows it under another address now. */
    boolean nominatesAgain() {
        return nominatesAgain;
    }

    void nominatesAgain(boolean next) {
        nominatesAgain = next;
    }

    /** Its connection stands: something has come over it. */
    void linked() {
        if (link != PairLink.NOT_NEEDED) {
            link = PairLink.OPEN;
        }
    }

    /** Whether we open its connection; otherwise only the peer can (RFC 6544 §6.2). */
    boolean opensLink() {
        return local.candidate().transport().tcpType().opens();
    }

    /** Whether the network itself repeats what gets lost. */
    boolean isReliable() {
        return link != PairLink.NOT_NEEDED;
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

    @Override
    public Candidate from() {
        return local.candidate();
    }

    @Override
    public Candidate to() {
        return remote.candidate();
    }

    @Override
    public Optional<Candidate> serverReflexive() {
        return component.locals().stream()
                .filter(each -> each.base().equals(local.base()))
                .map(LocalCandidate::candidate)
                .filter(candidate -> candidate.type() == CandidateType.SERVER_REFLEXIVE)
                .findFirst();
    }

    ActivePair active() {
        return new ActivePair(pair(), base(), remote.address(), Optional.ofNullable(remote.envelope()), 0);
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
        return mayCarryData() && !health.suspect();
    }

    /** Whether the pair is on the valid list and consent stands, suspect or not. */
    boolean mayCarryData() {
        return validSince != NOT_YET && !consentLost();
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
        health.forget();
        nominated = false;
        nominationAsked = false;
    }

    /** The peer answered: the path works both ways now. */
    void answeredAt(long now, long roundTripNanos) {
        answered++;
        health.answeredAt(now, roundTripNanos);
    }

    /** Whether it works, and what keeps it working. */
    PairHealth health() {
        return health;
    }

    /** What has passed on it. */
    PairTraffic traffic() {
        return traffic;
    }

    @Override
    public long validSince() {
        return validSince;
    }

    @Override
    public long checkedSince() {
        return attempt == null ? NOT_YET : attempt.startedAt();
    }

    @Override
    public long lastAnsweredAt() {
        return health.lastAnsweredAt();
    }

    @Override
    public long rttNanos() {
        return health.rttNanos();
    }

    @Override
    public long smoothedRttNanos() {
        return health.smoothedRttNanos();
    }

    @Override
    public InterfaceKind localInterface() {
        return local.kind();
    }

    @Override
    public boolean nominated() {
        return nominated;
    }

    void nominate() {
        nominated = true;
        nominationAsked = false;
    }

    /** Another pair was nominated in its place. */
    void supersede() {
        nominated = false;
    }

    /** The number of its latest nomination, by us or by the peer; 0 when that has none. */
    int nomination() {
        return nomination;
    }

    void nomination(int number) {
        nomination = number;
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
        return consentLostAt != NOT_YET;
    }

    /** When consent ended, or {@link #NOT_YET}. */
    long consentLostAt() {
        return consentLostAt;
    }

    void loseConsent(long now) {
        consentLostAt = now;
    }

    /** The check on its way, whose failure is the pair's; none when it was cancelled. */
    @Nullable
    Attempt attempt() {
        return attempt;
    }

    void attempt(@Nullable Attempt next) {
        attempt = next;
        if (next != null && failures != null) {
            failures.checkedAnew();
        }
    }

    /** The form in which the peer has answered before; later checks use no other. */
    @Nullable
    CheckForm understood() {
        return understood;
    }

    void understood(CheckForm form) {
        understood = form;
    }

    /** How many checks were answered with success. */
    int answered() {
        return answered;
    }

    /** Where what goes wrong with its checks is noted. */
    CheckFailures failures() {
        if (failures == null) {
            failures = new CheckFailures();
        }
        return failures;
    }

    /** What went wrong last, for people; empty when nothing did. */
    String lastError() {
        return failures == null ? "" : failures.last();
    }

    /** The STUN error code that the peer has the latest check fail with; 0 where it failed otherwise, or a refusal was got over. */
    int lastErrorCode() {
        return failures == null ? 0 : failures.lastCode();
    }

    /** Where the checks of the peer are noted. */
    PeerChecks peerChecks() {
        if (peerChecks == null) {
            peerChecks = new PeerChecks();
        }
        return peerChecks;
    }

    @Override
    public long checkedByPeerAt() {
        return peerChecks == null ? NOT_YET : peerChecks.lastAt();
    }

    /** When a triggered check that is queued may be sent. */
    long triggerAt() {
        return triggerAt;
    }

    void triggerAt(long at) {
        triggerAt = at;
    }

    /** When it was last tried because it would be better than the pair in use, or {@link #NOT_YET}. */
    long retriedAt() {
        return retriedAt;
    }

    void retriedAt(long now) {
        retriedAt = now;
    }

    @Override
    public String toString() {
        return local.candidate().address() + " -> " + remote.candidate().address() + " " + state;
    }
}
