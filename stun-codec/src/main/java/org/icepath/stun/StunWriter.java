// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.icepath.stun.hmac.Hmac;
import org.icepath.stun.hmac.HmacAlgorithm;
import org.icepath.stun.hmac.HmacKey;
import org.jspecify.annotations.Nullable;

/**
 * Writes a STUN message into a buffer of the caller's (RFC 8489 §5). Reusable, not thread-safe.
 *
 * <pre>{@code
 * StunWriter.into(buffer).request(BINDING, id).put(USERNAME, username).put(PRIORITY, priority).put(USE_CANDIDATE)
 *         .integrity(key).fingerprint().finish();
 * }</pre>
 *
 * The order of the calls is the order on the wire; integrity and fingerprint close the message. A reused writer allocates nothing
 * but what {@code put} boxes; {@link #putUint32}, {@link #putUint64}, {@link #putBytes} and ASCII text do not box.
 *
 * <p>A message that does not fit is refused with an {@link IllegalStateException} that names the attribute, a value that cannot
 * be written with an {@link IllegalArgumentException}; the writer must then be given a new header.
 */
public final class StunWriter {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** The two bits before a message type are 0 (RFC 8489 §5). */
    private static final int TYPE_BITS = 0x3FFF;

    private final StunDialect dialect;
    private final boolean rfcDialect;
    private final HmacRule hmacRule;
    private final int alignment;
    private @Nullable Hmac hmac;
    private final FingerprintCheck fingerprint;

    private ByteBuffer buffer = NOTHING;
    private int start;
    private int limit;
    private int at;
    private Stage stage = Stage.NO_HEADER;

    /** What may still be written. */
    private enum Stage {
        NO_HEADER,
        OPEN,
        AFTER_INTEGRITY,
        AFTER_INTEGRITY_SHA256,
        CLOSED
    }

    /** A writer of {@link StunDialect#RFC8489}. */
    public StunWriter() {
        this(StunDialect.RFC8489);
    }

    /** A writer of a dialect. */
    public StunWriter(StunDialect dialect) {
        this.dialect = dialect;
        this.rfcDialect = dialect == StunDialect.RFC8489;
        this.hmacRule = dialect.hmacRule();
        this.alignment = dialect.alignment();
        this.fingerprint = new FingerprintCheck(List.of(dialect.fingerprint()));
    }

    /** A new writer on a buffer; see {@link #wrap}. */
    public static StunWriter into(ByteBuffer buffer) {
        return new StunWriter().wrap(buffer);
    }

    /**
     * Takes the buffer that the next message goes into, from its position to at most its limit.
     *
     * @param target big-endian and writable; used until {@link #finish}
     * @return this
     * @throws IllegalArgumentException if it is little-endian or read-only
     */
    public StunWriter wrap(ByteBuffer target) {
        if (target.order() != ByteOrder.BIG_ENDIAN || target.isReadOnly()) {
            throw new IllegalArgumentException("the buffer is little-endian or read-only");
        }
        buffer = target;
        start = target.position();
        limit = target.limit();
        at = start;
        stage = Stage.NO_HEADER;
        return this;
    }

    /** Begins a request. */
    public StunWriter request(StunMethod method, TransactionId id) {
        return header(StunClass.REQUEST, method, id);
    }

    /** Begins an indication. */
    public StunWriter indication(StunMethod method, TransactionId id) {
        return header(StunClass.INDICATION, method, id);
    }

    /** Begins a success response to the request of that id. */
    public StunWriter success(StunMethod method, TransactionId id) {
        return header(StunClass.SUCCESS, method, id);
    }

    /** Begins an error response to the request of that id. */
    public StunWriter error(StunMethod method, TransactionId id) {
        return header(StunClass.ERROR, method, id);
    }

    /**
     * Begins a response to a request, with all 128 bits that it has for transaction id and cookie: the only way to answer RFC 3489.
     */
    public StunWriter respond(StunClass responseClass, StunMessage request) {
        return header(responseClass, request.method(), request.headerWord(), request.transactionId(), true);
    }

