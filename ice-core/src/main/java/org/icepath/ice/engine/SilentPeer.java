// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.AddressScope;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IpAddress;
import org.icepath.ice.gather.MissingCandidate;

/** Why nothing of a peer's has reached us, as far as the two descriptions tell. */
final class SilentPeer {

    private static final String NOTHING = "Nothing of the peer's reached us, neither check nor answer";

    private final List<Candidate> ours;
    private final List<Candidate> theirs;
    private final List<MissingCandidate> missing;

    /** @param missing of ours */
    SilentPeer(List<Candidate> ours, List<Candidate> theirs, List<MissingCandidate> missing) {
        this.ours = ours;
        this.theirs = theirs;
        this.missing = missing;
    }

    /** One sentence. */
    String why() {
        Optional<MissingCandidate> missingRelay = missing.stream()
                .filter(each -> each.what().startsWith("relayed"))
                // what is said of datagrams tells more than that a server over UDP relays no connections
                .min(Comparator.comparing(each -> each.what().contains(" over TCP ")));
        if (hasRelay(ours)) {
            return NOTHING
                    + ", though there is a relay: the peer has not got our description or does not act upon it, or a"
                    + " firewall stops even the relay.";
        }
        if (hasRelay(theirs)) {
            return NOTHING
                    + ", though the peer has a relay: a firewall may let nothing through to there but what goes to"
                    + " a TURN server of our own, and "
                    + missingRelay.map(SilentPeer::text).orElse("none is configured here") + ".";
        }
        if (missingRelay.isPresent()) {
            return withoutRelay(text(missingRelay.get()));
        }
        return hidden().map(reason -> NOTHING + ", and " + reason + ".")
                .orElseGet(() -> withoutRelay(
                        "no TURN server is configured here, and the NATs or firewalls in between let nothing through"));
    }

    private static String withoutRelay(String why) {
        return NOTHING + ", and neither side has a relay: " + why + ".";
    }

    /** One side is behind a NAT and does not know its address before it, while the other stands elsewhere. */
    private Optional<String> hidden() {
        if (isPrivate(theirs)) {
            return Optional.of(
                    "the peer gave no other addresses than private ones (%s): it stands behind another NAT or in"
                                    .formatted(theirs.get(0).address().host())
                            + " another network, and no STUN or TURN server has told it where");
        }
        if (isPrivate(ours)) {
            return Optional.of("we gave no other addresses than private ones (%s): "
                            .formatted(ours.get(0).address().host())
                    + missing.stream()
                            .filter(each -> each.what().startsWith("server-reflexive"))
                            .map(SilentPeer::text)
                            .findFirst()
                            .orElse("no STUN or TURN server is configured that could tell us the one before our NAT"));
        }
        return Optional.empty();
    }

    private static boolean isPrivate(List<Candidate> candidates) {
        return !candidates.isEmpty() && candidates.stream().allMatch(SilentPeer::isPrivate);
    }

    private static boolean isPrivate(Candidate candidate) {
        return candidate.address() instanceof IpAddress ip && AddressScope.of(ip.ip()) == AddressScope.PRIVATE;
    }

    private static boolean hasRelay(List<Candidate> candidates) {
        return candidates.stream().anyMatch(each -> each.type() == CandidateType.RELAYED);
    }

    private static String text(MissingCandidate missing) {
        return missing.what() + ": " + missing.why();
    }
}
