// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.util.List;
import java.util.Locale;

/** What an interface probably is, guessed from its name, which is all that the JDK tells. */
public enum InterfaceKind {
    /** A wire. */
    ETHERNET(List.of("eth", "en", "em", "p1p", "p2p", "bond", "ethernet")),
    /** A wireless LAN. */
    WLAN(List.of("wl", "ath", "wi-fi", "wifi", "ra")),
    /** A mobile network. */
    CELLULAR(List.of("wwan", "rmnet", "pdp_ip", "ccmni")),
    /** A tunnel to somewhere else, most likely a VPN. */
    VPN(List.of("tun", "tap", "wg", "ppp", "utun", "ipsec", "gpd", "cscotun", "nordlynx", "proton", "tailscale", "zt")),
    /** A bridge or pair of virtual ends on this machine: containers and virtual machines. */
    VIRTUAL(List.of("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "cni", "lxc", "lxd")),
    /** The loopback interface. */
    LOOPBACK(List.of("lo")),
    /** Nothing in the name says what it is. */
    OTHER(List.of());

    private final List<String> prefixes;

    InterfaceKind(List<String> prefixes) {
        this.prefixes = prefixes;
    }

    /**
     * What an interface of this name probably is.
     *
     * @param name the system's name, {@code eth0}
     * @param displayName the name for people where the system has one, {@code Intel Wi-Fi}, else the same
     */
    public static InterfaceKind guess(String name, String displayName) {
        String text = displayName.toLowerCase(Locale.ROOT);
        if (text.contains("vpn") || text.contains("wireguard") || text.contains("tap-windows")) {
            return VPN;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("vpn")) {
            return VPN;
        }
        for (InterfaceKind kind : values()) {
            if (kind.prefixes.stream().anyMatch(lower::startsWith)) {
                return kind;
            }
        }
        return text.contains("wi-fi") || text.contains("wireless") ? WLAN : OTHER;
    }
}
