// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.explain;

import java.util.List;
import org.icepath.candidate.AddressScope;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IpAddress;

/** What a single address gives away: where it can be reached from, and whether that fits the candidate's type. */
final class AddressRules {
    private AddressRules() {}

    static void check(List<Candidate> candidates, Findings findings) {
        for (Candidate candidate : candidates) {
            if (candidate.address() instanceof IpAddress ip) {
                check(candidate, ip, findings);
            }
        }
    }

    private static void check(Candidate candidate, IpAddress address, Findings findings) {
        String what = name(candidate.type()) + " address " + address.host();
        switch (AddressScope.of(address.ip())) {
            case UNSPECIFIED -> findings.error(what + " is no address: nobody can send to it");
            case LOOPBACK ->
                findings.warning(what + " is this machine's own: only a peer on the same machine reaches it");
            case LINK_LOCAL -> findings.warning(what + " is link-local: only a peer on the same link reaches it");
            case MULTICAST -> findings.error(what + " is a multicast or broadcast address: it cannot be checked");
            case PRIVATE -> checkPrivate(candidate, what + " is private", findings);
            case CARRIER_NAT -> checkCarrierNat(candidate, what, findings);
            case GLOBAL -> checkGlobal(candidate, address, findings);
        }
    }

    private static void checkPrivate(Candidate candidate, String what, Findings findings) {
        switch (candidate.type()) {
            case RELAYED -> findings.error(what + ": the server behind a NAT does not announce its public address");
            case SERVER_REFLEXIVE ->
                findings.warning(what
                        + ": the STUN server stands in the same private network and cannot see the public address");
            case HOST, PEER_REFLEXIVE -> {}
        }
    }

    private static void checkCarrierNat(Candidate candidate, String what, Findings findings) {
        if (candidate.type() == CandidateType.RELAYED) {
            findings.error(what + " lies behind an operator's NAT: the server does not announce its public address");
        } else {
            findings.hint(what + " lies behind an operator's NAT: direct paths from outside are unlikely");
        }
    }

    private static void checkGlobal(Candidate candidate, IpAddress address, Findings findings) {
        byte[] bytes = address.ip().getAddress();
        boolean teredo = bytes.length == 16 && bytes[0] == 0x20 && bytes[1] == 1 && bytes[2] == 0 && bytes[3] == 0;
        if (teredo) {
            findings.hint(name(candidate.type()) + " address " + address.host()
                    + " is a Teredo tunnel: slow, and often blocked");
        }
    }

    static String name(CandidateType type) {
        return switch (type) {
            case HOST -> "host";
            case SERVER_REFLEXIVE -> "server-reflexive";
            case PEER_REFLEXIVE -> "peer-reflexive";
            case RELAYED -> "relay";
        };
    }

    static boolean isIpv6(CandidateAddress address) {
        return address instanceof IpAddress ip && ip.isIpv6();
    }
}
