// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

/**
 * What makes a packet one of TCP (RFC 9293 §3.1), as far as this network needs it.
 *
 * @param sequence of its first byte; SYN and FIN take one each
 * @param acknowledged the next byte that its sender expects; means something only with {@code ack}
 */
record Segment(boolean syn, boolean ack, boolean fin, boolean rst, long sequence, long acknowledged) {

    static Segment reset(long sequence) {
        return new Segment(false, true, false, true, sequence, 0);
    }

    @Override
    public String toString() {
        return (syn ? "SYN " : "") + (ack ? "ACK " : "") + (fin ? "FIN " : "") + (rst ? "RST " : "") + sequence;
    }
}
