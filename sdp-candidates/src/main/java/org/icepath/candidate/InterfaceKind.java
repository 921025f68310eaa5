// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/** What an interface is made of, as far as it matters for preferring one over another (RFC 8445 §5.1.2.2, RFC 8421 §3). */
public enum InterfaceKind {
    /** Ethernet and the like. */
    WIRED(0),
    /** Wi-Fi. */
    WIRELESS(0),
    /** Nothing is known about it. */
    UNKNOWN(0),
    /** A mobile network: reachable, but metered. */
    CELLULAR(1),
    /** A tunnel: media through it makes a detour and takes its loss and its MTU along. */
    VPN(2);

    private final int rank;

    InterfaceKind(int rank) {
        this.rank = rank;
    }

    /** Addresses of lower rank are preferred; equal ranks are interleaved by address family. */
    public int rank() {
        return rank;
    }
}
