// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import org.icepath.candidate.InterfaceKind;

/** What a scan of this machine says of an interface, in the terms of candidate preferences. */
final class InterfaceKinds {

    private InterfaceKinds() {}

    static InterfaceKind of(org.icepath.net.InterfaceKind scanned) {
        return switch (scanned) {
            case ETHERNET -> InterfaceKind.WIRED;
            case WLAN -> InterfaceKind.WIRELESS;
            case CELLULAR -> InterfaceKind.CELLULAR;
            case VPN -> InterfaceKind.VPN;
            case VIRTUAL, LOOPBACK, OTHER -> InterfaceKind.UNKNOWN;
        };
    }

    /** The other way round: as a scan would say it. */
    static org.icepath.net.InterfaceKind scanned(InterfaceKind kind) {
        return switch (kind) {
            case WIRED -> org.icepath.net.InterfaceKind.ETHERNET;
            case WIRELESS -> org.icepath.net.InterfaceKind.WLAN;
            case CELLULAR -> org.icepath.net.InterfaceKind.CELLULAR;
            case VPN -> org.icepath.net.InterfaceKind.VPN;
            case UNKNOWN -> org.icepath.net.InterfaceKind.OTHER;
        };
    }
}
