// SPDX-License-Identifier: Apache-2.0
package org.icepath.sansio;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * What the two ends of a stream say to each other once, before the first datagram: a pure function like the {@link Framing} that has it.
 * Implementations are immutable and thread-safe.
 */
public interface Greeting {

    /**
     * What this end says as soon as there is a stream; without bytes for an end that waits for the other one.
     *
     * @param unixSeconds what the clock says
     */
    ByteBuffer first(RandomGenerator random, long unixSeconds);

    /**
     * How many bytes the other end's greeting takes.
     *
     * @param stream what has arrived, from position to limit; not changed
     * @return the length, or {@link Framing#NEED_MORE} or {@link Framing#BROKEN}
     */
    int length(ByteBuffer stream);

    /**
     * What this end says to that; without bytes for an end that has nothing more to say.
     *
     * @param unixSeconds what the clock says
     */
    ByteBuffer reply(RandomGenerator random, long unixSeconds);
}
