// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.Inet4Address;
import java.util.Optional;
import org.icepath.sansio.Base;
import org.icepath.stun.AddressFamily;
import org.icepath.testkit.network.VirtualHost;

/** Where a server gets the sockets of its allocations from. They are given back by closing the base. */
@FunctionalInterface
public interface RelaySockets {

    /** Which port a socket must have. */
    enum Port {
        ANY,
        /** An even one (RFC 8656 §7.2, EVEN-PORT). */
        EVEN,
        /** An even one, of which {@link #openAfter} is asked for the next (RFC 8656 §7.2, EVEN-PORT with the R bit). */
        EVEN_WITH_NEXT
    }

    /**
     * A socket that is bound already; asked for from within the machine's step.
     *
     * @return empty when there is none; the client is told 508
     */
    Optional<Base> open(AddressFamily family, Port port);

    /** The socket with the port after that of an even one, for a reservation; empty when that is not possible. */
    default Optional<Base> openAfter(Base even) {
        return Optional.empty();
    }

    /**
     * What stands for a listener over TCP that is bound already: connections that it accepts become bases with its address. Given back by
     * {@link #giveBack}.
     *
     * @return empty when there is none
     */
    default Optional<Base> openTcp(AddressFamily family) {
        return Optional.empty();
    }

    /** Takes a listener back. */
    default void giveBack(Base listener) {}

    /** Whether there are sockets of this family at all; otherwise the client is told 440. */
    default boolean has(AddressFamily family) {
        return true;
    }

    /** Sockets on the first address of each family that a host of a virtual network has. */
    static RelaySockets on(VirtualHost host) {
        return new VirtualRelaySockets(host);
    }

    /** The family of a base. */
    static AddressFamily family(Base base) {
        return base.address().getAddress() instanceof Inet4Address ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }
}
