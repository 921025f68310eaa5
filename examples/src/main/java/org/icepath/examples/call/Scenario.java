// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.Locale;

/** What stands between the two phones. */
enum Scenario {
    /** Nothing: both are on one LAN, and no packet needs a relay. */
    LAN("Both phones are on one LAN."),

    /** Two homes; a firewall keeps the direct path shut until after the call is answered. */
    HOME("Two homes, each behind a port-restricted NAT. A firewall between them opens during the call."),

    /** A home and an enterprise, between whose NATs no direct path can exist. */
    ENTERPRISE("A home behind a port-restricted NAT, an enterprise behind a symmetric one."),

    /** Two homes that nothing connects: the firewall stays shut and there is no relay. */
    NO_PATH("Two homes, each behind a port-restricted NAT. A firewall between them stays shut, and there is no relay.");

    private final String story;

    Scenario(String story) {
        this.story = story;
    }

    /** The situation in a sentence or two. */
    String story() {
        return story;
    }

    /** Whether the phones have routers before them. */
    boolean behindRouters() {
        return this != LAN;
    }

    /** Whether a TURN server is on offer. */
    boolean hasRelay() {
        return this != NO_PATH;
    }

    /** Whether the firewall opens during the call. */
    boolean opens() {
        return this == HOME;
    }

    /** Whether a call comes about at all. */
    boolean connects() {
        return this != NO_PATH;
    }

    /** As it stands on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
