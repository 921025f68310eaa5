// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TransportType;

/** A pair as a strategy sees it, with just what the strategies of this package look at. */
record FakePair(
        CandidatePair pair,
        PairState state,
        boolean valid,
        long validSince,
        long rttMillis,
        InterfaceKind localInterface,
        long checkedSince,
        long checkedByPeerAt)
        implements PairView {

    private static final long NANOS = 1_000_000;

    static FakePair of(long priority, PairState state, boolean valid) {
        return new FakePair(
                pair(priority),
                state,
                valid,
                valid ? 0 : NOT_YET,
                -1,
                InterfaceKind.WIRED,
                NOT_YET,
                valid ? 0 : NOT_YET);
    }

    /** A valid pair of candidates of these types. */
    static FakePair valid(CandidateType local, CandidateType remote, long priority) {
        CandidatePair pair = new CandidatePair(
                candidate(1, local, TransportType.UDP), candidate(2, remote, TransportType.UDP), priority);
        return new FakePair(pair, PairState.SUCCEEDED, true, 0, -1, InterfaceKind.WIRED, NOT_YET, 0);
    }

    static FakePair valid(long priority) {
        return valid(CandidateType.HOST, CandidateType.HOST, priority);
    }

    FakePair rtt(long millis) {
        return new FakePair(pair, state, valid, validSince, millis, localInterface, checkedSince, checkedByPeerAt);
    }

    /** A pair whose check is on its way since then, in milliseconds. */
    FakePair checkedSince(long millis) {
        return new FakePair(pair, state, valid, validSince, rttMillis, localInterface, millis * NANOS, checkedByPeerAt);
    }

    /** The same before the peer has checked it. */
    FakePair uncheckedByPeer() {
        return new FakePair(pair, state, valid, validSince, rttMillis, localInterface, checkedSince, NOT_YET);
    }

    FakePair over(InterfaceKind kind) {
        return new FakePair(pair, state, valid, validSince, rttMillis, kind, checkedSince, checkedByPeerAt);
    }

    FakePair tcp() {
        Candidate local = candidate(1, CandidateType.HOST, TransportType.TCP_ACTIVE);
        Candidate remote = candidate(2, CandidateType.HOST, TransportType.TCP_PASSIVE);
        CandidatePair tcp = new CandidatePair(local, remote, pair.priority());
        return new FakePair(tcp, state, valid, validSince, rttMillis, localInterface, checkedSince, checkedByPeerAt);
    }

    static CandidatePair pair(long priority) {
        return valid(CandidateType.HOST, CandidateType.HOST, priority).pair;
    }

    private static Candidate candidate(int lastOctet, CandidateType type, TransportType transport) {
        return Candidate.of(
                new Foundation("1"), 1, transport, 1000, CandidateAddress.of("192.0.2." + lastOctet, 5000), type);
    }

    @Override
    public boolean nominated() {
        return false;
    }

    @Override
    public long lastAnsweredAt() {
        return validSince;
    }

    @Override
    public long rttNanos() {
        return smoothedRttNanos();
    }

    @Override
    public long smoothedRttNanos() {
        return rttMillis < 0 ? -1 : rttMillis * NANOS;
    }
}
