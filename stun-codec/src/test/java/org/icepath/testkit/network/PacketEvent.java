// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.time.Duration;

/**
 * Something that happened to a packet.
 *
 * @param at when, in nanoseconds of the network's time
 * @param fate what happened
 * @param where the host, NAT or zone where it happened
 * @param packet the packet with the addresses that it had there
 */
public record PacketEvent(long at, Fate fate, String where, VirtualPacket packet) {

    /** What can happen to a packet. */
    public enum Fate {
        /** A host handed it to the network. */
        SENT,
        /** A host handed it to a socket; {@link #where} is the receiving host. */
        DELIVERED,
        /** A link lost it. */
        LOST,
        /** A link doubled it; both copies go on. */
        DUPLICATED,
        /** A {@link Block} swallowed it. */
        BLOCKED,
        /** Nobody in the zone has that address, and there is no way out of it. */
        NO_ROUTE,
        /** The host has no socket on that port, or the interface is down. */
        NO_SOCKET,
        /** The NAT has no binding for that port. */
        NO_BINDING,
        /** The NAT has a binding, but its filter does not let this sender through. */
        FILTERED,
        /** The NAT does not turn packets back to its inside. */
        NO_HAIRPIN,
        /** The firewall has not seen a packet go the other way. */
        UNSOLICITED
    }

    /** The time since the start of a network that started at 0, in milliseconds. */
    public long atMillis() {
        return Duration.ofNanos(at).toMillis();
    }

    @Override
    public String toString() {
        return at / 1e6 + " ms " + fate + " at " + where + " " + packet;
    }
}
