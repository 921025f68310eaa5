// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.net.InetAddress;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IpAddress;
import org.icepath.ice.IceReport;

/**
 * Which candidates whoever gathers has asked for.
 *
 * @param addresses each of them is to be a host candidate
 * @param types each of them is to be there for each component
 * @param components 1 and up
 */
record AskedCandidates(List<InetAddress> addresses, List<CandidateType> types, List<Integer> components) {

    AskedCandidates {
        addresses = List.copyOf(addresses);
        types = List.copyOf(types);
        components = List.copyOf(components);
    }

    /** Whether all are there. What a server brought and is known already counts, too: there is no NAT on the way to it. */
    boolean haveCome(List<Candidate> candidates, IceReport report) {
        return addresses.stream().allMatch(address -> isHost(candidates, address))
                && types.stream().allMatch(type -> components.stream()
                        .allMatch(component ->
                                isThere(candidates, type, component) || isNotNeeded(report, type, component)));
    }

    private static boolean isHost(List<Candidate> candidates, InetAddress address) {
        return candidates.stream()
                .anyMatch(each -> each.type() == CandidateType.HOST
                        && each.address() instanceof IpAddress literal
                        && literal.ip().equals(address));
    }

    private static boolean isThere(List<Candidate> candidates, CandidateType type, int component) {
        return candidates.stream().anyMatch(each -> each.type() == type && each.component() == component);
    }

    private static boolean isNotNeeded(IceReport report, CandidateType type, int component) {
        return report.candidates().stream()
                .anyMatch(entry -> entry.ours()
                        && entry.component() == component
                        && entry.what().startsWith(name(type) + " candidate")
                        && isNotNeeded(entry));
    }

    /** Whether what a server brought was known already. */
    static boolean isNotNeeded(IceReport.CandidateEntry entry) {
        return entry.outcome().startsWith("missing: not needed");
    }

    /** A type as people write it. */
    static String name(CandidateType type) {
        return switch (type) {
            case HOST -> "host";
            case SERVER_REFLEXIVE -> "server-reflexive";
            case PEER_REFLEXIVE -> "peer-reflexive";
            case RELAYED -> "relayed";
        };
    }
}
