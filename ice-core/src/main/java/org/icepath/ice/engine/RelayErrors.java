// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.Inet4Address;
import java.net.InetAddress;
import org.icepath.sansio.Cause;
import org.icepath.stun.IcmpError;

/** What ICMP says to a relay about a datagram of ours, in the terms of a socket's own errors (RFC 8656 §11.5). */
final class RelayErrors {

    private static final int DESTINATION_UNREACHABLE = 3; // RFC 792
    private static final int PORT_UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int NETWORK_PROHIBITED = 9; // RFC 1812 §5.2.7.1, and so 10 and 13
    private static final int HOST_PROHIBITED = 10;
    private static final int PROHIBITED = 13;
    private static final int DESTINATION_UNREACHABLE_6 = 1; // RFC 4443 §3.1
    private static final int PROHIBITED_6 = 1;
    private static final int PORT_UNREACHABLE_6 = 4;
    private static final int PACKET_TOO_BIG_6 = 2; // RFC 4443 §3.2

    private RelayErrors() {}

    static Cause cause(InetAddress peer, IcmpError icmp) {
        Cause.Kind kind = peer instanceof Inet4Address ? kind4(icmp) : kind6(icmp);
        return new Cause(kind, "ICMP type " + icmp.type() + " code " + icmp.code() + " came to the relay");
    }

    private static Cause.Kind kind4(IcmpError icmp) {
        if (icmp.type() != DESTINATION_UNREACHABLE) {
            return Cause.Kind.OTHER;
        }
        return switch (icmp.code()) {
            case PORT_UNREACHABLE -> Cause.Kind.REFUSED;
            case FRAGMENTATION_NEEDED -> Cause.Kind.TOO_BIG;
            case NETWORK_PROHIBITED, HOST_PROHIBITED, PROHIBITED -> Cause.Kind.FORBIDDEN;
            default -> Cause.Kind.UNREACHABLE;
        };
    }

    private static Cause.Kind kind6(IcmpError icmp) {
        if (icmp.type() == PACKET_TOO_BIG_6) {
            return Cause.Kind.TOO_BIG;
        }
        if (icmp.type() != DESTINATION_UNREACHABLE_6) {
            return Cause.Kind.OTHER;
        }
        return switch (icmp.code()) {
            case PORT_UNREACHABLE_6 -> Cause.Kind.REFUSED;
            case PROHIBITED_6 -> Cause.Kind.FORBIDDEN;
            default -> Cause.Kind.UNREACHABLE;
        };
    }
}
