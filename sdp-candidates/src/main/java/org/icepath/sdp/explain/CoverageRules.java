// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.explain;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.StreamDescription;

/** What the whole list leaves out: types, families, transports, components. */
final class CoverageRules {
    private CoverageRules() {}

    static void check(StreamDescription stream, boolean lite, Findings findings) {
        List<Candidate> candidates = stream.candidates();
        if (!lite) {
            // a lite agent has host candidates only, and says with that that it is publicly reachable (RFC 8445 §2.5)
            checkTypes(types(candidates), findings);
        }
        checkFamilies(candidates, findings);
        checkNames(candidates, findings);
        if (candidates.stream().noneMatch(candidate -> candidate.transport().isUdp())) {
            findings.warning("only TCP candidates: media will suffer from each lost packet");
        }
        checkRtcp(stream, findings);
    }

    private static void checkTypes(Set<CandidateType> types, Findings findings) {
        if (types.equals(EnumSet.of(CandidateType.RELAYED))) {
            findings.hint("only relay candidates: every packet takes the detour over the server");
        } else if (types.equals(EnumSet.of(CandidateType.HOST))) {
            findings.warning(
                    "only host candidates: no STUN or TURN server was asked, or none answered; works in one network");
        } else if (!types.contains(CandidateType.RELAYED)) {
            findings.warning(
                    "no relay candidate: there is no path if both NATs are symmetric or a firewall blocks UDP");
        }
    }

    private static Set<CandidateType> types(List<Candidate> candidates) {
        Set<CandidateType> types = EnumSet.noneOf(CandidateType.class);
        candidates.forEach(candidate -> types.add(candidate.type()));
        return types;
    }

    private static void checkFamilies(List<Candidate> candidates, Findings findings) {
        boolean onlyIps = candidates.stream().allMatch(candidate -> candidate.address() instanceof IpAddress);
        if (onlyIps && candidates.stream().allMatch(candidate -> AddressRules.isIpv6(candidate.address()))) {
            findings.warning("only IPv6: a peer that has IPv4 alone cannot be reached");
        }
    }

    private static void checkNames(List<Candidate> candidates, Findings findings) {
        Predicate<Candidate> hidden =
                candidate -> candidate.address() instanceof NamedAddress name && name.isMulticastDns();
        if (candidates.stream().allMatch(hidden)) {
            findings.warning("only mDNS names: nobody outside this link can resolve them, and there is nothing else");
        } else if (candidates.stream().anyMatch(hidden)) {
            findings.hint("host addresses are hidden behind mDNS names: only a peer on the same link can use them");
        }
    }

    private static void checkRtcp(StreamDescription stream, Findings findings) {
        List<Candidate> rtcp = stream.candidates(Candidate.RTCP);
        if (!stream.mediaLine().isRtp() || stream.rtcpMux()) {
            return;
        }
        if (rtcp.isEmpty()) {
            findings.warning("no candidates for RTCP (component 2) and no rtcp-mux: there will be no RTCP");
            return;
        }
        Set<CandidateType> missing = types(stream.candidates(Candidate.RTP));
        missing.removeAll(types(rtcp));
        if (!missing.isEmpty()) {
            findings.warning("RTCP (component 2) lacks what RTP has: "
                    + missing.stream().map(AddressRules::name).collect(Collectors.joining(", ")));
        }
    }
}
