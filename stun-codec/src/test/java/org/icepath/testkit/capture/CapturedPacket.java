// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A UDP datagram or a TCP segment of a capture.
 *
 * @param frame the number of its frame
 * @param timeNanos nanoseconds since 1970
 * @param tcp false: a datagram; true: a segment
 * @param source who sent it
 * @param destination whom to
 * @param sequence the segment's sequence number, 0 for a datagram
 * @param opens whether a segment begins a connection (SYN without ACK)
 * @param payload from position 0 to limit, may be empty, read-only
 */
public record CapturedPacket(
        int frame,
        long timeNanos,
        boolean tcp,
        InetSocketAddress source,
        InetSocketAddress destination,
        long sequence,
        boolean opens,
        ByteBuffer payload) {}
