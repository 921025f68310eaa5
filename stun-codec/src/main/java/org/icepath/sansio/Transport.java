// SPDX-License-Identifier: Apache-2.0
package org.icepath.sansio;

/** How the datagrams of a {@link Base} travel. */
public enum Transport {
    /** Plain datagrams. */
    UDP(false),
    /** Datagrams framed on a TCP connection. */
    TCP(true),
    /** As TCP, protected by TLS. */
    TLS(true),
    /** Datagrams protected by DTLS. */
    DTLS(false);

    private final boolean reliable;

    Transport(boolean reliable) {
        this.reliable = reliable;
    }

    /** Whether the transport itself retransmits, so that a request is sent once only (RFC 8489 §6.2.2). */
    public boolean reliable() {
        return reliable;
    }
}
