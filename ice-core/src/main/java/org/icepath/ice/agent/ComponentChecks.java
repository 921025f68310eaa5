// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.TransportType;
import org.icepath.ice.PairView;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/** One component of a stream: the candidates on both sides, and what its pairs came to. */
final class ComponentChecks {

    private final CheckList list;
    private final int id;
    private final List<LocalCandidate> locals = new ArrayList<>(2);
    private final List<KnownRemote> remotes = new ArrayList<>(2);
    private boolean freed;
    private long checkedByPeerAt = PairView.NOT_YET;
    private boolean ready;
    private long firstValidAt = PairView.NOT_YET;
    private long heardAt = PairView.NOT_YET;
    private boolean silent;
    private String leftBecause = "";
    private @Nullable CheckPair current;
    private @Nullable CheckPair followed;
    private @Nullable CheckPair nominated;
    private @Nullable CheckPair nominating;
    private boolean renominated;
    private long brokenAt = PairView.NOT_YET;
    private final Contest contest;

    ComponentChecks(CheckList list, int id) {
        this.list = list;
        this.id = id;
        this.contest = new Contest(this);
    }

    CheckList list() {
        return list;
    }

    int stream() {
        return list.layout().index();
    }

    int id() {
        return id;
    }

    /** Our candidates; a live list. */
    List<LocalCandidate> locals() {
        return locals;
    }

    /** Whether a candidate of this base and address is among ours. */
    boolean knows(LocalCandidate candidate) {
        return locals.stream()
                .anyMatch(local ->
                        local.base().equals(candidate.base()) && local.address().equals(candidate.address()));
    }

    /** How many of our candidates were gathered: the peer decides how many it lets us learn. */
    int gathered() {
        int gathered = 0;
        for (LocalCandidate local : locals) {
            gathered += isGathered(local.candidate()) ? 1 : 0;
        }
        return gathered;
    }

    /**
     * Whether this is the first of ours of its type, transport and family: the limit is not for it. A relay may be the only way there is,
     * and the address of another family, which may have appeared just now, the best.
     */
    boolean isFirstOfKind(LocalCandidate candidate) {
        return isGathered(candidate.candidate())
                && locals.stream()
                        .noneMatch(local -> isAlike(local.candidate(), candidate.candidate())
                                && isSameFamily(local.address(), candidate.address()));
    }

    /** Whether this is the first of its type, transport and family that the peer names. */
    boolean isFirstOfKind(Candidate candidate, InetSocketAddress address) {
        return isGathered(candidate)
                && remotes.stream()
                        .noneMatch(remote ->
                                isAlike(remote.candidate(), candidate) && isSameFamily(remote.address(), address));
    }

    /** Checks find any number of the other ones. */
    private static boolean isGathered(Candidate candidate) {
        return candidate.type() != CandidateType.PEER_REFLEXIVE;
    }

    private static boolean isAlike(Candidate one, Candidate other) {
        return one.type() == other.type() && one.transport().equals(other.transport());
    }

    private static boolean isSameFamily(InetSocketAddress one, InetSocketAddress other) {
        return one.getAddress().getClass() == other.getAddress().getClass();
    }

    /** The peer's candidates, learnt ones included; a live list. */
    List<KnownRemote> remotes() {
        return remotes;
    }

    boolean hasBase(Base base) {
        for (int i = 0; i < locals.size(); i++) {
            if (locals.get(i).base().equals(base)) {
                return true;
            }
        }
        return false;
    }

    /** The peer's candidate behind what comes from {@code address}: a port is one thing over UDP and another over TCP. */
    @Nullable
    KnownRemote remote(Base base, InetSocketAddress address) {
        return remote(base.transport() == Transport.TCP, address);
    }

    /** The peer's candidate at an address. */
    @Nullable
    KnownRemote remote(boolean tcp, InetSocketAddress address) {
        for (int i = 0; i < remotes.size(); i++) {
            if (remotes.get(i).isTcp() == tcp && remotes.get(i).address().equals(address)) {
                return remotes.get(i);
            }
        }
        return null;
    }

    /**
     * The peer's candidate at an address, signalled as one of that transport or learnt; a relay may be active and passive at one address.
     */
    @Nullable
    KnownRemote remoteLike(TransportType transport, InetSocketAddress address) {
        for (KnownRemote remote : remotes) {
            boolean like = remote.signalled()
                    ? remote.candidate().transport().equals(transport)
                    : remote.isTcp() == transport.isTcp();
            if (like && remote.address().equals(address)) {
                return remote;
            }
        }
        return null;
    }

