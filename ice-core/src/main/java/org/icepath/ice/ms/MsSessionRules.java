// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.ms;

import java.util.Set;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairView;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.RelayPolicy;
import org.icepath.ice.SessionRules;
import org.icepath.ice.Timings;

/** What MS-ICE2 does, and when. */
final class MsSessionRules implements SessionRules {

    static final MsSessionRules INSTANCE = new MsSessionRules();

    /** Seen in the code of another agent, which cites [MS-ICE2] §3.1.4.8.2.1. */
    private static final int MOST_PAIRS = 80;

    /** More provisional answers than these are ignored ([MS-ICE2] §3.1.4.3, specified). */
    private static final int MOST_PEERS = 20;

    private MsSessionRules() {}

    /**
     * The shorter of the two time-outs of the checks begins when both a check and an answer of the peer have come ([MS-ICE2]
     * §3.1.4.8.2, specified; its length is that of the older draft, 3 s, inferred).
     */
    @Override
    public long patienceFrom(long firstValidAt, long firstCheckedAt) {
        boolean both = firstValidAt != PairView.NOT_YET && firstCheckedAt != PairView.NOT_YET;
        return both ? Math.max(firstValidAt, firstCheckedAt) : PairView.NOT_YET;
    }

    /** The longer one begins with the checks (specified; its length of 10 s is inferred, and configurable). */
    @Override
    public long windowFrom(long startedAt, long firstValidAt) {
        return startedAt;
    }

    /** At its end a call without a pair has failed (specified). Who is called begins to count with the caller's first check (inferred). */
    @Override
    public long checksEndAt(long startedAt, long firstCheckedAt, IceRole role, Timings timings) {
        long from = role == IceRole.CONTROLLING ? startedAt : firstCheckedAt;
        return from == PairView.NOT_YET
                ? Long.MAX_VALUE
                : Math.max(from, startedAt) + timings.promotionWindow().toNanos();
    }

    /** USE-CANDIDATE may come with the transaction id of an earlier check (seen). */
    @Override
    public boolean repeatedTransactionIsNew() {
        return true;
    }

    /** An Edge lets nothing in from whom its client has not sent to ([MS-TURN] §1.3, specified). */
    @Override
    public boolean checksArriveOverTcp() {
        return false;
    }

    /** Both components of a TCP candidate have one port, and for RTCP nothing is nominated (seen; by another agent's authors). */
    @Override
    public boolean rtcpSharesConnections() {
        return true;
    }

    /** A controlling client answers no checks there once it has its own answer (seen by another agent's authors). */
    @Override
    public boolean checkValidatesConnection() {
        return true;
    }

    /** Specified for a browser of the family. */
    @Override
    public boolean firstNominationCounts() {
        return true;
    }

    /** A final offer with one is refused with 500 by some servers (seen by others). */
    @Override
    public boolean selectsServerReflexive() {
        return false;
    }

    /** [MS-ICE] §3.1.5.2.2 (specified). */
    @Override
    public boolean retriesAfter(int errorCode) {
        return errorCode == 401 || errorCode == 430 || errorCode == 431 || errorCode == 432 || errorCode == 500;
    }

    /** Clients of this family know no consent; newer ones answer checks all the same (seen; inferred for older ones). */
    @Override
    public boolean dataShowsConsent() {
        return true;
    }

    /** What was not selected is freed; later moves are restarts ([MS-ICE2] §3.1.4.8.3, specified). */
    @Override
    public boolean keepsReserves() {
        return false;
    }

    @Override
    public int mostPairs() {
        return MOST_PAIRS;
    }

    @Override
    public int mostPeers() {
        return MOST_PEERS;
    }

    /** The final offer is due whatever was selected (specified). */
    @Override
    public boolean owesUpdatedOffer(boolean selectedIsDefault, Set<String> remoteOptions) {
        return true;
    }

    @Override
    public PendingOffer.Reason reasonOfUpdatedOffer() {
        return PendingOffer.Reason.PATHS_SELECTED;
    }

    /** The final answer has the shape of the final offer (seen). */
    @Override
    public boolean controlledNamesRemoteCandidates() {
        return true;
    }

    /** Second half of the final exchange (specified). */
    @Override
    public boolean obeysNamedPairs() {
        return true;
    }

    @Override
    public RelayPolicy relayPolicy() {
        return RelayPolicy.RELEASE;
    }

    @Override
    public String toString() {
        return "MS-ICE2";
    }
}
