// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

/** Which ports of a range a socket may have: RTP likes even ones, RTCP the odd one above (RFC 3550 §11). */
public enum PortParity {
    /** Any port. */
    ANY,
    /** Even ports only. */
    EVEN,
    /** Odd ports only. */
    ODD;

    boolean accepts(int port) {
        return this == ANY || (port & 1) == (this == EVEN ? 0 : 1);
    }
}
