// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.auth;

import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;

/**
 * FINGERPRINT, asked before any HMAC is computed (RFC 8489 §7, §14.7): it costs a twentieth and tells STUN from other data.
 *
 * <p>It has no key and proves nothing about the sender.
 */
public final class Fingerprint {

    private Fingerprint() {}

    /** Whether the message ends with a FINGERPRINT and it is right. Allocates nothing. */
    public static boolean verify(StunMessage message) {
        return message.fingerprintMatches();
    }

    /** Whether the message has no FINGERPRINT, or ends with a right one: for usages where it is optional. */
    public static boolean absentOrRight(StunMessage message) {
        return !message.has(Attributes.FINGERPRINT) || message.fingerprintMatches();
    }
}
