// SPDX-License-Identifier: Apache-2.0
package org.icepath.sansio;

import java.util.Objects;

/**
 * Why something that only the driver can see went wrong.
 *
 * @param kind what a machine may act upon
 * @param detail the operating system's words, for people
 */
public record Cause(Kind kind, String detail) {

    /** What happened, as far as a machine may want to know it. */
    public enum Kind {
        /** The network said that the destination or its port cannot be reached (ICMP, no route). */
        UNREACHABLE,
        /** The datagram was larger than the path lets through. */
        TOO_BIG,
        /** The other side refused or ended the connection. */
        REFUSED,
        /** Nothing happened within the deadline. */
        TIMED_OUT,
        /** The local interface or socket is gone. */
        LOCAL_GONE,
        /** Local policy forbids it (firewall, permission). */
        FORBIDDEN,
        /** The local send queue is full. */
        CONGESTED,
        /** The other side did not prove who it is, or did not take our proof (TLS, DTLS). */
        UNTRUSTED,
        /** Anything else; the detail says what. */
        OTHER
    }

    public Cause {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }
}
