// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A STUN message read in place (RFC 8489 §5). Reusable, not thread-safe.
 *
 * <pre>
 *  0                   1                   2                   3
 * |0 0|     STUN Message Type     |         Message Length        |
 * |                         Magic Cookie                          |
 * |                     Transaction ID (96 bits)                  |
 * |         Type                  |            Length             |
 * |                         Value (variable), padded to 4        ...
 * </pre>
 *
 * <p>{@link #wrap} walks header and attributes and keeps where they are; it and all accessors of primitive values allocate
 * nothing. Values are parsed only when asked for. The buffer is borrowed: what was read from it is valid as long as its bytes.
 *
 * <p>After MESSAGE-INTEGRITY only MESSAGE-INTEGRITY-SHA256 and FINGERPRINT are seen, after the former only the latter, after the
 * latter nothing (RFC 8489 §14.5 to §14.7): whoever is on the path can append what he likes there. Of an attribute that
 * appears twice the first is taken (§14). {@link AttributeCursor#overAll} shows the rest to diagnostic programs.
 */
public final class StunMessage {

    /** Bytes before the first attribute. */
    public static final int HEADER_LENGTH = 20;

    /** Most attributes that a message may have; no standard message has a third of it. */
    public static final int MAX_ATTRIBUTES = 64;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(HEADER_LENGTH).asReadOnlyBuffer();

    private final StunDialect dialect;
    private final boolean rfcDialect;
    private final AttributeIndex index = new AttributeIndex();
    private final FingerprintCheck fingerprint;

    private ByteBuffer buffer = NOTHING;
    private int start;
    private int length = HEADER_LENGTH;

    /** A reader of {@link StunDialect#RFC8489}. */
    public StunMessage() {
        this(StunDialect.RFC8489);
    }

    /** A reader of a dialect. */
    public StunMessage(StunDialect dialect) {
        this.dialect = dialect;
        this.rfcDialect = dialect == StunDialect.RFC8489;
        this.fingerprint = new FingerprintCheck(dialect.acceptedFingerprints());
    }

    /**
     * Whether a datagram has the header of a STUN message: type, cookie, and a length that agrees (RFC 8489 §6.3).
     *
     * @param datagram big-endian, from position to limit; not changed
     */
    public static boolean isStun(ByteBuffer datagram) {
        int from = datagram.position();
        int length = datagram.limit() - from;
        if (length < HEADER_LENGTH || datagram.getInt(from + 4) != StunDialect.MAGIC_COOKIE) {
            return false;
        }
        int head = datagram.getInt(from);
        return head >>> 30 == 0 && (head & 0xFFFF) == length - HEADER_LENGTH && (head & 3) == 0;
    }

    /**
     * Takes a datagram that must be one whole message with the dialect's cookie.
     *
     * @param datagram from position to limit; borrowed until the next call, not changed
     * @return this
     * @throws StunParseException if it is no such message; this object then has no message
     * @throws IllegalArgumentException if the buffer is not big-endian
     */
    public StunMessage wrap(ByteBuffer datagram) {
        openHeader(datagram);
        if (!hasCookie(datagram)) {
            throw reset(new StunParseException("header/cookie", "is not there"));
        }
        return walk();
    }

    /**
     * As {@link #wrap}, but the cookie may be missing: a message of RFC 3489 then, with a transaction id of 128 bits. Nothing
     * tells such a message from other data, so only who waits for one should use this.
     *
     * @return this
     * @throws StunParseException if it is no such message; this object then has no message
     * @throws IllegalArgumentException if the buffer is not big-endian
     */
    public StunMessage wrapClassic(ByteBuffer datagram) {
        openHeader(datagram);
        return walk();
    }

    private void openHeader(ByteBuffer datagram) {
        if (datagram.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("the buffer is little-endian");
        }
        int from = datagram.position();
        int bytes = datagram.limit() - from;
        if (bytes < HEADER_LENGTH) {
            throw reset(new StunParseException("header", "has " + bytes + " bytes of " + HEADER_LENGTH));
        }
        int head = datagram.getInt(from);
        if (head >>> 30 != 0) {
            throw reset(new StunParseException("header/type", "the first two bits are not zero"));
        }
        if ((head & 0xFFFF) != bytes - HEADER_LENGTH) {
            throw reset(new StunParseException(
                    "header/length", "is " + (head & 0xFFFF) + ", " + (bytes - HEADER_LENGTH) + " bytes follow"));
        }
        buffer = datagram;
        start = from;
        length = bytes;
    }

    private boolean hasCookie(ByteBuffer datagram) {
        return rfcDialect
                ? datagram.getInt(start + 4) == StunDialect.MAGIC_COOKIE
                : dialect.hasCookie(datagram, start, length);
    }

    private StunMessage walk() {
        int alignment = rfcDialect ? 4 : dialect.alignment(buffer, start, length);
        try {
            index.walk(buffer, start, length, alignment);
        } catch (StunParseException e) {
            throw reset(e);
        }
        return this;
    }

    private StunParseException reset(StunParseException fault) {
        buffer = NOTHING;
        start = 0;
        length = HEADER_LENGTH;
        index.clear();
        return fault;
    }

    /** The dialect that this reads. */
    public StunDialect dialect() {
        return dialect;
    }

    /** The borrowed buffer; offsets are absolute in it. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Absolute index of the header. */
    public int offset() {
        return start;
    }

    /** Length of the whole message in bytes. */
    public int length() {
        return length;
    }

    /** The 16-bit message type: method and class. */
    public int type() {
        return buffer.getShort(start) & 0xFFFF;
    }

    /** Request, indication or response. */
    public StunClass messageClass() {
        return StunClass.of(type());
    }

    /** The method. */
    public StunMethod method() {
        return StunMethod.of(type());
    }

    /** The 96 bits of the transaction id. In a message of RFC 3489 {@link #headerWord} has the 32 bits before them. */
    public TransactionId transactionId() {
        return TransactionId.readFrom(buffer, start + 8);
    }

    /** Whether this carries {@code id} as the dialect writes it. */
    public boolean matches(TransactionId id) {
        return buffer.getInt(start + 8) == id.high()
                && buffer.getLong(start + 12) == id.low()
                && headerWord() == (rfcDialect ? StunDialect.MAGIC_COOKIE : dialect.headerWord(id));
    }

    /** Bytes 4 to 7 of the header: the magic cookie, or the first bits of a transaction id of RFC 3489. */
    public int headerWord() {
        return buffer.getInt(start + 4);
    }

    /** A byte of the header. */
    int headerByte(int at) {
        return buffer.get(start + at);
    }

    /** Whether the header has no magic cookie, as before RFC 5389. */
    public boolean rfc3489() {
        return headerWord() != StunDialect.MAGIC_COOKIE;
    }

    AttributeIndex index() {
        return index;
    }

    /** Whether the attribute is there, whatever its value. */
    public boolean has(Attribute<?> attribute) {
        return index.find(attribute.type()) >= 0;
    }

    /** Absolute index of the attribute's value, -1 when it is absent. */
    public int offset(Attribute<?> attribute) {
        int at = index.find(attribute.type());
        return at < 0 ? -1 : index.offset(at);
    }

    /** Length of the attribute's value without padding, -1 when it is absent. */
    public int length(Attribute<?> attribute) {
        int at = index.find(attribute.type());
        return at < 0 ? -1 : index.length(at);
    }

    /**
     * The attribute's value, empty when it is absent.
     *
     * @throws StunParseException if it is there and wrong; the place is such as {@code XOR-MAPPED-ADDRESS/family}
     */
    public <T> Optional<T> get(Attribute<T> attribute) {
        int at = index.find(attribute.type());
        return at < 0 ? Optional.empty() : Optional.of(attribute.read(this, index.offset(at), index.length(at)));
    }

    /**
     * The value of a 32-bit attribute, without allocation.
     *
     * @param absent what is returned when it is not there
     * @throws StunParseException if its length is not 4
     */
    public long uint32(Attribute<Long> attribute, long absent) {
        int at = index.find(attribute.type());
        if (at < 0) {
            return absent;
        }
        requireLength(attribute, index.length(at), 4);
        return buffer.getInt(index.offset(at)) & 0xFFFFFFFFL;
    }

    /**
     * The value of a 64-bit attribute, without allocation.
     *
     * @param absent what is returned when it is not there; {@link #has} tells it from an equal value
     * @throws StunParseException if its length is not 8
     */
    public long uint64(Attribute<Long> attribute, long absent) {
        int at = index.find(attribute.type());
        if (at < 0) {
            return absent;
        }
        requireLength(attribute, index.length(at), 8);
        return buffer.getLong(index.offset(at));
    }

    static void requireLength(Attribute<?> attribute, int length, int required) {
        if (length != required) {
            throw attribute.fault("length", "is " + length + " bytes, must be " + required);
        }
    }

    /** The value of an attribute as it came, copied; no bytes when it is absent. */
    public byte[] valueBytes(Attribute<?> attribute) {
        int at = index.find(attribute.type());
        byte[] value = new byte[at < 0 ? 0 : index.length(at)];
        if (value.length > 0) {
            buffer.get(index.offset(at), value);
        }
        return value;
    }

    /** Whether the attribute is there and its value is these bytes; false when it is absent. */
    public boolean valueEquals(Attribute<?> attribute, byte[] expected) {
        int at = index.find(attribute.type());
        return at >= 0 && index.length(at) == expected.length && bytesEqual(index.offset(at), expected);
    }

    private boolean bytesEqual(int offset, byte[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (buffer.get(offset + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The attributes that a receiver must understand (types below 0x8000) and that are not in the table, each once, in the order
     * of the message: what an error response 420 lists (RFC 8489 §6.3.1).
     */
    public int[] unknownComprehensionRequired() {
        return unknownComprehensionRequired(Attributes::isKnown);
    }

    /**
     * As {@link #unknownComprehensionRequired()}, for a usage that understands fewer or more types than the table has.
     *
     * @param known whether the usage understands a type
     */
    public int[] unknownComprehensionRequired(IntPredicate known) {
        int[] unknown = new int[index.size()];
        int count = 0;
        for (int i = 0; i < index.size(); i++) {
            int type = index.visibleType(i);
            if (type >= 0 && type < 0x8000 && !known.test(type) && index.find(type) == i) {
                unknown[count++] = type;
            }
        }
        return Arrays.copyOf(unknown, count);
    }

    /**
     * Whether FINGERPRINT is there, is the last attribute, and is right under one of the dialect's checksums (RFC 8489 §14.7).
     */
    public boolean fingerprintMatches() {
        int value = start + length - 4;
        return index.endsWithFingerprint() && fingerprint.matches(buffer, start, value - 4, buffer.getInt(value));
    }

    /** Type and transaction, for people; attribute values are left out. */
    @Override
    public String toString() {
        return method() + " " + messageClass() + " " + transactionId() + ", " + length + " bytes";
    }
}
