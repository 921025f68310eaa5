// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.topology;

import java.net.InetAddress;

/**
 * A path that carries packets both ways.
 *
 * @param callerAddress the address of the caller's socket, or of the relay that it uses
 * @param calleeAddress likewise
 */
public record WorkingPath(Kind kind, InetAddress callerAddress, InetAddress calleeAddress) {

    /** What is on the path, the best first: what all candidate priorities of RFC 8445 §5.1.2.2 agree upon. */
    public enum Kind {
        /** Nobody's address is translated. */
        DIRECT,
        /** At least one address is. */
        TRANSLATED,
        /** A relay is on the way. */
        ONE_RELAY,
        /** Two are. */
        TWO_RELAYS
    }
}
