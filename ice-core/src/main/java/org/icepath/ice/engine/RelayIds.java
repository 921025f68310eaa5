// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import org.icepath.sansio.Base;

/**
 * How the bases of relays are numbered, where no socket of the shell's has its own: each relay has a range in the upper half for what is
 * relayed by it, and a number below for a connection to its server.
 */
final class RelayIds {

    private static final int RELAY_ID_SHIFT = 32;

    private static final long FIRST_CONNECTION_ID = 1L << (RELAY_ID_SHIFT - 1);

    /** Each relay has some for the connections that it moves to; those before the last are closed long before one comes again. */
    private static final int CONNECTIONS_SHIFT = 8;

    private static final long CONNECTIONS_MASK = (1 << CONNECTIONS_SHIFT) - 1;

    private RelayIds() {}

    /** Whether a base is a relayed one, or a connection with a peer over a relay. */
    static boolean isRelay(Base base) {
        return base.id() >>> RELAY_ID_SHIFT != 0;
    }

    /** The number of the relay that a base is of. */
    static int numberOf(Base base) {
        return (int) (base.id() >>> RELAY_ID_SHIFT);
    }

    /** The first of a relay's own. */
    static long first(int number) {
        return (long) number << RELAY_ID_SHIFT;
    }

    /**
     * That of its connection to the server.
     *
     * @param moves how often it has moved to another one, or has tried to
     */
    static long connection(int number, int moves) {
        return FIRST_CONNECTION_ID + ((number - 1L) << CONNECTIONS_SHIFT | moves & CONNECTIONS_MASK);
    }
}
