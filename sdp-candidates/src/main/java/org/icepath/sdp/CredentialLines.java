// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.Optional;
import org.icepath.candidate.IceCredentials;
import org.jspecify.annotations.Nullable;

/** The {@code a=ice-ufrag} and {@code a=ice-pwd} lines of one section (RFC 8839 §5.4). Mutable, for one reading. */
final class CredentialLines {
    private @Nullable SdpLine ufrag;
    private @Nullable SdpLine password;

    /** Takes the line if it is one of the two; a repeated one is reported and the first counts. */
    boolean take(SdpLine line, Problems problems) {
        switch (line.attribute()) {
            case "ice-ufrag" -> ufrag = first(ufrag, line, problems);
            case "ice-pwd" -> password = first(password, line, problems);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static SdpLine first(@Nullable SdpLine earlier, SdpLine line, Problems problems) {
        if (earlier == null) {
            return line;
        }
        problems.add(line, "repeated in this section: the first one counts");
        return earlier;
    }

    /**
     * The credentials, each half from here or from the session (RFC 8839 §5.4: the media level wins). A half that is present
     * and bad is not replaced by the session's: the peer did not mean that one.
     */
    Optional<IceCredentials> resolve(CredentialLines session, Problems problems) {
        SdpLine theUfrag = ufrag != null ? ufrag : session.ufrag;
        SdpLine thePassword = password != null ? password : session.password;
        if (theUfrag == null || thePassword == null) {
            // alone in the session section, one half may still meet the other in a stream
            SdpLine lonely = ufrag != null ? ufrag : password;
            if (lonely != null && session != this) {
                problems.add(lonely, "ice-ufrag and ice-pwd do not come together: no ICE here");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(new IceCredentials(theUfrag.attributeValue(), thePassword.attributeValue()));
        } catch (IllegalArgumentException e) {
            String reason = String.valueOf(e.getMessage());
            SdpLine bad = reason.startsWith("ice-pwd") ? thePassword : theUfrag;
            if (session == this || bad.equals(ufrag) || bad.equals(password)) {
                problems.add(bad, reason + ": no ICE here");
            }
            return Optional.empty();
        }
    }
}
