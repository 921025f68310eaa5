// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.MediaLine;
import org.icepath.candidate.SessionOrigin;
import org.icepath.candidate.StreamDescription;

/** Writes a body of its own, with nothing in it but the streams and their ICE. */
final class BodyWriter {
    private BodyWriter() {}

    /** @param description complete with default destinations */
    static String write(IceDescription description, SdpDialect dialect, SessionOrigin origin) {
        List<String> lines = new ArrayList<>();
        lines.add("v=0");
        lines.add("o=- " + origin.id() + " " + origin.version() + " " + SdpAddresses.format(origin.address()));
        lines.add("s=-");
        lines.add("t=0 0");
        for (List<String> group : description.bundleGroups()) {
            lines.add("a=group:BUNDLE" + (group.isEmpty() ? "" : " " + String.join(" ", group)));
        }
        lines.addAll(IceLines.session(description));
        for (StreamDescription stream : description.streams()) {
            lines.addAll(section(description, stream, dialect));
        }
        return String.join("\r\n", lines) + "\r\n";
    }

    /** One with the address of the first destination. */
    static SessionOrigin origin(IceDescription description, long sessionId, long sessionVersion) {
        CandidateAddress first = description.streams().stream()
                .flatMap(stream -> stream.destination().stream())
                .findFirst()
                .orElse(SdpAddresses.NOWHERE);
        return new SessionOrigin(sessionId, sessionVersion, first);
    }

    private static List<String> section(IceDescription description, StreamDescription stream, SdpDialect dialect) {
        CandidateAddress destination = stream.destination().orElse(SdpAddresses.NOWHERE);
        List<String> lines = new ArrayList<>();
        lines.add(mediaLine(stream.mediaLine(), destination.port()));
        lines.add("c=" + SdpAddresses.format(destination));
        if (withoutRtcp(stream)) {
            // says that no RTCP is sent or wanted (RFC 3556 §2): nobody looks for its candidates
            lines.add("b=RS:0");
            lines.add("b=RR:0");
        }
        stream.mid().ifPresent(mid -> lines.add("a=mid:" + mid));
        if (stream.bundleOnly()) {
            lines.add("a=bundle-only");
        }
        lines.addAll(IceLines.media(stream, description.sessionCredentials(), dialect));
        return lines;
    }

    static String mediaLine(MediaLine media, int port) {
        String line = "m=" + media.media() + " " + port + " " + media.protocol();
        return media.formats().isEmpty() ? line : line + " " + media.formats();
    }

    private static boolean withoutRtcp(StreamDescription stream) {
        return stream.mediaLine().isRtp()
                && stream.hasIce()
                && !stream.rtcpMux()
                && stream.rtcpDestination().isEmpty()
                && stream.components().equals(List.of(Candidate.RTP));
    }
}
