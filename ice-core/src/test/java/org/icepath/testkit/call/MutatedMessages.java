// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.call;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes changed STUN messages out of good ones: by turns as the change left them, with FINGERPRINT made right again, and signed anew with
 * a password that its victim accepts. Shares no code with the codec that it is meant for. Not thread-safe.
 */
public final class MutatedMessages {

    private static final int HEADER = 20;
    private static final int MESSAGE_INTEGRITY = 0x0008;
    private static final int INTEGRITY_LENGTH = 24;
    private static final int FINGERPRINT = 0x8028;
    private static final int FINGERPRINT_LENGTH = 8;
    private static final int FINGERPRINT_MASK = 0x5354554e;

    /** What ICE gives a meaning to, and what it does not. */
    private static final int[] TYPES = {
        0x0001, 0x0006, 0x0009, 0x000A, 0x0014, 0x0015, 0x0020, 0x0024, 0x0025, 0x8029, 0x802A, 0xC001, 0x0007, 0x7777,
        0xFFFF
    };

    private final Random random;
    private final List<byte[]> originals;
    private final byte[] password;
    private int turn;

    /** @param originals whole messages; those that are signed need a right layout */
    public MutatedMessages(Random random, List<byte[]> originals, String password) {
        this.random = random;
        this.originals = List.copyOf(originals);
        this.password = password.getBytes(StandardCharsets.UTF_8);
    }

    /** The next one, in a buffer of its own. */
    public ByteBuffer next() {
        byte[] original = originals.get(random.nextInt(originals.size()));
        return switch (turn++ % 3) {
            case 0 -> ByteBuffer.wrap(cut(changed(original.clone())));
            case 1 -> ByteBuffer.wrap(fingerprinted(changed(body(original, FINGERPRINT))));
            default -> ByteBuffer.wrap(fingerprinted(signed(changedInside(body(original, MESSAGE_INTEGRITY)))));
        };
    }

    /** The message as far as an attribute that closes it. */
    private static byte[] body(byte[] message, int closing) {
        ByteBuffer buffer = ByteBuffer.wrap(message);
        int at = HEADER;
        while (at + 4 <= message.length && (buffer.getShort(at) & 0xFFFF) != closing) {
            at += 4 + ((buffer.getShort(at + 2) & 0xFFFF) + 3 & ~3);
        }
        return Arrays.copyOf(message, Math.min(at, message.length));
    }

    private byte[] changed(byte[] message) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            message[random.nextInt(message.length)] = (byte) random.nextInt();
        }
        return message;
    }

    private byte[] cut(byte[] message) {
        int length = random.nextInt(4) == 0 ? random.nextInt(message.length + 1) : message.length;
        return Arrays.copyOf(message, length);
    }

    /** Changes that leave a message that is one: only such are worth signing. The cookie stays. */
    private byte[] changedInside(byte[] message) {
        byte[] body = random.nextInt(3) == 0 ? withAttribute(message) : message.clone();
        for (int i = random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(body.length);
            body[at < 8 ? body.length - 1 : at] = (byte) random.nextInt();
        }
        if (random.nextInt(8) == 0) {
            body[random.nextInt(2)] ^= (byte) (1 << random.nextInt(6));
        }
        return body;
    }

    private byte[] withAttribute(byte[] message) {
        int length = random.nextInt(3) * 4;
        ByteBuffer longer = ByteBuffer.allocate(message.length + 4 + length);
        byte[] value = new byte[length];
        random.nextBytes(value);
        longer.put(message).putShort((short) TYPES[random.nextInt(TYPES.length)]);
        longer.putShort((short) length).put(value);
        return longer.array();
    }

    private byte[] signed(byte[] body) {
        ByteBuffer whole = ByteBuffer.allocate(body.length + INTEGRITY_LENGTH).put(body);
        whole.putShort(2, (short) (whole.capacity() - HEADER));
        byte[] hash = hmac(Arrays.copyOf(whole.array(), body.length));
        return whole.putShort((short) MESSAGE_INTEGRITY)
                .putShort((short) hash.length)
                .put(hash)
                .array();
    }

    private byte[] hmac(byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(password, "HmacSHA1"));
            return mac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] fingerprinted(byte[] body) {
        ByteBuffer whole = ByteBuffer.allocate(body.length + FINGERPRINT_LENGTH).put(body);
        whole.putShort(2, (short) (whole.capacity() - HEADER));
        CRC32 crc = new CRC32();
        crc.update(whole.array(), 0, body.length);
        return whole.putShort((short) FINGERPRINT)
                .putShort((short) 4)
                .putInt((int) crc.getValue() ^ FINGERPRINT_MASK)
                .array();
    }
}
