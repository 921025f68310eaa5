// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;

/** Writes trickle fragments (RFC 8840 §9.2): no v=, o=, s=, t=, c=, only the lines of ICE under pseudo m= lines. */
final class FragmentWriter {
    private FragmentWriter() {}

    static String write(IceDescription content, SdpDialect dialect) {
        List<String> lines = new ArrayList<>(IceLines.session(content));
        for (StreamDescription stream : content.streams()) {
            lines.add(BodyWriter.mediaLine(stream.mediaLine(), SdpAddresses.NOWHERE.port()));
            stream.mid().ifPresent(mid -> lines.add("a=mid:" + mid));
            if (!stream.credentials().equals(content.sessionCredentials())) {
                stream.credentials().ifPresent(credentials -> IceLines.credentials(credentials, lines));
            }
            IceLines.candidates(stream, dialect, lines);
        }
        return lines.isEmpty() ? "" : String.join("\r\n", lines) + "\r\n";
    }
}
