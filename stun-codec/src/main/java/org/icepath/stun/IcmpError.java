// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/**
 * An ICMP message that a relay got for a datagram of ours (RFC 8656 §18.13).
 *
 * @param type ICMP or ICMPv6 type, 0 to 127
 * @param code ICMP or ICMPv6 code, 0 to 511
 * @param data what the ICMP message has in its second word, such as the next hop's MTU; unsigned 32 bits
 */
public record IcmpError(int type, int code, long data) {

    public IcmpError {
        if (type < 0 || type > 0x7F || code < 0 || code > 0x1FF || data < 0 || data > 0xFFFFFFFFL) {
            throw new IllegalArgumentException("no such ICMP error: type " + type + " code " + code + " data " + data);
        }
    }
}
