// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.InetSocketAddress;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.TransportType;

/** A pair as a strategy sees it, with just what the strategies of this package look at. */
record FakePair(CandidatePair pair, PairState state, boolean valid, boolean nominated, long validSince)
        implements PairView {

    static FakePair of(long priority, PairState state, boolean valid) {
        return new FakePair(pair(priority), state, valid, false, valid ? 0 : NOT_YET);
    }

    static CandidatePair pair(long priority) {
        return new CandidatePair(candidate(1), candidate(2), priority);
    }

    private static Candidate candidate(int lastOctet) {
        InetSocketAddress address = new InetSocketAddress("192.0.2." + lastOctet, 5000);
        return Candidate.host(new Foundation("1"), 1, TransportType.UDP, 1000, address);
    }

    @Override
    public long lastAnsweredAt() {
        return validSince;
    }

    @Override
    public long rttNanos() {
        return -1;
    }
}
