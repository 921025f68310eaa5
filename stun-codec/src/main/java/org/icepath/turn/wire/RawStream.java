// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

import java.nio.ByteBuffer;
import org.icepath.sansio.Framing;

/** No framing: bytes as they come, in pieces of whatever size (RFC 6062 §4.4, a bound data connection). */
public final class RawStream implements Framing {

    /** The only one. */
    public static final RawStream INSTANCE = new RawStream();

    private RawStream() {}

    @Override
    public int frameLength(ByteBuffer stream) {
        return stream.hasRemaining() ? stream.remaining() : NEED_MORE;
    }

    @Override
    public String toString() {
        return "raw";
    }
}
