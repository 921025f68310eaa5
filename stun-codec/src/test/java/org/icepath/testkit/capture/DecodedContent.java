// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.util.List;
import java.util.Map;

/** What a message of a capture is; each kind knows its fields by the names that reports print. */
public sealed interface DecodedContent {

    /** The name of the kind. */
    String kind();

    /** Whether it is whole and well-formed. */
    boolean ok();

    /** The whole message in hexadecimal digits, without the framing header. */
    String raw();

    /** The STUN messages that it carries. */
    List<StunContent> inner();

    /** The fields in their order: numbers, texts, booleans, null, lists and maps of these. */
    Map<String, Object> fields();

    /**
     * A STUN message, of any age and dialect.
     *
     * @param variant rfc5389 (with magic cookie), rfc3489, or ms-turn (MAGIC-COOKIE as first attribute)
     * @param type the 16 bits of the message type
     * @param method the method's number
     * @param methodName the method's name where the old TURN numbers it otherwise, else empty
     * @param messageClass request, indication, success or error
     * @param length the length field
     * @param cookie bytes 4 to 7
     * @param transactionId the 12 bytes after the magic cookie, or all 16
     * @param layout pad4, nopad, or same when nothing needs padding
     * @param attributes in their order
     * @param error what is wrong, or empty
     * @param fingerprint the last FINGERPRINT of four bytes, or {@link FingerprintFinding#NONE}
     * @param inner messages carried in DATA
     */
    record StunContent(
            String variant,
            int type,
            int method,
            String methodName,
            String messageClass,
            int length,
            String cookie,
            String transactionId,
            String layout,
            List<AttributeRow> attributes,
            String error,
            String raw,
            FingerprintFinding fingerprint,
            List<StunContent> inner)
            implements DecodedContent {

        public StunContent {
            attributes = List.copyOf(attributes);
            inner = List.copyOf(inner);
        }

        @Override
        public String kind() {
            return "stun";
        }

        @Override
        public boolean ok() {
            return error.isEmpty();
        }

        @Override
        public Map<String, Object> fields() {
            Fields fields = new Fields()
                    .with("kind", kind())
                    .with("variant", variant)
                    .with("type", type)
                    .with("method", methodName.isEmpty() ? (Object) method : methodName)
                    .with("class", messageClass)
                    .with("length", length)
                    .with("cookie", cookie)
                    .with("tid", transactionId)
                    .with("layout", layout)
                    .with("attrs", attributes.stream().map(AttributeRow::fields).toList())
                    .with("ok", ok())
                    .withNullable("error", ok() ? null : error)
                    .with("raw", raw);
            fields.withInner(inner);
            return fingerprint.equals(FingerprintFinding.NONE)
                    ? fields.map()
                    : fields.with("fingerprint", fingerprint.fields()).map();
        }
    }

    /**
     * An attribute.
     *
     * @param value in hexadecimal digits, without padding
     */
    record AttributeRow(int type, int length, String value) {

        List<Object> fields() {
            return List.of(type, length, value);
        }
    }

    /**
     * A FINGERPRINT and whether it is right.
     *
     * @param at its offset in the message
     * @param value its four bytes
     * @param standard right by the CRC-32 of RFC 8489 §14.7
     * @param altered right by the table that MS-ICE2 agents use, of which one entry differs
     */
    record FingerprintFinding(int at, String value, boolean standard, boolean altered) {

        /** There is none. */
        public static final FingerprintFinding NONE = new FingerprintFinding(-1, "", false, false);

        Map<String, Object> fields() {
            return new Fields()
                    .with("at", at)
                    .with("value", value)
                    .with("std", standard)
                    .with("ms", altered)
                    .map();
        }
    }

    /** A ChannelData message (RFC 8656 §12.4); {@code data} is hexadecimal. */
    record ChannelDataContent(int channel, int length, String data, String raw, List<StunContent> inner)
            implements DecodedContent {

        @Override
        public String kind() {
            return "channeldata";
        }

        @Override
        public boolean ok() {
            return true;
        }

        @Override
        public Map<String, Object> fields() {
            return new Fields()
                    .with("kind", kind())
                    .with("channel", channel)
                    .with("length", length)
                    .with("data", data)
                    .with("ok", true)
                    .with("raw", raw)
                    .withInner(inner)
                    .map();
        }
    }

    /**
     * A multiplexed TURN frame (MS-TURN 2.2.3: FF 10, length, eight bytes of session).
     *
     * @param data what it carries when that is no STUN message, in hexadecimal digits
     */
    record MultiplexedContent(
            int length, String session, String error, String data, String raw, List<StunContent> inner)
            implements DecodedContent {

        @Override
        public String kind() {
            return "muxturn";
        }

        @Override
        public boolean ok() {
            return error.isEmpty();
        }

        @Override
        public Map<String, Object> fields() {
            Fields fields = new Fields()
                    .with("kind", kind())
                    .with("length", length)
                    .with("session", session)
                    .with("ok", ok())
                    .with("raw", raw);
            if (!ok()) {
                fields.with("error", error);
            }
            if (inner.isEmpty()) {
                fields.with("data", data);
            }
            return fields.withInner(inner).map();
        }
    }

    /** A frame on a stream that is neither STUN nor ChannelData. */
    record DataContent(String raw) implements DecodedContent {

        @Override
        public String kind() {
            return "data";
        }

        @Override
        public boolean ok() {
            return true;
        }

        @Override
        public List<StunContent> inner() {
            return List.of();
        }

        @Override
        public Map<String, Object> fields() {
            return new Fields()
                    .with("kind", kind())
                    .with("ok", true)
                    .with("raw", raw)
                    .map();
        }
    }
}
