// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

/** How far a STUN or TURN server has to be looked for, given what its URI leaves open (RFC 8489 §8, RFC 5928 §3). */
public enum Discovery {
    /** It is where the URI says: there is a port, or an address, and for a TURN server the transport. */
    NONE,
    /** A TURN server is where the URI says, by a transport that it leaves open: those of its scheme are tried one after the other. */
    TRANSPORT,
    /** The port is open, the transport is not: by SRV, else at the default port. */
    SERVICE,
    /** Port and transport of a TURN server are open: by S-NAPTR, else by SRV for each transport, else at the default port by each. */
    NAMING
}
