// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Optional;
import rocks.xmpp.precis.PrecisProfiles;

/** The profile that names and passwords are brought into form by (RFC 8489 §9.2.2; RFC 8265 §4.2). */
final class OpaqueString {

    private OpaqueString() {}

    /** The enforced form; empty where the profile refuses the text, which has characters that it disallows or none at all. */
    static Optional<String> enforce(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return Optional.of(text); // what is plain ASCII stays as it is
        }
        try {
            return Optional.of(PrecisProfiles.OPAQUE_STRING.enforce(text));
        } catch (IllegalArgumentException disallowed) {
            return Optional.empty();
        }
    }
}
