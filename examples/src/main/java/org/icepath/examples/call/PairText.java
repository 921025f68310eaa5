// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.CandidatePair;

/** Candidates and pairs in words. */
final class PairText {

    private PairText() {}

    /** Such as {@code by relay}. */
    static String way(CandidatePair pair) {
        return relayed(pair) ? "by relay" : Stage.isOnVpn(pair.local()) ? "over the VPN" : "direct";
    }

    /** Such as {@code relayed 127.0.3.10:4000 → host 127.0.2.20:4002}. */
    static String of(CandidatePair pair) {
        return of(pair.local()) + " → " + of(pair.remote());
    }

    static boolean relayed(CandidatePair pair) {
        return pair.local().type() == CandidateType.RELAYED || pair.remote().type() == CandidateType.RELAYED;
    }

    static String of(CandidateType type) {
        return switch (type) {
            case HOST -> "host";
            case SERVER_REFLEXIVE -> "server-reflexive";
            case PEER_REFLEXIVE -> "peer-reflexive";
            case RELAYED -> "relayed";
        };
    }

    private static String of(Candidate candidate) {
        return of(candidate.type()) + " " + candidate.address();
    }
}
