// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.icepath.testkit.capture.DecodedContent.AttributeRow;

/**
 * A walk over the attributes of a STUN message, with values padded to four bytes or packed.
 *
 * @param attributes what was found until the end or the error
 * @param offsets where each begins in the message
 * @param error what is wrong, or empty
 */
record StunWalk(List<AttributeRow> attributes, List<Integer> offsets, String error) {

    private static final int FIRST = 20;

    static StunWalk over(byte[] message, int end, boolean padded) {
        List<AttributeRow> attributes = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        int at = FIRST;
        while (at < end) {
            if (end - at < 4) {
                return new StunWalk(attributes, offsets, "attribute header truncated: " + (end - at) + " byte(s) left");
            }
            int type = StunForm.uint16(message, at);
            int length = StunForm.uint16(message, at + 2);
            int overrun = at + 4 + length - end;
            if (overrun > 0) {
                String error =
                        String.format("attribute 0x%04x: length %d overruns message by %d", type, length, overrun);
                return new StunWalk(attributes, offsets, error);
            }
            attributes.add(new AttributeRow(type, length, HexFormat.of().formatHex(message, at + 4, at + 4 + length)));
            offsets.add(at);
            at += 4 + (padded ? length + 3 & ~3 : length);
        }
        return new StunWalk(attributes, offsets, at > end ? "padding of last attribute missing" : "");
    }

    boolean isClean() {
        return error.isEmpty();
    }

    boolean agrees(StunWalk other) {
        return attributes.equals(other.attributes);
    }
}
