// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A ChannelData message, read and written in place (RFC 8656 §12.4).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Channel Number        |            Length             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                        Application Data                       |
 * </pre>
 *
 * <p>Length counts the application data alone. Over a stream the message is padded to a multiple of four bytes (RFC 8656 §12.5), and
 * the padding is not counted; over UDP it may be padded.
 */
public final class ChannelData {

    /** Bytes before the application data. */
    public static final int HEADER_LENGTH = 4;

    /** The smallest channel number (RFC 8656 §12). */
    public static final int MIN_CHANNEL = 0x4000;

    /** The largest channel number (RFC 8656 §12; RFC 5766 had 0x7FFF, which collides with other protocols). */
    public static final int MAX_CHANNEL = 0x4FFF;

    /** The largest length that the header can say. */
    public static final int MAX_LENGTH = 0xFFFF;

    /** In place of a header: the datagram is no whole ChannelData message. */
    public static final int NONE = 0;

    // One access whatever the buffer's own order is: getInt turns what it reads by that order, to be turned back by it.
    private static final VarHandle HEADER = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int CHANNEL_SHIFT = 16;
    private static final int KIND_SHIFT = 28;
    private static final int KIND = MIN_CHANNEL >>> 12; // all channel numbers begin with these four bits

    private ChannelData() {}

    /**
     * The header of a datagram that is a whole ChannelData message, in one look: the channel number is in range, and there are no fewer bytes
     * than its length says.
     *
     * @param datagram from position to limit, of any byte order; not changed
     * @return {@link #NONE} when it is not, or what {@link #channelIn} and {@link #lengthIn} take apart
     */
    public static int headerOf(ByteBuffer datagram) {
        int available = datagram.remaining() - HEADER_LENGTH;
        if (available < 0) {
            return NONE;
        }
        int header = header(datagram);
        return header >>> KIND_SHIFT == KIND && (header & MAX_LENGTH) <= available ? header : NONE;
    }

    /** The channel number in an answer of {@link #headerOf}. */
    public static int channelIn(int header) {
        return header >>> CHANNEL_SHIFT;
    }

    /** How many bytes of application data follow, in an answer of {@link #headerOf}. */
    public static int lengthIn(int header) {
        return header & MAX_LENGTH;
    }

    /**
     * Whether a datagram is a whole ChannelData message: a channel number in range and no fewer bytes than its length says.
     *
     * @param datagram from position to limit, of any byte order; not changed
     */
    public static boolean isChannelData(ByteBuffer datagram) {
        return headerOf(datagram) != NONE;
    }

    /** Whether {@code number} is a channel number (RFC 8656 §12). */
    public static boolean isChannel(int number) {
        return number >= MIN_CHANNEL && number <= MAX_CHANNEL;
    }

    /**
     * The channel number.
     *
     * @param message from position to limit, at least {@link #HEADER_LENGTH} bytes; not changed
     */
    public static int channel(ByteBuffer message) {
        return header(message) >>> CHANNEL_SHIFT;
    }

    /**
     * How many bytes of application data follow the header; they begin at {@code position + HEADER_LENGTH}.
     *
     * @param message from position to limit, at least {@link #HEADER_LENGTH} bytes; not changed
     */
    public static int length(ByteBuffer message) {
        return header(message) & MAX_LENGTH;
    }

    /**
     * A view of the application data, without a copy.
     *
     * @param message for which {@link #isChannelData} holds; not changed, and shared by the result
     */
    public static ByteBuffer data(ByteBuffer message) {
        return message.slice(message.position() + HEADER_LENGTH, length(message));
    }

    /**
     * Writes the header into the headroom before application data.
     *
     * @param buffer holds the application data from {@code offset + HEADER_LENGTH} on; position and limit are not changed
     * @param offset where the header begins, absolute
     * @param channel {@link #MIN_CHANNEL} to {@link #MAX_CHANNEL}
     * @param length bytes of application data, without padding
     * @throws IllegalArgumentException when channel or length is out of range
     */
    public static void writeHeader(ByteBuffer buffer, int offset, int channel, int length) {
        if (!isChannel(channel)) {
            throw new IllegalArgumentException("channel number 0x" + Integer.toHexString(channel));
        }
        if (length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("ChannelData length " + length);
        }
        HEADER.set(buffer, offset, channel << CHANNEL_SHIFT | length);
    }

    /** How many bytes of padding follow {@code length} bytes of application data on a stream: 0 to 3 (RFC 8656 §12.5). */
    public static int padding(int length) {
        return -length & 3;
    }

    private static int header(ByteBuffer message) {
        return (int) HEADER.get(message, message.position());
    }
}
