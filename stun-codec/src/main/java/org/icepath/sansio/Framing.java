// SPDX-License-Identifier: Apache-2.0
package org.icepath.sansio;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How datagrams are laid on a byte stream: a pure function, shared by all connections that use it.
 *
 * <p>Implementations are immutable and thread-safe. Where an implementation does not say otherwise, a frame is its datagram: nothing
 * goes before it and nothing after it, because each tells its own length.
 */
public interface Framing {

    /** Answer of {@link #frameLength} when more bytes are needed before anything can be said. */
    int NEED_MORE = -1;

    /** Answer of {@link #frameLength} when the bytes cannot be the start of a frame; the connection is then beyond repair. */
    int BROKEN = -2;

    /**
     * How many bytes the frame that begins at the buffer's position takes on the stream, header and padding included.
     *
     * @param stream what has arrived and was not consumed yet, from position to limit; not changed
     * @return the length, which may be more than what has arrived, or {@link #NEED_MORE} or {@link #BROKEN}
     */
    int frameLength(ByteBuffer stream);

    /**
     * The offset of the datagram within a whole frame.
     *
     * @param frame a whole frame from position to limit
     */
    default int payloadOffset(ByteBuffer frame) {
        return 0;
    }

    /**
     * The length of the datagram within a whole frame.
     *
     * @param frame a whole frame from position to limit
     */
    default int payloadLength(ByteBuffer frame) {
        return frame.remaining();
    }

    /** Most bytes that a datagram may have to be framed so. */
    default int longestPayload() {
        return Integer.MAX_VALUE;
    }

    /** How many bytes go before a datagram of {@code payloadLength} bytes. */
    default int headerLength(int payloadLength) {
        return 0;
    }

    /** How many bytes of padding go after a datagram of {@code payloadLength} bytes. */
    default int trailerLength(int payloadLength) {
        return 0;
    }

    /**
     * Writes the header for {@code payload}.
     *
     * @param into has {@link #headerLength} bytes left; its position moves past them
     * @param payload the datagram from position to limit; not changed
     */
    default void writeHeader(ByteBuffer into, ByteBuffer payload) {}

    /** What is said before the first frame; the connection stands when that is over. */
    default Optional<Greeting> greeting() {
        return Optional.empty();
    }
}
