// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

/**
 * How a router translates (RFC 4787). Both kinds let in only what was written to before from the same mapping.
 */
enum NatKind {
    /** One outside port for each inside port: what homes have. */
    PORT_RESTRICTED("port-restricted NAT"),
    /** Another outside port for each destination: what enterprises have. */
    SYMMETRIC("symmetric NAT");

    private final String label;

    NatKind(String label) {
        this.label = label;
    }

    @Override
    public String toString() {
        return label;
    }
}
