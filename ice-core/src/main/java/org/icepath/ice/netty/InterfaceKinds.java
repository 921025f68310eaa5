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
}
