// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where the attributes of one message are: found in one walk, without allocation. Not thread-safe.
 *
 * <p>An entry is one {@code long}: whether it is hidden (1 bit), offset of the attribute (31), type (16), length (16).
 */
final class AttributeIndex {

    private static final int INTEGRITY = 0x0008;
    private static final int INTEGRITY_SHA256 = 0x001C;
    private static final int FINGERPRINT = 0x8028;
    private static final int FINGERPRINT_HEAD = FINGERPRINT << 16 | 4;

    /** Bytes before an attribute's value. */
    private static final int HEADER_LENGTH = 4;

    private static final int OFFSET_SHIFT = 32;
    private static final long HEAD_MASK = 0xFFFFFFFFL;
    private static final int TYPE_SHIFT = 16;
    private static final long HIDDEN = Long.MIN_VALUE;

    /** The bits of {@link #present} that a seal sets, and few other attributes do. */
    private static final long SEALS = 1L << INTEGRITY | 1L << INTEGRITY_SHA256 | 1L << FINGERPRINT;

    /** A check has six to eight; every agent has an index of its own. */
    private static final int USUAL_ATTRIBUTES = 12;

    private long[] entries = new long[USUAL_ATTRIBUTES];
    private int size;
    private int start;

    /** Bit {@code type mod 64} is set for each visible type: absent attributes, which are most, are told by one look. */
    private long present;

    /** The place of the visible MESSAGE-INTEGRITY, or -1: who asks for it asks with every message, and it is among the last. */
    private int integrity = -1;

    void clear() {
        size = 0;
        present = 0;
        integrity = -1;
    }

    /**
     * Notes every attribute of a message whose header was checked.
     *
     * @param alignment 4, or 1 where attributes follow each other without padding
     * @throws StunParseException if an attribute does not end within the message
     */
    void walk(ByteBuffer buffer, int messageStart, int messageLength, int alignment) {
        start = messageStart;
        int last = messageLength - HEADER_LENGTH;
        int end = alignment == 4 ? locate(buffer, messageStart, last) : locatePacked(buffer, messageStart, last);
        if (end != messageLength) {
            throw misfit(end, messageLength);
        }
        look();
    }

    /**
     * Notes where the attributes are, and answers where they end. Each length stands where the one before says, and nothing can
     * make this chain of reads shorter: so there is nothing else in this loop.
     */
    private int locate(ByteBuffer buffer, int messageStart, int last) {
        int at = StunMessage.HEADER_LENGTH;
        int count = 0;
        while (at <= last) {
            int head = buffer.getInt(messageStart + at);
            if (count == entries.length) {
                grow();
            }
            entries[count++] = (long) at << OFFSET_SHIFT | head & HEAD_MASK;
            at = at + (head & 0xFFFF) + (HEADER_LENGTH + 3) & -4;
        }
        size = count;
        return at;
    }

    /** The same where attributes follow each other without padding. */
    private int locatePacked(ByteBuffer buffer, int messageStart, int last) {
        int at = StunMessage.HEADER_LENGTH;
        int count = 0;
        while (at <= last) {
            int head = buffer.getInt(messageStart + at);
            if (count == entries.length) {
                grow();
            }
            entries[count++] = (long) at << OFFSET_SHIFT | head & HEAD_MASK;
            at = at + (head & 0xFFFF) + HEADER_LENGTH;
        }
        size = count;
        return at;
    }

    /** Looks at the types: which there are, and which lie behind a seal. */
    private void look() {
        int count = size;
        long types = 0;
        for (int i = 0; i < count; i++) {
            int type = type(i);
            long bit = 1L << type;
            types |= bit;
            if ((bit & SEALS) != 0 && isSeal(type)) {
                present = types;
                integrity = type == INTEGRITY ? i : -1;
                hide(i + 1, type);
                return;
            }
        }
        present = types;
        integrity = -1;
    }

    /** Hides what nobody has sealed, from that place on. */
    private void hide(int from, int firstSeal) {
        int seal = firstSeal;
        for (int i = from; i < size; i++) {
            int type = type(i);
            if (hidden(type, seal)) {
                entries[i] |= HIDDEN;
            } else {
                present |= 1L << type;
                seal = type;
            }
        }
    }

    /** The fault of attributes that end before the message, or after it. */
    private StunParseException misfit(int end, int messageLength) {
        if (end < messageLength) {
            return new StunParseException("attributes", (messageLength - end) + " bytes are left over");
        }
        int left = messageLength - (offset(size - 1) - start);
        return length(size - 1) > left
                ? overrun(type(size - 1), length(size - 1), left)
                : new StunParseException("attributes", "the padding of the last one is missing");
    }

    private void grow() {
        if (entries.length == StunMessage.MAX_ATTRIBUTES) {
            throw new StunParseException("attributes/count", "is more than " + entries.length);
        }
        entries = Arrays.copyOf(entries, Math.min(2 * entries.length, StunMessage.MAX_ATTRIBUTES));
    }

    /** Whether this ends what others see: a keyed or keyless sum over everything before it. */
    private static boolean isSeal(int type) {
        return type == INTEGRITY || type == INTEGRITY_SHA256 || type == FINGERPRINT;
    }

    /** Whether the last seal forbids to look at this attribute. */
    private static boolean hidden(int type, int seal) {
        return seal == FINGERPRINT || (type != FINGERPRINT && (seal != INTEGRITY || type != INTEGRITY_SHA256));
    }

    private static StunParseException overrun(int type, int length, int left) {
        String name = Attributes.byType(type).map(Attribute::name).orElseGet(() -> String.format("0x%04x", type));
        return new StunParseException(name + "/length", "is " + length + ", " + left + " bytes are left");
    }

    int size() {
        return size;
    }

    /** The place of the first visible attribute of that type, or -1. */
    int find(int type) {
        if ((present & 1L << type) == 0) {
            return -1;
        }
        if (type == INTEGRITY) {
            return integrity;
        }
        for (int i = 0; i < size; i++) {
            if (visibleType(i) == type) {
                return i;
            }
        }
        return -1;
    }

    /** The type at that place, or -1 where it is hidden. */
    int visibleType(int at) {
        return entries[at] < 0 ? -1 : type(at);
    }

    /** The type at that place, hidden or not. */
    int type(int at) {
        return (int) entries[at] >>> TYPE_SHIFT;
    }

    /** Absolute index of the value at that place. */
    int offset(int at) {
        return start + HEADER_LENGTH + ((int) (entries[at] >>> OFFSET_SHIFT) & Integer.MAX_VALUE);
    }

    /** Length of the value at that place. */
    int length(int at) {
        return (int) entries[at] & 0xFFFF;
    }

    /** Whether the message ends with a visible FINGERPRINT: its value is then the last four bytes. */
    boolean endsWithFingerprint() {
        return size > 0 && entries[size - 1] >= 0 && (int) entries[size - 1] == FINGERPRINT_HEAD;
    }
}