    /**
     * Begins a message whose header is at hand as it stands, with 128 bits for cookie and transaction id: to write again what was read,
     * whatever its dialect. Attributes that the dialect begins with are not added.
     *
     * @param type the 16 bits of method and class
     * @param headerWord bytes 4 to 7
     */
    public StunWriter header(int type, int headerWord, TransactionId id) {
        return header(StunClass.of(type), StunMethod.of(type), headerWord, id, false);
    }

    /**
     * As {@link #header(int, int, TransactionId)}, with an id that nobody needs as a value.
     *
     * @param high bytes 8 to 11
     * @param low bytes 12 to 19
     */
    public StunWriter header(int type, int headerWord, int high, long low) {
        begin(type & TYPE_BITS, headerWord, high, low);
        return this;
    }

    /**
     * Begins an error response and puts ERROR-CODE and, where there are any, UNKNOWN-ATTRIBUTES (RFC 8489 §6.3.1.1).
     *
     * @param reason for people; at most 127 characters
     * @param unknownAttributes their types
     */
    public StunWriter errorResponse(StunMessage request, int code, String reason, int... unknownAttributes) {
        respond(StunClass.ERROR, request).put(Attributes.ERROR_CODE, new ErrorCode(code, reason));
        if (unknownAttributes.length > 0) {
            put(
                    Attributes.UNKNOWN_ATTRIBUTES,
                    Arrays.stream(unknownAttributes).boxed().toList());
        }
        return this;
    }

    private StunWriter header(StunClass messageClass, StunMethod method, TransactionId id) {
        return header(messageClass, method, rfcDialect ? StunDialect.MAGIC_COOKIE : dialect.headerWord(id), id, true);
    }

    private StunWriter header(
            StunClass messageClass, StunMethod method, int headerWord, TransactionId id, boolean begin) {
        begin(messageClass.bits() | method.bits(), headerWord, id.high(), id.low());
        if (begin && !rfcDialect) {
            dialect.begin(this);
        }
        return this;
    }

    private void begin(int type, int headerWord, int high, long low) {
        if (limit - start < StunMessage.HEADER_LENGTH) {
            throw new IllegalStateException("header: " + (limit - start) + " bytes of room");
        }
        buffer.putInt(start, type << 16);
        buffer.putInt(start + 4, headerWord);
        buffer.putInt(start + 8, high);
        buffer.putLong(start + 12, low);
        at = start + StunMessage.HEADER_LENGTH;
        stage = Stage.OPEN;
    }

    /**
     * Writes an attribute.
     *
     * @throws IllegalArgumentException if the row cannot hold the value
     */
    public <T> StunWriter put(Attribute<T> attribute, T value) {
        attribute.write(this, value);
        return this;
    }

    /** Writes a flag. */
    public StunWriter put(Attribute<Boolean> flag) {
        return put(flag, Boolean.TRUE);
    }

    /** Writes a number of 32 bits without boxing it. */
    public StunWriter putUint32(Attribute<Long> attribute, long value) {
        NumberCodecs.requireRange(attribute, value, 0xFFFFFFFFL);
        int place = open(attribute, 4);
        buffer.putInt(place, (int) value);
        return this;
    }

    /** Writes a number of 64 bits without boxing it. */
    public StunWriter putUint64(Attribute<Long> attribute, long value) {
        int place = open(attribute, 8);
        buffer.putLong(place, value);
        return this;
    }

    /** Writes an attribute whose value is at hand as bytes: text made ready beforehand, or what no row describes. */
    public StunWriter putBytes(Attribute<?> attribute, byte[] value) {
        attribute.requireWritable(value.length);
        putValue(attribute, value);
        return this;
    }

    /** As {@link #putBytes(Attribute, byte[])}, from a buffer's position to its limit; the buffer is not changed. */
    public StunWriter putBytes(Attribute<?> attribute, ByteBuffer value) {
        int length = value.remaining();
        attribute.requireWritable(length);
        int place = open(attribute, length);
        buffer.put(place, value, value.position(), length);
        return this;
    }

