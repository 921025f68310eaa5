// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

/** Which port a relayed address should have (RFC 8656 §18.7, §18.10). */
public sealed interface PortRequest {

    /** Whichever the server likes. */
    PortRequest ANY = new Any();

    /** An even one, as the RTP of those who count on RTCP beside it. */
    PortRequest EVEN = new Even(false);

    /** An even one, and the next is kept for 30 s for whoever has the token of {@link TurnEvent.PortReserved}. */
    PortRequest EVEN_AND_NEXT = new Even(true);

    /** The port that another allocation has had kept. */
    static PortRequest reserved(long token) {
        return new Reserved(token);
    }

    /** See {@link #ANY}. */
    record Any() implements PortRequest {}

    /**
     * See {@link #EVEN} and {@link #EVEN_AND_NEXT}.
     *
     * @param reserveNext whether the next higher port is to be kept
     */
    record Even(boolean reserveNext) implements PortRequest {}

    /**
     * See {@link #reserved}.
     *
     * @param token 64 bits of the server's making
     */
    record Reserved(long token) implements PortRequest {}
}
