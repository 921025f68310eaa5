// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;

/**
 * One row of the attribute table: a code point, its registered name, and how its value is written (RFC 8489 §14).
 *
 * <p>Immutable and thread-safe. {@link Attributes} has the rows of the standards; a dialect may make rows of its own with the
 * same methods. Reading a value checks its length against the row first, so that the fault is {@code NAME/length}.
 *
 * @param <T> what a value is for the program
 */
public final class Attribute<T> {

    private final int type;
    private final String name;
    private final ValueCodec<T> codec;
    private final int minLength;
    private final int maxLength;

    Attribute(int type, String name, ValueCodec<T> codec) {
        if (type < 0 || type > 0xFFFF) {
            throw new IllegalArgumentException("attribute type " + type + " has more than 16 bits");
        }
        this.type = type;
        this.name = Objects.requireNonNull(name, "name");
        this.codec = codec;
        this.minLength = codec.minLength();
        this.maxLength = codec.maxLength();
    }

    /** An attribute that says what it has to say by being there. */
    public static Attribute<Boolean> flag(int type, String name) {
        return new Attribute<>(type, name, NumberCodecs.FLAG);
    }

    /** A number of 32 bits, unsigned. */
    public static Attribute<Long> uint32(int type, String name) {
        return new Attribute<>(type, name, NumberCodecs.UINT32);
    }

    /** A number of 64 bits; the sign bit of the {@code long} is its highest bit. */
    public static Attribute<Long> uint64(int type, String name) {
        return new Attribute<>(type, name, NumberCodecs.UINT64);
    }

    /** A number in the first byte of four, the others reserved. */
    public static Attribute<Integer> uint8(int type, String name) {
        return new Attribute<>(type, name, NumberCodecs.UINT8_OF_4);
    }

    /** A number in the first two bytes of four, the others reserved. */
    public static Attribute<Integer> uint16(int type, String name) {
        return new Attribute<>(type, name, NumberCodecs.UINT16_OF_4);
    }

    /** A transport address in the clear (RFC 8489 §14.1). */
    public static Attribute<InetSocketAddress> address(int type, String name) {
        return new Attribute<>(type, name, AddressCodec.PLAIN);
    }

    /** A transport address under the cookie and the transaction id (RFC 8489 §14.2). */
    public static Attribute<InetSocketAddress> xorAddress(int type, String name) {
        return new Attribute<>(type, name, AddressCodec.XOR);
    }

    /**
     * UTF-8 text; malformed sequences are read as U+FFFD.
     *
     * @param limit how much of it is allowed
     */
    public static Attribute<String> text(int type, String name, TextLimit limit) {
        return new Attribute<>(type, name, new TextCodec(limit));
    }

    /**
     * Bytes whose meaning is not this codec's business. Read values are read-only views of the message and live as long as it.
     *
     * @param minLength fewest bytes
     * @param maxLength most bytes
     */
    public static Attribute<ByteBuffer> opaque(int type, String name, int minLength, int maxLength) {
        return new Attribute<>(type, name, new OpaqueCodec(minLength, maxLength));
    }

    /**
     * A value of a dialect's own.
     *
     * @param minLength fewest bytes
     * @param maxLength most bytes
     * @param reader takes a read-only view of the value, from position to limit and within the bounds; throws an
     *     {@link IllegalArgumentException} when the bytes are no such value
     * @param writer the bytes of a value
     */
    public static <T> Attribute<T> value(
            int type,
            String name,
            int minLength,
            int maxLength,
            Function<ByteBuffer, T> reader,
            Function<T, byte[]> writer) {
        return new Attribute<>(type, name, new BytesCodec<>(minLength, maxLength, reader, writer));
    }

    /** The 16-bit code point. */
    public int type() {
        return type;
    }

    /** The name in the registry. */
    public String name() {
        return name;
    }

    /** Whether a request that carries it must be refused by who does not know it (RFC 8489 §14). */
    public boolean comprehensionRequired() {
        return type < 0x8000;
    }

    /** Fewest bytes of a value. */
    public int minLength() {
        return minLength;
    }

    /** Most bytes of a value. */
    public int maxLength() {
        return maxLength;
    }

    ValueCodec<T> codec() {
        return codec;
    }

    /** Whether its values lie under the cookie and the transaction id. */
    boolean xored() {
        return codec == AddressCodec.XOR;
    }

    boolean isAddress() {
        return codec instanceof AddressCodec;
    }

    T read(StunMessage message, int offset, int length) {
        requireLength(length);
        return codec.read(message, this, offset, length);
    }

    void write(StunWriter writer, T value) {
        codec.write(writer, this, value);
    }

    void requireLength(int length) {
        if (length < minLength || length > maxLength) {
            throw fault("length", "is " + length + " bytes, must be " + minLength + " to " + maxLength);
        }
    }

    void requireWritable(int length) {
        if (length < minLength || length > maxLength) {
            throw refused("of " + length + " bytes is not " + minLength + " to " + maxLength + " long");
        }
    }

    StunParseException fault(String field, String reason) {
        return new StunParseException(name + '/' + field, reason);
    }

    IllegalArgumentException refused(String reason) {
        return new IllegalArgumentException(name + " " + reason);
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
