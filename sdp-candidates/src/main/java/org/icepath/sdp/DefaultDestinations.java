// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.StreamDescription;

/** Chooses default destinations where a description has none (RFC 8445 §5.1.4). */
final class DefaultDestinations {
    private DefaultDestinations() {}

    static IceDescription fill(IceDescription description, SdpDialect dialect) {
        IceDescription.Builder filled = description.toBuilder();
        description.streams().forEach(stream -> filled.replaceStream(fill(stream, dialect)));
        return filled.build();
    }

    private static StreamDescription fill(StreamDescription stream, SdpDialect dialect) {
        if (stream.destination().isPresent() || stream.credentials().isEmpty()) {
            return stream;
        }
        Optional<Candidate> rtp = dialect.defaultCandidate(stream.candidates(Candidate.RTP));
        if (rtp.isEmpty()) {
            return stream.toBuilder().destination(SdpAddresses.NOWHERE).build();
        }
        StreamDescription.Builder filled =
                stream.toBuilder().destination(rtp.get().address());
        rtcp(stream, rtp.get(), dialect).ifPresent(filled::rtcpDestination);
        return filled.build();
    }

    private static Optional<CandidateAddress> rtcp(StreamDescription stream, Candidate rtp, SdpDialect dialect) {
        List<Candidate> candidates = stream.candidates(Candidate.RTCP);
        if (candidates.isEmpty()) {
            // a peer that checks the default of RTCP would look for the next port and miss it (RFC 8839 §3.2.5)
            return stream.rtcpMux() ? Optional.of(rtp.address()) : Optional.empty();
        }
        List<Candidate> alike = candidates.stream()
                .filter(candidate -> candidate.type() == rtp.type() && sameFamily(candidate, rtp))
                .toList();
        return dialect.defaultCandidate(alike)
                .or(() -> dialect.defaultCandidate(candidates))
                .map(Candidate::address);
    }

    private static boolean sameFamily(Candidate one, Candidate other) {
        return isIpv6(one) == isIpv6(other);
    }

    private static boolean isIpv6(Candidate candidate) {
        return candidate.address() instanceof IpAddress ip && ip.isIpv6();
    }
}