    /** How many candidates of the peer were learnt from checks that came to this base. */
    int learntAt(Base base) {
        int learnt = 0;
        for (KnownRemote remote : remotes) {
            learnt += remote.isLearntAt(base) ? 1 : 0;
        }
        return learnt;
    }

    /** Drops the candidates that were learnt at bases which stand no longer, as far as no pair is left of them. */
    void forgetStraySources() {
        remotes.removeIf(remote -> !remote.signalled()
                && locals.stream().noneMatch(local -> remote.isLearntAt(local.base()))
                && !list.hasPairWith(remote));
    }

    /** The candidate that packets from {@code base} are sent from without a NAT: host or relayed (RFC 8445 §7.3.1.4). */
    @Nullable
    LocalCandidate baseCandidate(Base base) {
        LocalCandidate reflexive = null;
        for (LocalCandidate local : locals) {
            if (!local.base().equals(base)) {
                continue;
            }
            if (local.address().equals(base.address())) {
                return local;
            }
            reflexive = reflexive == null ? local : reflexive;
        }
        return reflexive;
    }

    /** Whether the component takes part no longer (RFC 5761). */
    boolean freed() {
        return freed;
    }

    /** Its pairs leave the list, and what is on its way for them is no longer wanted. */
    void free(CheckClient client) {
        freed = true;
        current = null;
        for (CheckPair pair : List.copyOf(list.pairs())) {
            if (pair.component() == this) {
                client.forget(pair);
                list.remove(pair);
            }
        }
    }

    /** Whether the peer has sent an authenticated check. */
    boolean checkedByPeer() {
        return checkedByPeerAt != PairView.NOT_YET;
    }

    /** When its first authenticated check came, or {@link PairView#NOT_YET}. */
    long checkedByPeerAt() {
        return checkedByPeerAt;
    }

    void checkedByPeerAt(long now) {
        checkedByPeerAt = now;
    }

    boolean ready() {
        return ready;
    }

    void becomeReady() {
        ready = true;
    }

    long firstValidAt() {
        return firstValidAt;
    }

    void validAt(long now) {
        if (firstValidAt == PairView.NOT_YET) {
            firstValidAt = now;
        }
    }

    /** The pair that carries our data. */
    @Nullable
    CheckPair current() {
        return current;
    }

    void current(@Nullable CheckPair pair) {
        current = pair;
        heardAt = PairView.NOT_YET;
        silent = false;
    }

    /** When data last came on the pair that carries ours, or {@link PairView#NOT_YET} when none has. */
    long heardAt() {
        return heardAt;
    }

    void heardAt(long now) {
        heardAt = now;
        silent = false;
    }

    /** Whether that data has ceased, and this was noticed. */
    boolean silent() {
        return silent;
    }

    void noticeSilence() {
        silent = true;
    }

    /** Why our data last left a pair that was broken, in words; empty when they never did. */
    String leftBecause() {
        return leftBecause;
    }

    void leftBecause(String why) {
        leftBecause = why;
    }

    /** The pair that the peer has moved to when it left the nominated one; used as long as that is suspect. */
    @Nullable
    CheckPair followed() {
        return followed;
    }

    void follow(CheckPair pair) {
        followed = pair;
    }

    /** The pair whose nomination has succeeded. */
    @Nullable
    CheckPair nominated() {
        return nominated;
    }

    void nominated(@Nullable CheckPair pair) {
        nominated = pair;
    }

    /** The pair whose nomination is on its way; we are controlling. */
    @Nullable
    CheckPair nominating() {
        return nominating;
    }

    void nominating(@Nullable CheckPair pair) {
        nominating = pair;
    }

    /** Whether another pair was nominated after the stream was concluded. */
    boolean renominated() {
        return renominated;
    }

    void renominated(boolean again) {
        renominated = again;
    }

    /** When media last left a pair that was broken, or {@link PairView#NOT_YET}. */
    long brokenAt() {
        return brokenAt;
    }

    void brokenAt(long now) {
        brokenAt = now;
    }

    /** What would be better than the nominated pair. */
    Contest contest() {
        return contest;
    }
}
