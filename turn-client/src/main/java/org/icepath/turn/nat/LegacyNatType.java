// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

/** The names of RFC 3489 §5, which people still use though NATs fit them badly (RFC 5389 §2). */
public enum LegacyNatType {
    UDP_BLOCKED("UDP blocked"),
    OPEN_INTERNET("open Internet"),
    SYMMETRIC_FIREWALL("symmetric UDP firewall"),
    FULL_CONE("full cone"),
    RESTRICTED_CONE("restricted cone"),
    PORT_RESTRICTED_CONE("port restricted cone"),
    SYMMETRIC("symmetric"),
    UNKNOWN("unknown");

    private final String text;

    LegacyNatType(String text) {
        this.text = text;
    }

    /** The name that answers to what was found. */
    static LegacyNatType of(boolean translated, NatDependence mapping, NatDependence filtering) {
        if (mapping == NatDependence.UNKNOWN || filtering == NatDependence.UNKNOWN) {
            return UNKNOWN;
        }
        if (!translated) {
            return filtering == NatDependence.ENDPOINT_INDEPENDENT ? OPEN_INTERNET : SYMMETRIC_FIREWALL;
        }
        if (mapping != NatDependence.ENDPOINT_INDEPENDENT) {
            return SYMMETRIC;
        }
        return switch (filtering) {
            case ENDPOINT_INDEPENDENT -> FULL_CONE;
            case ADDRESS_DEPENDENT -> RESTRICTED_CONE;
            case ADDRESS_AND_PORT_DEPENDENT -> PORT_RESTRICTED_CONE;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** As people write it. */
    @Override
    public String toString() {
        return text;
    }
}
