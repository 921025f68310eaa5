// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.List;
import java.util.Objects;

/**
 * One stream of a session (an m-line).
 *
 * @param name how the application names it; unique in a session
 * @param components component ids, ascending from 1, at most 256
 * @param lowestPort the lowest local port; 0 lets the system choose
 * @param highestPort the highest local port; 0 with {@code lowestPort} 0. RTP takes even ports and RTCP the odd one above
 * @param dscp the differentiated services code point of its packets, 0 to 63 (RFC 2474)
 * @param rtcpMux whether we offer to carry RTCP with RTP (RFC 5761), and take such an offer; component 2 is freed when both agree
 * @param tcpOnly whether it travels over TCP alone (RFC 6544), as shared desktops do
 */
public record StreamConfig(
        String name,
        List<Integer> components,
        int lowestPort,
        int highestPort,
        int dscp,
        boolean rtcpMux,
        boolean tcpOnly) {

    /** A stream over UDP, and over TCP where the session has that. */
    public StreamConfig(
            String name, List<Integer> components, int lowestPort, int highestPort, int dscp, boolean rtcpMux) {
        this(name, components, lowestPort, highestPort, dscp, rtcpMux, false);
    }

    /**
     * Checks them all.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names it and what was expected
     */
    public StreamConfig {
        Objects.requireNonNull(name, "name");
        components = List.copyOf(Objects.requireNonNull(components, "components"));
        if (components.isEmpty() || components.size() > 256) {
            throw new IllegalArgumentException(
                    "stream " + name + " with components " + components + ", expected 1 to 256");
        }
        for (int i = 0; i < components.size(); i++) {
            if (components.get(i) != i + 1) {
                throw new IllegalArgumentException(
                        "stream " + name + " with components " + components + ", expected 1, 2, … without a gap");
            }
        }
        if (lowestPort < 0 || highestPort > 65_535 || lowestPort > highestPort) {
            throw new IllegalArgumentException("ports " + lowestPort + " to " + highestPort + " of stream " + name
                    + ", expected a range within 1 to 65535, or 0 to 0");
        }
        if (lowestPort == 0 && highestPort != 0) {
            throw new IllegalArgumentException(
                    "ports 0 to " + highestPort + " of stream " + name + ", expected 1 or more");
        }
        if (dscp < 0 || dscp > 63) {
            throw new IllegalArgumentException("dscp " + dscp + " of stream " + name + ", expected 0 to 63");
        }
    }

    /** The same over other local ports. */
    StreamConfig withPorts(int lowest, int highest) {
        return new StreamConfig(name, components, lowest, highest, dscp, rtcpMux, tcpOnly);
    }

    /** The same with another differentiated services code point. */
    StreamConfig withDscp(int codePoint) {
        return new StreamConfig(name, components, lowestPort, highestPort, codePoint, rtcpMux, tcpOnly);
    }

    /** The same, RTCP with RTP. */
    StreamConfig withRtcpMux() {
        return new StreamConfig(name, components, lowestPort, highestPort, dscp, true, tcpOnly);
    }

    /** The same over TCP alone. */
    StreamConfig withTcpOnly() {
        return new StreamConfig(name, components, lowestPort, highestPort, dscp, rtcpMux, true);
    }

    /** Whether a local port range is asked for. */
    public boolean hasPortRange() {
        return lowestPort != 0;
    }
}
