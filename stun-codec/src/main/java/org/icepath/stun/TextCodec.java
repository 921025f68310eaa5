// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** UTF-8 text as the whole of a value. Writing plain ASCII allocates nothing. */
record TextCodec(TextLimit limit) implements ValueCodec<String> {

    @Override
    public int minLength() {
        return 0;
    }

    @Override
    public int maxLength() {
        return limit.readBytes();
    }

    @Override
    public String read(StunMessage message, Attribute<String> attribute, int offset, int length) {
        return decode(message, offset, length);
    }

    @Override
    public void write(StunWriter writer, Attribute<String> attribute, String text) {
        if (!isAscii(text)) {
            writer.putValue(attribute, encode(attribute, limit, text));
            return;
        }
        require(attribute, limit, text.length(), text.length());
        int at = writer.open(attribute, text.length());
        ByteBuffer buffer = writer.buffer();
        for (int i = 0; i < text.length(); i++) {
            buffer.put(at + i, (byte) text.charAt(i));
        }
    }

    /** Reads text; malformed sequences become U+FFFD, because refusing them helps only who sends them. */
    static String decode(StunMessage message, int offset, int length) {
        byte[] bytes = new byte[length];
        message.buffer().get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static byte[] encode(Attribute<?> attribute, TextLimit limit, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        require(attribute, limit, bytes.length, text.codePointCount(0, text.length()));
        return bytes;
    }

    private static void require(Attribute<?> attribute, TextLimit limit, int bytes, int chars) {
        if (bytes > limit.writeBytes() || chars > limit.writeChars()) {
            throw attribute.refused("of " + bytes + " bytes and " + chars + " characters is longer than "
                    + limit.writeBytes() + " bytes or " + limit.writeChars() + " characters");
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                return false;
            }
        }
        return true;
    }
}
