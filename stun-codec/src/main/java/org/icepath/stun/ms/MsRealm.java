// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

/**
 * A REALM as an Edge sends it: within quotation marks that stand on the wire (seen). What goes into the key is not settled; a client
 * tries the realm without them, and once more with them when that is refused (inferred).
 *
 * @param onTheWire what was received, and is sent back as it is
 */
public record MsRealm(String onTheWire) {

    /** Without one quotation mark at each end. */
    public String unquoted() {
        return isQuoted() ? onTheWire.substring(1, onTheWire.length() - 1) : onTheWire;
    }

    /** Whether there is a second reading to try. */
    public boolean isQuoted() {
        return onTheWire.length() >= 2 && onTheWire.startsWith("\"") && onTheWire.endsWith("\"");
    }
}
