// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.List;
import java.util.Optional;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;

/** One thing that is asked of the server, whatever number of transactions it takes to get an answer. */
interface TurnRequest {

    /** RFC 8656 §3.2. */
    long DEFAULT_LIFETIME_SECONDS = 600;

    StunMethod method();

    /** The base that it must go from; empty for that of the allocation. */
    default Optional<Base> from() {
        return Optional.empty();
    }

    /** Writes the attributes between header and authentication. */
    void write(StunWriter writer);

    /**
     * The server has done it.
     *
     * @param sentAt when the request was first sent: what the server grants for a time has begun then or later
     */
    void succeeded(long now, long sentAt, StunMessage answer);

    /**
     * The server does not know some of what {@link #write} has written (420).
     *
     * @return whether that is left out from now on, and the request is worth another try
     */
    default boolean leaveOut(List<Integer> unknown) {
        return false;
    }

    /** For how long the server keeps the allocation, as an answer to Allocate or Refresh says. */
    static long lifetimeIn(StunMessage answer) {
        return answer.uint32(Attributes.LIFETIME, DEFAULT_LIFETIME_SECONDS);
    }

    /** The server has not done it, or did not answer. */
    void failed(long now, TurnFailure failure);
}