    void putValue(Attribute<?> attribute, byte[] value) {
        int place = open(attribute, value.length);
        buffer.put(place, value);
    }

    /** Writes MESSAGE-INTEGRITY over all that was written (RFC 8489 §14.5). */
    public StunWriter integrity(HmacKey key) {
        requireStage(Attributes.MESSAGE_INTEGRITY, Stage.OPEN);
        seal(Attributes.MESSAGE_INTEGRITY, hmacRule.algorithm(), key);
        stage = Stage.AFTER_INTEGRITY;
        return this;
    }

    /** Writes MESSAGE-INTEGRITY-SHA256, of full length, over all that was written (RFC 8489 §14.6). */
    public StunWriter integritySha256(HmacKey key) {
        requireStage(Attributes.MESSAGE_INTEGRITY_SHA256, Stage.AFTER_INTEGRITY);
        seal(Attributes.MESSAGE_INTEGRITY_SHA256, HmacAlgorithm.SHA256, key);
        stage = Stage.AFTER_INTEGRITY_SHA256;
        return this;
    }

    private void seal(Attribute<?> attribute, HmacAlgorithm algorithm, HmacKey key) {
        int textLength = at - start;
        int place = reserve(attribute, algorithm.length());
        int lengthField = at - start - StunMessage.HEADER_LENGTH;
        Hmac worker = worker();
        worker.load(buffer, start, textLength);
        // A dialect that counts the whole message counts the FINGERPRINT that its messages end with.
        worker.putUint16(2, hmacRule.wholeLength() ? lengthField + 8 : lengthField);
        worker.fillTo(hmacRule.textMultiple());
        worker.writeTo(buffer, place, algorithm, key);
    }

    /** Made when it is first needed: requests to STUN servers have no integrity. */
    private Hmac worker() {
        Hmac known = hmac;
        if (known == null) {
            known = new Hmac();
            hmac = known;
        }
        return known;
    }

    /** Writes FINGERPRINT over all that was written; nothing may follow it (RFC 8489 §14.7). */
    public StunWriter fingerprint() {
        requireStage(Attributes.FINGERPRINT, Stage.AFTER_INTEGRITY_SHA256);
        int end = at;
        int place = reserve(Attributes.FINGERPRINT, 4);
        putLength();
        buffer.putInt(place, fingerprint.compute(buffer, start, end));
        stage = Stage.CLOSED;
        return this;
    }

    /**
     * Ends the message.
     *
     * @return the caller's buffer, its position at the start of the message and its limit at the end
     */
    public ByteBuffer finish() {
        if (stage == Stage.NO_HEADER) {
            throw new IllegalStateException("the message has no header");
        }
        putLength();
        stage = Stage.NO_HEADER;
        return buffer.limit(at).position(start);
    }

    private void putLength() {
        buffer.putShort(start + 2, (short) (at - start - StunMessage.HEADER_LENGTH));
    }

    /** Writes header and padding of an attribute; answers where its value goes. */
    int open(Attribute<?> attribute, int length) {
        requireStage(attribute, Stage.OPEN);
        return reserve(attribute, length);
    }

    private int reserve(Attribute<?> attribute, int length) {
        int place = at + 4;
        int next = place + (length + alignment - 1 & -alignment);
        if (next > limit || next - start > 0xFFFF) {
            throw new IllegalStateException(attribute + " of " + length + " bytes does not fit into " + (limit - at));
        }
        if (next != place + length) {
            buffer.putInt(next - 4, 0);
        }
        buffer.putInt(at, attribute.type() << 16 | length);
        at = next;
        return place;
    }

    private void requireStage(Attribute<?> attribute, Stage last) {
        if (stage == Stage.NO_HEADER || stage.compareTo(last) > 0) {
            throw new IllegalStateException(attribute + " cannot be written: " + stage);
        }
    }

    ByteBuffer buffer() {
        return buffer;
    }

    int headerWord() {
        return buffer.getInt(start + 4);
    }

    int headerByte(int place) {
        return buffer.get(start + place);
    }
}
