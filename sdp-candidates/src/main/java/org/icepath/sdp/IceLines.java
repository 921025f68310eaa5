// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.RemoteCandidate;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.UnusableCandidate;

/** The {@code a=} lines of ICE, without line ends, in the order in which they are written. */
final class IceLines {
    /** Attributes that these lines are the whole truth about, beside the candidate attributes of the dialect. */
    private static final Set<String> OWNED = Set.of(
            "ice-ufrag",
            "ice-pwd",
            "ice-options",
            "ice-pacing",
            "ice-lite",
            "ice-mismatch",
            "remote-candidates",
            "end-of-candidates",
            "rtcp-mux");

    private IceLines() {}

    static boolean owns(SdpLine line, SdpDialect dialect) {
        String attribute = line.attribute();
        return OWNED.contains(attribute) || dialect.isCandidateAttribute(attribute);
    }

    static List<String> session(IceDescription description) {
        List<String> lines = new ArrayList<>();
        if (description.lite()) {
            lines.add("a=ice-lite");
        }
        options(description.options(), lines);
        description.pacing().ifPresent(pacing -> lines.add("a=ice-pacing:" + pacing.toMillis()));
        description.sessionCredentials().ifPresent(credentials -> credentials(credentials, lines));
        return lines;
    }

    /** The lines of one stream, {@code a=rtcp} included if it has one. */
    static List<String> media(StreamDescription stream, Optional<IceCredentials> session, SdpDialect dialect) {
        List<String> lines = new ArrayList<>();
        stream.rtcpDestination()
                .ifPresent(rtcp -> lines.add("a=rtcp:" + rtcp.port() + addressOfRtcp(stream, rtcp, dialect)));
        if (stream.rtcpMux()) {
            lines.add("a=rtcp-mux");
        }
        if (!stream.credentials().equals(session)) {
            stream.credentials().ifPresent(credentials -> credentials(credentials, lines));
        }
        options(stream.options(), lines);
        if (stream.iceMismatch()) {
            lines.add("a=ice-mismatch");
        }
        candidates(stream, dialect, lines);
        return lines;
    }

    private static String addressOfRtcp(StreamDescription stream, CandidateAddress rtcp, SdpDialect dialect) {
        boolean known = stream.destination()
                .filter(rtp -> rtp.host().equals(rtcp.host()))
                .isPresent();
        return known && dialect.rtcpIsPortAlone() ? "" : " " + SdpAddresses.format(rtcp);
    }

    /** Candidates, and whether they are all. */
    static void candidates(StreamDescription stream, SdpDialect dialect, List<String> lines) {
        for (Candidate candidate : stream.candidates()) {
            lines.add("a=" + CandidateLine.format(candidate, dialect));
        }
        for (UnusableCandidate candidate : stream.unusableCandidates()) {
            lines.add("a=" + candidate.text());
        }
        if (!stream.remoteCandidates().isEmpty()) {
            lines.add("a=remote-candidates:" + remoteCandidates(stream.remoteCandidates()));
        }
        if (stream.endOfCandidates()) {
            lines.add("a=end-of-candidates");
        }
    }

    static void credentials(IceCredentials credentials, List<String> lines) {
        lines.add("a=ice-ufrag:" + credentials.ufrag());
        lines.add("a=ice-pwd:" + credentials.password());
    }

    private static void options(Collection<String> options, List<String> lines) {
        if (!options.isEmpty()) {
            lines.add("a=ice-options:" + String.join(" ", options));
        }
    }

    private static String remoteCandidates(List<RemoteCandidate> candidates) {
        return candidates.stream()
                .map(candidate -> candidate.component() + " "
                        + candidate.address().host() + " " + candidate.address().port())
                .collect(Collectors.joining(" "));
    }
}
