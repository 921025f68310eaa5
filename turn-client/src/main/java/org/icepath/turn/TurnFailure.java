// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Objects;
import org.icepath.stun.ErrorCode;

/**
 * Why something that was asked of a TURN server did not come about.
 *
 * @param kind what a program may act upon
 * @param code the STUN error code, 0 if there was none
 * @param detail what happened, for people; never a credential
 */
public record TurnFailure(Kind kind, int code, String detail) {

    /** What happened, as far as a program may want to know it. */
    public enum Kind {
        /** The server does not take our credentials, or wants some and we have none (401, 441). */
        UNAUTHORIZED,
        /** The server's policy forbids it (403). */
        FORBIDDEN,
        /** The user has as many allocations as he may (486). */
        QUOTA_REACHED,
        /** The server has no more room (508). */
        NO_CAPACITY,
        /** The server knows another allocation of this local address: only another local port helps (437). */
        NEW_LOCAL_PORT_NEEDED,
        /** The allocation has gone: the server says so (437), or its lifetime ended unrefreshed. */
        ALLOCATION_LOST,
        /** The server does not relay this address family, or not between these two (440, 443). */
        FAMILY_NOT_SUPPORTED,
        /** The server does not relay this transport (442). */
        TRANSPORT_NOT_SUPPORTED,
        /** The server did not understand the request (400, 420). */
        BAD_REQUEST,
        /** The server had an error of its own (500). */
        SERVER_ERROR,
        /** The server sent us elsewhere, and that led nowhere (300). */
        REDIRECT,
        /** The server did not answer, or over datagrams not in a way that could be believed. */
        TIMED_OUT,
        /** The server cannot connect to the peer (447). */
        PEER_UNREACHABLE,
        /** The local network cannot reach the server. */
        UNREACHABLE,
        /** The server did not prove to have the name that it was asked by, or did not take our certificate (TLS, DTLS). */
        UNTRUSTED,
        /** The local address that the allocation hangs on is gone. */
        BASE_LOST,
        /** An answer that lacks what it must say, or over TCP or TLS what must prove it (RFC 8489 §9.2.5). */
        MALFORMED,
        /** More was asked for than one allocation holds. */
        TOO_MANY,
        /** The allocation was released before. */
        RELEASED,
        /** Another error code. */
        OTHER
    }

    public TurnFailure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }

    /** A failure without an error code. */
    static TurnFailure of(Kind kind, String detail) {
        return new TurnFailure(kind, 0, detail);
    }

    /** What an error code means in an answer to any request but where a request knows better (RFC 8656 §19). */
    static TurnFailure of(ErrorCode error) {
        Kind kind =
                switch (error.code()) {
                    case ErrorCode.TRY_ALTERNATE -> Kind.REDIRECT;
                    case ErrorCode.BAD_REQUEST, ErrorCode.UNKNOWN_ATTRIBUTE -> Kind.BAD_REQUEST;
                    case ErrorCode.UNAUTHENTICATED, ErrorCode.STALE_NONCE, ErrorCode.WRONG_CREDENTIALS ->
                        Kind.UNAUTHORIZED;
                    case ErrorCode.FORBIDDEN -> Kind.FORBIDDEN;
                    case ErrorCode.ALLOCATION_MISMATCH -> Kind.ALLOCATION_LOST;
                    case ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED, ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH ->
                        Kind.FAMILY_NOT_SUPPORTED;
                    case ErrorCode.UNSUPPORTED_TRANSPORT_PROTOCOL -> Kind.TRANSPORT_NOT_SUPPORTED;
                    case ErrorCode.ALLOCATION_QUOTA_REACHED -> Kind.QUOTA_REACHED;
                    case ErrorCode.CONNECTION_TIMEOUT_OR_FAILURE -> Kind.PEER_UNREACHABLE;
                    case ErrorCode.INSUFFICIENT_CAPACITY -> Kind.NO_CAPACITY;
                    default -> error.errorClass() == 5 ? Kind.SERVER_ERROR : Kind.OTHER;
                };
        return new TurnFailure(kind, error.code(), "the server answered " + error);
    }

    TurnFailure as(Kind other) {
        return new TurnFailure(other, code, detail);
    }

    /** Whether the same request may succeed a little later: the server has no room now, or for this user, or a fault of its own. */
    boolean isPassing() {
        return kind == Kind.NO_CAPACITY || kind == Kind.QUOTA_REACHED || kind == Kind.SERVER_ERROR;
    }
}
