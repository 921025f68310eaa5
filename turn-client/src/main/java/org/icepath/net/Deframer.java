// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.icepath.sansio.Framing;

/**
 * Cuts a byte stream into the datagrams that were laid on it. Not thread-safe.
 *
 * <p>What is kept grows with what has arrived, never with what a frame only says of itself, up to {@value #LARGEST_FRAME} bytes.
 */
final class Deframer {

    private static final int LARGEST_FRAME = 1 << 17; // the longest STUN message or channel data is half of it
    private static final int FIRST_CAPACITY = 2_048;

    private Framing framing;
    private ByteBuffer kept = ByteBuffer.allocate(FIRST_CAPACITY);

    /** Takes the datagrams. */
    interface Sink {

        /**
         * Takes one.
         *
         * @param datagram from position to limit, borrowed for the call
         * @return whether more are wanted
         */
        boolean take(ByteBuffer datagram);
    }

    Deframer(Framing framing) {
        this.framing = framing;
    }

    /** Cuts what follows in another way; also from within {@link Sink#take}. */
    void reframe(Framing next) {
        framing = next;
    }

    /**
     * Takes what has arrived, and hands on the datagrams that are whole now.
     *
     * @param arrived read to its end unless the sink wants no more
     * @return false when the stream has lost its place and cannot be repaired
     */
    boolean feed(ByteBuf arrived, Sink sink) {
        while (arrived.isReadable()) {
            if (!kept.hasRemaining()) {
                grow();
            }
            int some = Math.min(arrived.readableBytes(), kept.remaining());
            int limit = kept.limit();
            arrived.readBytes(kept.limit(kept.position() + some));
            kept.limit(limit).flip();
            Outcome outcome = deliver(sink);
            kept.compact();
            if (outcome != Outcome.MORE) {
                return outcome == Outcome.ENOUGH;
            }
        }
        return true;
    }

    private void grow() {
        ByteBuffer larger = ByteBuffer.allocate(2 * kept.capacity());
        kept = larger.put(kept.flip());
    }

    private enum Outcome {
        MORE,
        ENOUGH,
        BROKEN
    }

    private Outcome deliver(Sink sink) {
        while (kept.hasRemaining()) {
            int length = framing.frameLength(kept);
            if (length == Framing.BROKEN || length > LARGEST_FRAME) {
                return Outcome.BROKEN;
            }
            if (length == Framing.NEED_MORE || length > kept.remaining()) {
                return Outcome.MORE;
            }
            int end = kept.position() + length;
            if (!deliver(sink, end)) {
                kept.position(end);
                return Outcome.ENOUGH;
            }
            kept.position(end);
        }
        return Outcome.MORE;
    }

    // The window is moved over the datagram and back: a slice would cost an object for each.
    private boolean deliver(Sink sink, int end) {
        int start = kept.position();
        int limit = kept.limit();
        kept.limit(end);
        int payload = start + framing.payloadOffset(kept);
        int payloadEnd = payload + framing.payloadLength(kept);
        try {
            return sink.take(kept.limit(payloadEnd).position(payload));
        } finally {
            kept.limit(limit).position(start);
        }
    }
}
