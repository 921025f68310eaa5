// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.nio.ByteBuffer;

/**
 * What stands before each datagram that a server relays without a message around it: nothing over UDP, the header of a frame on a
 * connection. Immutable.
 */
public interface BareHeader {

    /** Nothing. */
    BareHeader NONE = new BareHeader() {
        @Override
        public int length() {
            return 0;
        }

        @Override
        public void write(ByteBuffer into, int payloadLength) {
            // there is nothing to write
        }

        @Override
        public String toString() {
            return "nothing";
        }
    };

    /** How many bytes it is, 0 to 16. */
    int length();

    /**
     * Writes it.
     *
     * @param into big-endian, with room for {@link #length} bytes; its position moves past them
     * @param payloadLength how many bytes follow
     */
    void write(ByteBuffer into, int payloadLength);
}
