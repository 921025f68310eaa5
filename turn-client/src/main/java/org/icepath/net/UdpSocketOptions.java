// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetAddress;
import java.util.Objects;

/**
 * Where a UDP socket is bound and how it treats its packets.
 *
 * @param address the local address; the wildcard address is allowed
 * @param firstPort the lowest port that may be used; 0 lets the operating system choose
 * @param lastPort the highest port that may be used; equal to {@code firstPort} for one certain port
 * @param parity which ports of the range may be used
 * @param dscp differentiated services code point of what is sent, 0 to 63 (RFC 2474; RFC 8837 for media)
 * @param receiveBufferBytes size of the kernel's receive buffer; 0 leaves the system's default
 * @param sendBufferBytes size of the kernel's send buffer; 0 leaves the system's default
 * @param maxDatagramBytes longest datagram that is sure to be received whole; the kernel may cut longer ones
 */
public record UdpSocketOptions(
        InetAddress address,
        int firstPort,
        int lastPort,
        PortParity parity,
        int dscp,
        int receiveBufferBytes,
        int sendBufferBytes,
        int maxDatagramBytes) {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_DSCP = 63;
    private static final int DEFAULT_DATAGRAM_BYTES = 2_048;

    // Linux counts some 800 bytes for a packet of speech; its own default is full after a quarter of a second at 1,000
    // packets a second, which a collector's pause, or a busy processor, can last. The system grants less where it must.
    private static final int DEFAULT_RECEIVE_BYTES = 1 << 20;

    public UdpSocketOptions {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(parity, "parity");
        require(firstPort >= 0 && lastPort <= MAX_PORT && firstPort <= lastPort, "ports " + firstPort + "-" + lastPort);
        require(firstPort > 0 || lastPort == 0, "port range from 0 to " + lastPort);
        require(firstPort > 0 || parity == PortParity.ANY, "parity " + parity + " without a port range");
        require(dscp >= 0 && dscp <= MAX_DSCP, "dscp " + dscp);
        require(receiveBufferBytes >= 0 && sendBufferBytes >= 0, "negative buffer size");
        require(maxDatagramBytes > 0 && maxDatagramBytes <= MAX_PORT, "maxDatagramBytes " + maxDatagramBytes);
    }

    /** A socket at {@code address} on a port of the system's choosing, with room for 1 MiB of received packets if the system grants it. */
    public static UdpSocketOptions at(InetAddress address) {
        return new UdpSocketOptions(address, 0, 0, PortParity.ANY, 0, DEFAULT_RECEIVE_BYTES, 0, DEFAULT_DATAGRAM_BYTES);
    }

    /** The same on one certain port; 0 for any. */
    public UdpSocketOptions withPort(int port) {
        return withPorts(port, port, PortParity.ANY);
    }

    /** The same on a free port of a range, both ends included; where in the range the search begins is random. */
    public UdpSocketOptions withPorts(int first, int last, PortParity ports) {
        return new UdpSocketOptions(
                address, first, last, ports, dscp, receiveBufferBytes, sendBufferBytes, maxDatagramBytes);
    }

    /** The same with another differentiated services code point. */
    public UdpSocketOptions withDscp(int codePoint) {
        return new UdpSocketOptions(
                address, firstPort, lastPort, parity, codePoint, receiveBufferBytes, sendBufferBytes, maxDatagramBytes);
    }

    /** The same with other kernel buffer sizes; 0 leaves the system's default. */
    public UdpSocketOptions withBuffers(int receiveBytes, int sendBytes) {
        return new UdpSocketOptions(
                address, firstPort, lastPort, parity, dscp, receiveBytes, sendBytes, maxDatagramBytes);
    }

    /** The same with another length of the longest datagram. */
    public UdpSocketOptions withMaxDatagramBytes(int bytes) {
        return new UdpSocketOptions(
                address, firstPort, lastPort, parity, dscp, receiveBufferBytes, sendBufferBytes, bytes);
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException(complaint);
        }
    }
}
