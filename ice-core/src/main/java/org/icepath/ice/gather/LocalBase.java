// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetAddress;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.TransportType;
import org.icepath.sansio.Base;
import org.icepath.turn.ServerAddress;

/**
 * What one component sends from, and from which candidates are gathered: a bound UDP socket, a TCP port that accepts connections, or an
 * address from which connections are opened.
 *
 * @param stream place of the stream in its session, from 0
 * @param component 1 and up
 * @param transport how packets travel; over TCP, which side opens connections
 * @param base where it sends from
 * @param interfaceName the operating system's name of the interface; empty when unknown
 * @param kind what the interface is made of
 * @param opensFromPort whether connections leave from its port; not where other sessions use it, too
 */
public record LocalBase(
        int stream,
        int component,
        TransportType transport,
        Base base,
        String interfaceName,
        InterfaceKind kind,
        boolean opensFromPort) {

    /** One that is this session's alone. */
    public LocalBase(
            int stream, int component, TransportType transport, Base base, String interfaceName, InterfaceKind kind) {
        this(stream, component, transport, base, interfaceName, kind, true);
    }

    /** A UDP socket. */
    public LocalBase(int stream, int component, Base base, String interfaceName, InterfaceKind kind) {
        this(stream, component, TransportType.UDP, base, interfaceName, kind);
    }

    InetAddress address() {
        return base.address().getAddress();
    }

    /** Whether both are of one component, on the same address. */
    boolean isBeside(LocalBase other) {
        return stream == other.stream
                && component == other.component
                && address().equals(other.address());
    }

    /** Whether {@code server} may be reached from here: of the same family, and not from an address that is of use here only. */
    public boolean mayReach(ServerAddress server) {
        InetAddress there = server.address().getAddress();
        boolean sameFamily = address().getAddress().length == there.getAddress().length;
        boolean stuck = (address().isLoopbackAddress() && !there.isLoopbackAddress())
                || (address().isLinkLocalAddress() && !there.isLinkLocalAddress());
        return sameFamily && !stuck;
    }

    @Override
    public String toString() {
        String where = (transport.isTcp() ? transport + " " : "") + IpAddress.format(address());
        return interfaceName.isEmpty() ? where : where + " (" + interfaceName + ")";
    }
}
