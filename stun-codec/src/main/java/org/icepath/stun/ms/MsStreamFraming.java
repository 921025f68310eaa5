// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Greeting;
import org.jspecify.annotations.Nullable;

/**
 * The frames of MS-TURN on a byte stream ([MS-TURN] §2.1.4, seen): type, zero, 16 bits of length, content. Multiplexed frames
 * ({@link MultiplexedFrame}) stand between them as they are.
 *
 * <p>A datagram of this framing is the frame with its header, so that what a peer sent as data is never taken for a control message;
 * {@link #type} and {@link #CONTENT} take it apart, and {@link #writeHeader(ByteBuffer, int, int)} puts it together.
 */
public final class MsStreamFraming implements Framing {

    /** On a connection that begins with frames. */
    public static final MsStreamFraming INSTANCE = new MsStreamFraming(null);

    /** On one that begins with pseudo-TLS, as the client has it. */
    public static final MsStreamFraming AFTER_GREETING = new MsStreamFraming(PseudoTlsGreeting.CLIENT);

    /** On one that begins with pseudo-TLS, as the server has it. */
    public static final MsStreamFraming AFTER_CLIENT_GREETING = new MsStreamFraming(PseudoTlsGreeting.SERVER);

    /** A control message. */
    public static final int CONTROL = 2;

    /** Data from end to end. */
    public static final int DATA = 3;

    /** Where a frame's content begins, in bytes; also the length of its header. */
    public static final int CONTENT = 4;

    private static final int MULTIPLEXED = 0xFF;
    private static final int MULTIPLEXED_SECOND = 0x10;

    private final @Nullable Greeting greeting;

    private MsStreamFraming(@Nullable Greeting greeting) {
        this.greeting = greeting;
    }

    /**
     * The type of a frame: {@link #CONTROL}, {@link #DATA}, or 0xFF for a multiplexed one.
     *
     * @param frame a whole frame from position to limit
     */
    public static int type(ByteBuffer frame) {
        return frame.get(frame.position()) & 0xFF;
    }

    /**
     * Writes a frame's header.
     *
     * @param into with {@link #CONTENT} bytes left; its position moves past them
     * @param type {@link #CONTROL} or {@link #DATA}
     * @param contentLength 0 to 65,535
     */
    public static void writeHeader(ByteBuffer into, int type, int contentLength) {
        if (contentLength < 0 || contentLength > 0xFFFF) {
            throw new IllegalArgumentException(contentLength + " bytes do not fit into a frame of 65,535");
        }
        into.put((byte) type).put((byte) 0).put((byte) (contentLength >>> 8)).put((byte) contentLength);
    }

    @Override
    public int frameLength(ByteBuffer stream) {
        int available = stream.remaining();
        if (available == 0) {
            return NEED_MORE;
        }
        int type = type(stream);
        if (type != CONTROL && type != DATA && type != MULTIPLEXED) {
            return BROKEN;
        }
        if (available < 2) {
            return NEED_MORE;
        }
        if (stream.get(stream.position() + 1) != (type == MULTIPLEXED ? MULTIPLEXED_SECOND : 0)) {
            return BROKEN;
        }
        if (available < CONTENT) {
            return NEED_MORE;
        }
        int at = stream.position();
        return CONTENT + ((stream.get(at + 2) & 0xFF) << 8 | stream.get(at + 3) & 0xFF);
    }

    @Override
    public Optional<Greeting> greeting() {
        return Optional.ofNullable(greeting);
    }

    @Override
    public String toString() {
        return greeting == null ? "MsStreamFraming" : "MsStreamFraming after pseudo-TLS";
    }
}
