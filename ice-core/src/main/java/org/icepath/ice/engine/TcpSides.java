// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.TcpType;

/** Why two sides that have TCP alone have no pair: who opens connections, and who accepts them (RFC 6544 §6.2). */
final class TcpSides {

    private TcpSides() {}

    /** One sentence; empty where that is no reason. */
    static Optional<String> why(List<Candidate> ours, List<Candidate> theirs) {
        if (areAll(ours, TcpType.ACTIVE) && areAll(theirs, TcpType.ACTIVE)) {
            return Optional.of(
                    "Both sides open TCP connections and neither accepts any: one of the two has to offer passive"
                            + " candidates.");
        }
        if (areAll(ours, TcpType.PASSIVE) && areAll(theirs, TcpType.PASSIVE)) {
            return Optional.of(
                    "Both sides accept TCP connections and neither opens any: one of the two has to offer active"
                            + " candidates.");
        }
        return ours.stream()
                .filter(each -> is(each, TcpType.PASSIVE))
                .findFirst()
                .filter(accepting -> theirs.stream().anyMatch(each -> is(each, TcpType.ACTIVE)))
                .map(accepting ->
                        ("The peer has to connect to us over TCP (%s), and no connection of its came: a firewall lets"
                                        + " none in, or the peer has not got our description.")
                                .formatted(accepting.address()));
    }

    private static boolean areAll(List<Candidate> candidates, TcpType type) {
        return !candidates.isEmpty() && candidates.stream().allMatch(each -> is(each, type));
    }

    private static boolean is(Candidate candidate, TcpType type) {
        return candidate.transport().tcpType() == type;
    }
}
