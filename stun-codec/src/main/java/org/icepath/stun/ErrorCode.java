// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.util.Objects;

/**
 * An error code with its reason phrase (RFC 8489 §14.8).
 *
 * @param code 300 to 699; the constants have the registered ones
 * @param reason for people; empty is legal
 */
public record ErrorCode(int code, String reason) {

    /** RFC 8489 §10. */
    public static final int TRY_ALTERNATE = 300;
    /** RFC 8489 §14.8. */
    public static final int BAD_REQUEST = 400;
    /** RFC 8489 §14.8. */
    public static final int UNAUTHENTICATED = 401;
    /** RFC 8656 §19. */
    public static final int FORBIDDEN = 403;
    /** RFC 8016 §4. */
    public static final int MOBILITY_FORBIDDEN = 405;
    /** RFC 8489 §14.8. */
    public static final int UNKNOWN_ATTRIBUTE = 420;
    /** RFC 3489 §11.2.9, gone since RFC 5389. */
    public static final int STALE_CREDENTIALS = 430;
    /** RFC 3489 §11.2.9, gone since RFC 5389. */
    public static final int INTEGRITY_CHECK_FAILURE = 431;
    /** RFC 3489 §11.2.9, gone since RFC 5389. */
    public static final int MISSING_USERNAME = 432;
    /** RFC 8656 §19. */
    public static final int ALLOCATION_MISMATCH = 437;
    /** RFC 8489 §14.8. */
    public static final int STALE_NONCE = 438;
    /** RFC 8656 §19. */
    public static final int ADDRESS_FAMILY_NOT_SUPPORTED = 440;
    /** RFC 8656 §19. */
    public static final int WRONG_CREDENTIALS = 441;
    /** RFC 8656 §19. */
    public static final int UNSUPPORTED_TRANSPORT_PROTOCOL = 442;
    /** RFC 8656 §19. */
    public static final int PEER_ADDRESS_FAMILY_MISMATCH = 443;
    /** RFC 6062 §6.3. */
    public static final int CONNECTION_ALREADY_EXISTS = 446;
    /** RFC 6062 §6.3. */
    public static final int CONNECTION_TIMEOUT_OR_FAILURE = 447;
    /** RFC 8656 §19. */
    public static final int ALLOCATION_QUOTA_REACHED = 486;
    /** RFC 8445 §16.2. */
    public static final int ROLE_CONFLICT = 487;
    /** RFC 8489 §14.8. */
    public static final int SERVER_ERROR = 500;
    /** RFC 8656 §19. */
    public static final int INSUFFICIENT_CAPACITY = 508;

    public ErrorCode {
        Objects.requireNonNull(reason, "reason");
        if (code < 300 || code > 699) {
            throw new IllegalArgumentException("error code " + code + " is not within 300 to 699");
        }
    }

    /** The hundreds: 3 try elsewhere, 4 the request was wrong, 5 the server failed, 6 (RFC 3489) nobody can. */
    public int errorClass() {
        return code / 100;
    }

    /** Code and reason. */
    @Override
    public String toString() {
        return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
    }
}
