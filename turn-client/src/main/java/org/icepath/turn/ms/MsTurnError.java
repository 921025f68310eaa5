// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.util.Optional;
import org.icepath.turn.TurnFailure.Kind;

/**
 * What the error codes of MS-TURN mean. Those of [MS-TURN] are 300, 401, 420, 431, 432, 434, 435, 436, 438 and 500 (specified, by a
 * library that cites its sections); 400 and the others are left from draft-rosenberg-midcom-turn-08, whose 437 to 440 are not those of
 * RFC 8656 (seen in other servers).
 */
public enum MsTurnError {
    TRY_ALTERNATE(300, Kind.REDIRECT, false, "another server has room"),
    BAD_REQUEST(400, Kind.BAD_REQUEST, false, "the request cannot be understood"),
    UNAUTHORIZED(401, Kind.UNAUTHORIZED, true, "the request is not signed, or not by whom the server knows"),
    UNKNOWN_ATTRIBUTE(
            420, Kind.BAD_REQUEST, false, "the request has an attribute that the server must know and does not"),
    STALE_CREDENTIALS(430, Kind.UNAUTHORIZED, true, "the credentials have run out"),
    INTEGRITY_CHECK_FAILURE(431, Kind.UNAUTHORIZED, true, "the integrity is not that of the user's key"),
    MISSING_USERNAME(432, Kind.UNAUTHORIZED, true, "the request has integrity and no USERNAME"),
    USE_TLS(433, Kind.BAD_REQUEST, false, "the server wants the request over TLS"),
    MISSING_REALM(434, Kind.UNAUTHORIZED, true, "the request has no REALM, or not the server's"),
    MISSING_NONCE(435, Kind.UNAUTHORIZED, true, "the request has no NONCE"),
    UNKNOWN_USERNAME(
            436, Kind.UNAUTHORIZED, true, "the user name is no token of the server's, or one that has run out"),
    NO_BINDING(437, Kind.ALLOCATION_LOST, false, "the server has no such allocation"),
    STALE_NONCE(438, Kind.UNAUTHORIZED, true, "the nonce has run out"),
    TRANSITIONING(439, Kind.SERVER_ERROR, false, "the active destination is being changed already"),
    NO_DESTINATION(440, Kind.FORBIDDEN, false, "nothing was ever sent to the destination"),
    WRONG_USERNAME(441, Kind.UNAUTHORIZED, true, "the allocation is another user's"),
    CONNECTION_EXISTS(446, Kind.OTHER, false, "there is a connection to that peer already"),
    SERVER_ERROR(500, Kind.SERVER_ERROR, false, "the server has an error of its own"),
    GLOBAL_FAILURE(600, Kind.OTHER, false, "the server refuses, and so would any other");

    private final int code;
    private final Kind kind;
    private final boolean asksForAuthentication;
    private final String meaning;

    MsTurnError(int code, Kind kind, boolean asksForAuthentication, String meaning) {
        this.code = code;
        this.kind = kind;
        this.asksForAuthentication = asksForAuthentication;
        this.meaning = meaning;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** What a program may act upon. */
    public Kind kind() {
        return kind;
    }

    /** What it means, for people. */
    public String meaning() {
        return meaning;
    }

    /** Whether it is about who we are: such an answer has no integrity, and another signature or other credentials may help. */
    boolean asksForAuthentication() {
        return asksForAuthentication;
    }

    /** The error of a code, empty for one that the dialect does not have. */
    public static Optional<MsTurnError> of(int code) {
        for (MsTurnError error : values()) {
            if (error.code == code) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }
}
