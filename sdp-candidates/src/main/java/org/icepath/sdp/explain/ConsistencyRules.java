// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.explain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.TransportType;

/** What candidates say about one another: NATs, duplicates, priorities and foundations that cannot be right. */
final class ConsistencyRules {
    private ConsistencyRules() {}

    static void check(List<Candidate> candidates, Findings findings) {
        checkReflexive(candidates, findings);
        checkMappings(candidates, findings);
        checkDuplicates(candidates, findings);
        checkPriorities(candidates, findings);
        checkFoundations(candidates, findings);
    }

    private static void checkReflexive(List<Candidate> candidates, Findings findings) {
        for (Candidate reflexive : ofType(candidates, CandidateType.SERVER_REFLEXIVE)) {
            boolean same = reflexive
                            .relatedAddress()
                            .filter(reflexive.address()::equals)
                            .isPresent()
                    || ofType(candidates, CandidateType.HOST).stream().anyMatch(host -> samePlace(host, reflexive));
            if (same && reflexive.transport().isUdp()) {
                findings.hint("server-reflexive address " + reflexive.address()
                        + " is the host address: there is no NAT on that interface");
            }
        }
    }

    private static List<Candidate> ofType(List<Candidate> candidates, CandidateType type) {
        return candidates.stream().filter(candidate -> candidate.type() == type).toList();
    }

    private static boolean samePlace(Candidate one, Candidate other) {
        return one.component() == other.component()
                && one.transport().equals(other.transport())
                && one.address().equals(other.address());
    }

    /** One base seen at two ports of one address: the NAT maps anew for each destination (RFC 4787 §4.1). */
    private static void checkMappings(List<Candidate> candidates, Findings findings) {
        Map<CandidateAddress, CandidateAddress> mapped = new HashMap<>();
        for (Candidate reflexive : ofType(candidates, CandidateType.SERVER_REFLEXIVE)) {
            Optional<CandidateAddress> base = reflexive.relatedAddress();
            if (base.isEmpty()
                    || base.get().port() == 0
                    || !reflexive.transport().isUdp()) {
                continue;
            }
            CandidateAddress earlier = mapped.putIfAbsent(base.get(), reflexive.address());
            if (earlier != null
                    && earlier.host().equals(reflexive.address().host())
                    && earlier.port() != reflexive.address().port()) {
                findings.warning("base " + base.get() + " was seen at ports " + earlier.port() + " and "
                        + reflexive.address().port()
                        + ": the NAT is symmetric, so a symmetric one on the other side leaves only relays");
            }
        }
    }

    private static void checkDuplicates(List<Candidate> candidates, Findings findings) {
        Map<Place, Candidate> seen = new HashMap<>();
        for (Candidate candidate : candidates) {
            Place place = new Place(candidate.component(), candidate.transport(), candidate.address());
            Candidate earlier = seen.putIfAbsent(place, candidate);
            if (earlier != null && earlier.type() == candidate.type()) {
                findings.hint("duplicate: " + AddressRules.name(candidate.type()) + " address " + candidate.address()
                        + " of component " + candidate.component() + " is there twice");
            }
        }
    }

    private static void checkPriorities(List<Candidate> candidates, Findings findings) {
        Map<PriorityKey, Candidate> seen = new HashMap<>();
        for (Candidate candidate : candidates) {
            PriorityKey key = new PriorityKey(candidate.component(), candidate.priority());
            Candidate earlier = seen.putIfAbsent(key, candidate);
            if (earlier != null) {
                findings.hint("priority " + candidate.priority() + " is given to " + earlier.address() + " and to "
                        + candidate.address() + ": it must be unique in a component (RFC 8445 §5.1.2)");
            }
        }
    }

    private static void checkFoundations(List<Candidate> candidates, Findings findings) {
        Map<Foundation, Candidate> seen = new HashMap<>();
        for (Candidate candidate : candidates) {
            Candidate earlier = seen.putIfAbsent(candidate.foundation(), candidate);
            if (earlier != null && earlier.type() != candidate.type()) {
                findings.hint("foundation " + candidate.foundation() + " is shared by a "
                        + AddressRules.name(earlier.type()) + " and a " + AddressRules.name(candidate.type())
                        + " candidate: checks wait for one another without reason");
            }
        }
    }

    private record Place(int component, TransportType transport, CandidateAddress address) {}

    private record PriorityKey(int component, long priority) {}
}
