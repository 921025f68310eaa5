// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.icepath.testkit.capture.DecodedContent.AttributeRow;
import org.icepath.testkit.capture.DecodedContent.ChannelDataContent;
import org.icepath.testkit.capture.DecodedContent.DataContent;
import org.icepath.testkit.capture.DecodedContent.FingerprintFinding;
import org.icepath.testkit.capture.DecodedContent.MultiplexedContent;
import org.icepath.testkit.capture.DecodedContent.StunContent;

/** Reads the bytes of one message, in either attribute layout, and the messages within it. */
final class ContentDecoder {

    private static final int DATA = 0x0013;
    private static final int FINGERPRINT = 0x8028;
    private static final int DEEPEST = 3;
    private static final HexFormat HEX = HexFormat.of();
    private static final List<String> CLASSES = List.of("request", "indication", "success", "error");

    /** The message types of the old TURN (draft-rosenberg-midcom-turn-08), which have no class bits: name and class. */
    private static final Map<Integer, List<String>> OLD_TURN = Map.ofEntries(
            Map.entry(0x0003, List.of("Allocate", "request")),
            Map.entry(0x0103, List.of("Allocate", "success")),
            Map.entry(0x0113, List.of("Allocate", "error")),
            Map.entry(0x0004, List.of("Send", "request")),
            Map.entry(0x0104, List.of("Send", "success")),
            Map.entry(0x0114, List.of("Send", "error")),
            Map.entry(0x0115, List.of("DataIndication", "indication")),
            Map.entry(0x0006, List.of("SetActiveDestination", "request")),
            Map.entry(0x0106, List.of("SetActiveDestination", "success")),
            Map.entry(0x0116, List.of("SetActiveDestination", "error")));

    private ContentDecoder() {}

    /** What a frame of a stream is. */
    static DecodedContent streamFrame(byte[] bytes) {
        if (StunForm.isStun(bytes)) {
            return stun(bytes);
        }
        return StunForm.isChannelData(bytes) ? channelData(bytes) : new DataContent(HEX.formatHex(bytes));
    }

    static StunContent stun(byte[] bytes) {
        return stun(bytes, 0);
    }

    static ChannelDataContent channelData(byte[] bytes) {
        int length = StunForm.uint16(bytes, 2);
        byte[] data = Arrays.copyOfRange(bytes, 4, Math.min(bytes.length, 4 + length));
        return new ChannelDataContent(
                StunForm.uint16(bytes, 0), length, HEX.formatHex(data), HEX.formatHex(bytes), nested(data, 1));
    }

    static MultiplexedContent multiplexed(byte[] bytes) {
        int length = StunForm.uint16(bytes, 2);
        byte[] data = Arrays.copyOfRange(bytes, 12, bytes.length);
        boolean whole = bytes.length == 4 + length && length >= 8;
        return new MultiplexedContent(
                length,
                HEX.formatHex(bytes, 4, 12),
                whole ? "" : "length field " + length + ", " + (bytes.length - 4) + " bytes follow it",
                HEX.formatHex(data),
                HEX.formatHex(bytes),
                nested(data, 1));
    }

    private static List<StunContent> nested(byte[] data, int depth) {
        return StunForm.isStun(data) ? List.of(stun(data, depth)) : List.of();
    }

    private static StunContent stun(byte[] bytes, int depth) {
        int type = StunForm.uint16(bytes, 0);
        int length = StunForm.uint16(bytes, 2);
        boolean cookie = StunForm.hasCookie(bytes);
        boolean old = StunForm.hasOldCookie(bytes);
        int end = Math.min(StunForm.HEADER_LENGTH + length, bytes.length);
        Reading reading = Reading.of(bytes, end, old);
        List<String> named = old ? OLD_TURN.getOrDefault(type, List.of()) : List.of();
        return new StunContent(
                old ? "ms-turn" : cookie ? "rfc5389" : "rfc3489",
                type,
                (type & 0xF) | (type & 0xE0) >> 1 | (type & 0x3E00) >> 2,
                named.isEmpty() ? "" : named.get(0),
                named.isEmpty() ? CLASSES.get(((type >> 4) & 1) | ((type >> 7) & 2)) : named.get(1),
                length,
                HEX.formatHex(bytes, 4, 8),
                cookie ? HEX.formatHex(bytes, 8, 20) : HEX.formatHex(bytes, 4, 20),
                reading.layout,
                reading.walk.attributes(),
                error(bytes, type, length, reading.walk),
                HEX.formatHex(bytes),
                fingerprint(bytes, reading.walk),
                depth < DEEPEST ? carried(reading.walk, depth) : List.of());
    }

    /** The layout in which the attributes make sense, and what they are in it. */
    private record Reading(String layout, StunWalk walk) {

        static Reading of(byte[] bytes, int end, boolean old) {
            StunWalk padded = StunWalk.over(bytes, end, true);
            StunWalk packed = StunWalk.over(bytes, end, false);
            if (padded.isClean() && padded.agrees(packed)) {
                return new Reading("same", old ? packed : padded);
            }
            // The old TURN packs; everyone else pads. Either gives way when only the other can be read.
            if (old) {
                return packed.isClean() || !padded.isClean()
                        ? new Reading("nopad", packed)
                        : new Reading("pad4", padded);
            }
            return padded.isClean() || !packed.isClean() ? new Reading("pad4", padded) : new Reading("nopad", packed);
        }
    }

    private static String error(byte[] bytes, int type, int length, StunWalk walk) {
        if (type >> 14 != 0) {
            return "top bits not zero";
        }
        int present = bytes.length - StunForm.HEADER_LENGTH;
        if (length > present) {
            return "message length " + length + " exceeds the " + present + " bytes present";
        }
        return length < present ? present - length + " trailing byte(s)" : walk.error();
    }

    private static List<StunContent> carried(StunWalk walk, int depth) {
        List<StunContent> inner = new ArrayList<>();
        for (AttributeRow attribute : walk.attributes()) {
            if (attribute.type() == DATA) {
                inner.addAll(nested(HEX.parseHex(attribute.value()), depth + 1));
            }
        }
        return inner;
    }

    private static FingerprintFinding fingerprint(byte[] bytes, StunWalk walk) {
        FingerprintFinding found = FingerprintFinding.NONE;
        for (int i = 0; i < walk.attributes().size(); i++) {
            AttributeRow attribute = walk.attributes().get(i);
            if (attribute.type() == FINGERPRINT && attribute.length() == 4) {
                found = Crc.check(bytes, walk.offsets().get(i), attribute.value());
            }
        }
        return found;
    }
}
