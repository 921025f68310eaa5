// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

/** How far a STUN or TURN server has to be looked for, given what its URI leaves open (RFC 8489 §8, RFC 5928 §3). */
public enum Discovery {
    /** It is where the URI says: there is a port, or an address. */
    NONE,
    /** The port is open, the transport is not: by SRV, else at the default port. */
    SERVICE,
    /** Port and transport of a TURN server are open: by S-NAPTR, else by SRV for each transport, else at the defaults. */
    NAMING
}
