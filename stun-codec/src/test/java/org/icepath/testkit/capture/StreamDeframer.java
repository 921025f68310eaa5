// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds messages in one direction of a TCP stream, whatever framing it has, and finds its place again after anything else.
 *
 * <p>The framings: STUN and ChannelData by their own lengths (turn-tcp), a 16-bit length (rfc4571), a type byte and a 16-bit length
 * (ms-tcp, MS-TURN 2.2.2).
 */
final class StreamDeframer {

    private static final String OWN = "turn-tcp";
    private static final String LENGTH = "rfc4571";
    private static final String TYPE_AND_LENGTH = "ms-tcp";

    /** So many bytes tell whether something is STUN: a header and the first attribute of the old TURN. */
    private static final int LONGEST_PROOF = 28;

    private final byte[] bytes;
    private final List<Frame> frames = new ArrayList<>();
    private int at;
    private String framing = "";

    private StreamDeframer(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A message at an offset of the stream, its framing header left out. */
    record Frame(int offset, String framing, byte[] message) {}

    static List<Frame> frames(byte[] stream) {
        if (indexOf(stream, StunForm.MAGIC_COOKIE, 0) < 0 && indexOf(stream, oldCookieValue(), 0) < 0) {
            return List.of();
        }
        StreamDeframer deframer = new StreamDeframer(stream);
        deframer.run();
        return deframer.frames;
    }

    private static byte[] oldCookieValue() {
        return Arrays.copyOfRange(StunForm.OLD_COOKIE, 4, 8);
    }

    private void run() {
        while (at < bytes.length - 3) {
            Frame frame = stunAt(at);
            if (frame != null) {
                framing = frame.framing;
                take(frame);
            } else if (!takeOther() && !resynchronise()) {
                return;
            }
        }
    }

    private void take(Frame frame) {
        frames.add(frame);
        at = frame.offset + frame.message.length;
    }

    /** A STUN message at {@code offset} in any framing that fits. */
    private @Nullable Frame stunAt(int offset) {
        int left = bytes.length - offset;
        if (left >= 24 && isTyped(offset) && StunForm.isStun(typed(offset))) {
            return new Frame(offset + 4, TYPE_AND_LENGTH, typed(offset));
        }
        int length = left >= 2 ? uint16(offset) : 0;
        if (length >= StunForm.HEADER_LENGTH && length + 2 <= left) {
            byte[] message = part(offset + 2, length);
            if (StunForm.isStun(message) && StunForm.HEADER_LENGTH + StunForm.uint16(message, 2) == length) {
                return new Frame(offset + 2, LENGTH, message);
            }
        }
        if (left >= StunForm.HEADER_LENGTH && StunForm.isStun(part(offset, LONGEST_PROOF))) {
            int whole = StunForm.HEADER_LENGTH + uint16(offset + 2);
            return whole <= left ? new Frame(offset, OWN, part(offset, whole)) : null;
        }
        return null;
    }

    private boolean isTyped(int offset) {
        return (bytes[offset] == 2 || bytes[offset] == 3)
                && bytes[offset + 1] == 0
                && offset + 4 + uint16(offset + 2) <= bytes.length;
    }

    private byte[] typed(int offset) {
        return part(offset + 4, uint16(offset + 2));
    }

    /** What is no STUN message, but has its place in the framing that the last one had. */
    private boolean takeOther() {
        switch (framing) {
            case OWN -> {
                int padded = uint16(at + 2) + 3 & ~3;
                if (!StunForm.isChannelData(part(at, 4 + padded))) {
                    return false;
                }
                take(new Frame(at, OWN, part(at, 4 + uint16(at + 2))));
                at = frames.get(frames.size() - 1).offset + 4 + padded;
                return true;
            }
            case LENGTH -> {
                int next = at + 2 + uint16(at);
                at = next <= bytes.length ? next : at;
                return at == next;
            }
            case TYPE_AND_LENGTH -> {
                if ((bytes[at] != 2 && bytes[at] != 3) || at + 4 + uint16(at + 2) > bytes.length) {
                    return false;
                }
                take(new Frame(at + 4, TYPE_AND_LENGTH, typed(at)));
                return true;
            }
            default -> {
                return false;
            }
        }
    }

    /** Goes to the next place where a cookie tells that a message begins. */
    private boolean resynchronise() {
        int next = Math.min(beginBefore(StunForm.MAGIC_COOKIE, 4), beginBefore(StunForm.OLD_COOKIE, 20));
        if (next == Integer.MAX_VALUE || next <= at) {
            return false;
        }
        at = next;
        framing = "";
        return true;
    }

    /** Where the frame may begin that has {@code cookie} at {@code inset} of its message, or a value beyond all. */
    private int beginBefore(byte[] cookie, int inset) {
        int found = indexOf(bytes, cookie, at + 1 + inset);
        if (found < 0) {
            return Integer.MAX_VALUE;
        }
        int message = found - inset;
        for (int header : new int[] {0, 2, 4}) {
            if (message - header >= at && stunAt(message - header) != null) {
                return message - header;
            }
        }
        return message;
    }

    private byte[] part(int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, Math.min(bytes.length, offset + length));
    }

    private int uint16(int offset) {
        return StunForm.uint16(bytes, offset);
    }

    private static int indexOf(byte[] bytes, byte[] pattern, int from) {
        for (int i = from; i <= bytes.length - pattern.length; i++) {
            if (StunForm.at(bytes, i, pattern)) {
                return i;
            }
        }
        return -1;
    }
}
