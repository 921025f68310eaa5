// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Goes over the attributes of a message in their order and reads every value without allocation. Reusable, not thread-safe.
 *
 * <pre>{@code
 * cursor.over(message);
 * while (cursor.next()) {
 *     if (cursor.isAddress()) { use(cursor.port(), cursor.addressHigh(), cursor.addressLow()); }
 * }
 * }</pre>
 *
 * Valid until the message is given another datagram. The accessors of a value throw {@link StunParseException} where the value is
 * too short for them, and {@link IllegalStateException} where the cursor is on no attribute.
 */
public final class AttributeCursor {

    private StunMessage message = new StunMessage();
    private AttributeIndex index = message.index();
    private boolean all;
    private int at = -1;
    private int type;
    private int offset;
    private int length;

    /** A cursor that is over no message yet. */
    public AttributeCursor() {}

    /**
     * Starts before the first attribute that counts: what follows MESSAGE-INTEGRITY is passed over.
     *
     * @return this
     */
    public AttributeCursor over(StunMessage toRead) {
        message = toRead;
        index = toRead.index();
        all = false;
        at = -1;
        return this;
    }

    /**
     * Starts before the first attribute, and passes over none. For diagnosis only: what follows MESSAGE-INTEGRITY comes from
     * anybody.
     *
     * @return this
     */
    public AttributeCursor overAll(StunMessage toRead) {
        over(toRead);
        all = true;
        return this;
    }

    /** Moves to the next attribute; false when there is none. */
    public boolean next() {
        while (++at < index.size()) {
            if (all || index.visibleType(at) >= 0) {
                type = index.type(at);
                offset = index.offset(at);
                length = index.length(at);
                return true;
            }
        }
        at = index.size();
        return false;
    }

    /** The 16-bit code point. */
    public int type() {
        requireAttribute();
        return type;
    }

    /** Absolute index of the value in the message's buffer. */
    public int offset() {
        requireAttribute();
        return offset;
    }

    /** Length of the value in bytes, without padding. */
    public int length() {
        requireAttribute();
        return length;
    }

    /** Whether the attribute is of this row. */
    public boolean is(Attribute<?> attribute) {
        return type() == attribute.type();
    }

    /** The row of the attribute, empty when the table has none. */
    public Optional<Attribute<?>> attribute() {
        return Attributes.byType(type());
    }

    /**
     * The value as a row reads it; allocates.
     *
     * @throws StunParseException if it is wrong
     */
    public <T> T value(Attribute<T> attribute) {
        requireAttribute();
        return attribute.read(message, offset, length);
    }

    /** A byte of the value, unsigned. */
    public int uint8(int place) {
        require(place, 1);
        return message.buffer().get(offset + place) & 0xFF;
    }

    /** Two bytes of the value, unsigned. */
    public int uint16(int place) {
        require(place, 2);
        return message.buffer().getShort(offset + place) & 0xFFFF;
    }

    /** Four bytes of the value, unsigned. */
    public long uint32(int place) {
        require(place, 4);
        return message.buffer().getInt(offset + place) & 0xFFFFFFFFL;
    }

    /** Eight bytes of the value. */
    public long uint64(int place) {
        require(place, 8);
        return message.buffer().getLong(offset + place);
    }

    /** Copies the value to the start of an array, as much of it as there is room for; answers how much that was. */
    public int copyTo(byte[] into) {
        requireAttribute();
        int copied = Math.min(length, into.length);
        message.buffer().get(offset, into, 0, copied);
        return copied;
    }

    /** Whether the value is these bytes. */
    public boolean valueEquals(byte[] expected) {
        if (length() != expected.length) {
            return false;
        }
        ByteBuffer buffer = message.buffer();
        for (int i = 0; i < expected.length; i++) {
            if (buffer.get(offset + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the attribute is an address according to the table. */
    public boolean isAddress() {
        return Attributes.addressKind(type()) != AddressKind.NO_ADDRESS;
    }

    /**
     * The family of the address.
     *
     * @throws StunParseException if the family is unknown or the length is not the family's
     * @throws IllegalStateException if the attribute is no address
     */
    public AddressFamily family() {
        Optional<Attribute<?>> found = attribute();
        if (found.isEmpty() || !found.get().isAddress()) {
            throw new IllegalStateException(String.format("attribute 0x%04x is no address", type));
        }
        Attribute<?> row = found.get();
        row.requireLength(length);
        return AddressCodec.family(message, row, offset, length);
    }

    /** The port of the address, in the clear; the address must have passed {@link #family}. */
    public int port() {
        int port = uint16(2);
        return xored() ? port ^ message.headerWord() >>> 16 : port;
    }

    /** The first 64 bits of an IPv6 address, in the clear; 0 for IPv4. The address must have passed {@link #family}. */
    public long addressHigh() {
        if (length() == AddressCodec.IPV4_LENGTH) {
            return 0;
        }
        long high = uint64(4);
        return xored() ? high ^ message.buffer().getLong(message.offset() + 4) : high;
    }

    /** The other 64 bits of an IPv6 address or the 32 of an IPv4 one, in the clear. The address must have passed {@link #family}. */
    public long addressLow() {
        ByteBuffer buffer = message.buffer();
        if (length() == AddressCodec.IPV4_LENGTH) {
            return xored() ? uint32(4) ^ (message.headerWord() & 0xFFFFFFFFL) : uint32(4);
        }
        long low = uint64(12);
        return xored() ? low ^ buffer.getLong(message.offset() + 12) : low;
    }

    private boolean xored() {
        return Attributes.addressKind(type) == AddressKind.XORED;
    }

    private void requireAttribute() {
        if (at < 0 || at >= index.size()) {
            throw new IllegalStateException("the cursor is on no attribute");
        }
    }

    private void require(int place, int bytes) {
        requireAttribute();
        if (place < 0) {
            throw new IllegalArgumentException("place " + place);
        }
        if (length - place < bytes) {
            String name = attribute().map(Attribute::name).orElseGet(() -> String.format("0x%04x", type));
            throw new StunParseException(
                    name + "/length", "is " + length + " bytes, must be " + (place + bytes) + " or more");
        }
    }
}
