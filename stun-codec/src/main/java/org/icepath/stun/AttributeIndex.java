// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where the attributes of one message are: found in one walk, without allocation. Not thread-safe.
 *
 * <p>An entry is one {@code long}: whether it is hidden (1 bit), type (16), offset of the value (24), length (16).
 */
final class AttributeIndex {

    private static final int INTEGRITY = 0x0008;
    private static final int INTEGRITY_SHA256 = 0x001C;
    static final int FINGERPRINT = 0x8028;

    private static final int OFFSET_SHIFT = 16;
    private static final int TYPE_SHIFT = 40;
    private static final int HIDDEN_TYPE = 0x10000;
    private static final int OFFSET_MASK = 0xFFFFFF;

    /** A check has six to eight; every agent has an index of its own. */
    private static final int USUAL_ATTRIBUTES = 12;

    private long[] entries = new long[USUAL_ATTRIBUTES];
    private int size;
    private int start;

    /** Bit {@code type mod 64} is set for each visible type: absent attributes, which are most, are told by one look. */
    private long present;

    void clear() {
        size = 0;
        present = 0;
    }

    /**
     * Notes every attribute of a message whose header was checked.
     *
     * @param alignment 4, or 1 where attributes follow each other without padding
     * @throws StunParseException if an attribute does not end within the message
     */
    void walk(ByteBuffer buffer, int messageStart, int messageLength, int alignment) {
        int end = messageStart + messageLength;
        int at = messageStart + StunMessage.HEADER_LENGTH;
        int count = 0;
        int seal = 0;
        long types = 0;
        start = messageStart;
        while (at < end) {
            if (end - at < 4) {
                throw new StunParseException("attributes", (end - at) + " bytes are left over");
            }
            int head = buffer.getInt(at);
            int length = head & 0xFFFF;
            int value = at + 4;
            if (length > end - value) {
                throw overrun(head >>> 16, length, end - value);
            }
            if (count == entries.length) {
                grow();
            }
            int type = head >>> 16;
            if (seal == 0 || !hidden(type, seal)) {
                types |= 1L << type;
                seal = isSeal(type) ? type : seal;
            } else {
                type |= HIDDEN_TYPE;
            }
            entries[count++] = (long) type << TYPE_SHIFT | (long) (value - messageStart) << OFFSET_SHIFT | length;
            at = value + (length + alignment - 1 & -alignment);
        }
        if (at > end) {
            throw new StunParseException("attributes", "the padding of the last one is missing");
        }
        size = count;
        present = types;
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
        for (int i = 0; i < size; i++) {
            if ((int) (entries[i] >>> TYPE_SHIFT) == type) {
                return i;
            }
        }
        return -1;
    }

    /** The type at that place, or -1 where it is hidden. */
    int visibleType(int at) {
        int type = (int) (entries[at] >>> TYPE_SHIFT);
        return type < HIDDEN_TYPE ? type : -1;
    }

    /** The type at that place, hidden or not. */
    int type(int at) {
        return (int) (entries[at] >>> TYPE_SHIFT) & 0xFFFF;
    }

    /** Absolute index of the value at that place. */
    int offset(int at) {
        return start + ((int) (entries[at] >>> OFFSET_SHIFT) & OFFSET_MASK);
    }

    /** Length of the value at that place. */
    int length(int at) {
        return (int) entries[at] & 0xFFFF;
    }
}
