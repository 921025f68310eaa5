// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;

/** One thing that is asked of the server, whatever number of transactions it takes to get an answer. */
interface TurnRequest {

    StunMethod method();

    /** Writes the attributes between header and authentication. */
    void write(StunWriter writer);

    /**
     * The server has done it.
     *
     * @param sentAt when the request was first sent: what the server grants for a time has begun then or later
     */
    void succeeded(long now, long sentAt, StunMessage answer);

    /** The server has not done it, or did not answer. */
    void failed(long now, TurnFailure failure);
}
