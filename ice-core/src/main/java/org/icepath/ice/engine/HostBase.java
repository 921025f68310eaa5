// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Objects;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TransportType;
import org.icepath.ice.gather.LocalBase;
import org.icepath.sansio.Base;

/**
 * What the shell has for one component of one stream to send from: a bound UDP socket, a TCP port that accepts connections, or an address
 * from which connections are opened.
 *
 * @param stream place of the stream in {@code IceConfig.streams()}, from 0
 * @param component 1 and up
 * @param transport how packets travel; over TCP, which side opens connections
 * @param base the socket, the port that accepts, or the address with port 9 (RFC 6544 §4.5); its id is unique in the session
 *     and stays below 2^32, which leaves the others to relayed bases
 * @param interfaceName the operating system's name of the interface; empty when unknown
 * @param kind what the interface is made of
 * @param opensFromPort of a TCP port that accepts: whether connections leave from it, too, so that STUN servers can be asked what a NAT makes of
 *     it (RFC 6544 §5.2); not where it is other sessions' as well
 */
public record HostBase(
        int stream,
        int component,
        TransportType transport,
        Base base,
        String interfaceName,
        InterfaceKind kind,
        boolean opensFromPort) {

    /** The port of active candidates, which nobody connects to: discard (RFC 6544 §4.5). */
    public static final int ACTIVE_PORT = 9;

    /** A UDP socket. */
    public HostBase(int stream, int component, Base base, String interfaceName, InterfaceKind kind) {
        this(stream, component, TransportType.UDP, base, interfaceName, kind);
    }

    /** One from whose port connections leave, if it accepts some. */
    public HostBase(
            int stream, int component, TransportType transport, Base base, String interfaceName, InterfaceKind kind) {
        this(stream, component, transport, base, interfaceName, kind, true);
    }

    public HostBase {
        Objects.checkIndex(stream, Integer.MAX_VALUE);
        if (component < 1 || component > 256) {
            throw new IllegalArgumentException("component " + component + ", expected 1 to 256");
        }
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(interfaceName, "interfaceName");
        Objects.requireNonNull(kind, "kind");
        if (base.id() < 0 || base.id() >>> 32 != 0) {
            throw new IllegalArgumentException("base id " + base.id() + ", expected 0 to 2^32 - 1");
        }
    }

    /** Such as "192.0.2.1:50000 (eth0)". */
    String inWords() {
        String address = CandidateAddress.of(base.address()).toString();
        return interfaceName.isEmpty() ? address : address + " (" + interfaceName + ")";
    }

    /** The same as gathering knows it. */
    LocalBase local() {
        return new LocalBase(stream, component, transport, base, interfaceName, kind, opensFromPort);
    }
}
