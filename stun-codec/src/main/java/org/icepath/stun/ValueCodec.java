// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/**
 * How values of one shape are read and written. Stateless.
 *
 * @param <T> what a value is for the program
 */
interface ValueCodec<T> {

    /** Fewest bytes on the wire. */
    int minLength();

    /** Most bytes on the wire. */
    int maxLength();

    /**
     * Reads a value whose length is known to be within the bounds.
     *
     * @param attribute names the place of a fault
     * @param offset absolute index of the value in the message's buffer
     * @throws StunParseException if the bytes are no such value
     */
    T read(StunMessage message, Attribute<T> attribute, int offset, int length);

    /**
     * Writes header, value and padding.
     *
     * @throws IllegalArgumentException if the value cannot be written
     */
    void write(StunWriter writer, Attribute<T> attribute, T value);
}
