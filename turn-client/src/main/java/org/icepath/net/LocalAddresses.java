// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The addresses of this machine that host candidates may have, by the rules of RFC 8445 §5.1.1.1.
 *
 * <p>Scanning asks the operating system and takes milliseconds on machines with many interfaces; it need not run on an event
 * loop. Thread-safe.
 */
public final class LocalAddresses {

    /** Addresses for documents alone (RFC 5737, RFC 3849): mostly no other route than the default one leads there. */
    private static final List<String> STRANGERS = List.of("203.0.113.1", "2001:db8::1");

    private static final int DISCARD = 9;

    private LocalAddresses() {}

    /** The wildcard address of the family of {@code remote}: for a socket that the system shall route. */
    public static InetAddress anyFor(InetAddress remote) {
        String wildcard = remote instanceof Inet6Address ? "::" : "0.0.0.0";
        return Objects.requireNonNull(NetUtil.createInetAddressFromIpAddressString(wildcard));
    }

    /**
     * Scans the interfaces that are up.
     *
     * @param loopback whether loopback addresses are wanted too, as tests on one machine do; RFC 8445 forbids them otherwise
     * @return in the system's order of interfaces
     * @throws IOException if the system does not tell its interfaces
     */
    public static List<LocalAddress> scan(boolean loopback) throws IOException {
        return usable(present(), loopback);
    }

    /**
     * All addresses of the interfaces that are up, whether they may be host candidates or not.
     *
     * @return in the system's order of interfaces
     * @throws IOException if the system does not tell its interfaces
     */
    public static List<LocalAddress> present() throws IOException {
        List<LocalAddress> found = new ArrayList<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            if (each.isUp()) {
                addAddresses(each, found);
            }
        }
        return found;
    }

    /**
     * The addresses that packets to strangers leave from, one of each family: those of the default routes. Nothing is sent to find out.
     *
     * @return none where there is no such route
     */
    public static Set<InetAddress> routed() {
        Set<InetAddress> sources = new HashSet<>();
        for (String stranger : STRANGERS) {
            try (DatagramSocket socket = new DatagramSocket(null)) {
                InetAddress ip = Objects.requireNonNull(NetUtil.createInetAddressFromIpAddressString(stranger));
                socket.connect(new InetSocketAddress(ip, DISCARD));
                sources.add(socket.getLocalAddress());
            } catch (IOException | UncheckedIOException unreachable) {
                continue;
            }
        }
        sources.removeIf(InetAddress::isAnyLocalAddress);
        return sources;
    }

    private static void addAddresses(NetworkInterface each, List<LocalAddress> found) throws IOException {
        String display = each.getDisplayName() == null ? each.getName() : each.getDisplayName();
        InterfaceKind kind = each.isLoopback() ? InterfaceKind.LOOPBACK : InterfaceKind.guess(each.getName(), display);
        for (InterfaceAddress assigned : each.getInterfaceAddresses()) {
            InetAddress address = assigned.getAddress();
            if (address != null) {
                found.add(new LocalAddress(address, each.getName(), kind, assigned.getNetworkPrefixLength()));
            }
        }
    }

    /**
     * Those of {@code all} that RFC 8445 §5.1.1.1 lets be host candidates, in the same order.
     *
     * @param loopback whether loopback addresses stay in
     */
    public static List<LocalAddress> usable(List<LocalAddress> all, boolean loopback) {
        List<LocalAddress> usable =
                all.stream().filter(each -> isUsable(each.address(), loopback)).toList();
        boolean hidesLocation = usable.stream()
                .anyMatch(each -> each.isIpv6()
                        && !each.address().isLinkLocalAddress()
                        && !each.address().isLoopbackAddress()
                        && !each.allowsLocationTracking());
        return usable.stream()
                .filter(each -> !(each.isIpv6() && each.address().isLinkLocalAddress() && hidesLocation))
                .filter(each -> !(each.allowsLocationTracking() && hasPrivateTwin(each, usable)))
                .filter(each -> !(isAutoconfiguredIpv4(each) && hasBetterIpv4(each, usable)))
                .toList();
    }

    private static boolean isUsable(InetAddress address, boolean loopback) {
        if (address.isLoopbackAddress()) {
            return loopback;
        }
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        // Site-local and IPv4-compatible addresses are deprecated (RFC
        // 3879, RFC 4291); the JDK unmaps IPv4-mapped ones itself.
        return !(address instanceof Inet6Address ipv6 && (ipv6.isSiteLocalAddress() || ipv6.isIPv4CompatibleAddress()));
    }

    private static boolean hasPrivateTwin(LocalAddress tracking, List<LocalAddress> all) {
        return all.stream()
                .anyMatch(each -> each.isIpv6()
                        && !each.allowsLocationTracking()
                        && !each.address().isLinkLocalAddress()
                        && each.sharesPrefixWith(tracking));
    }

    // 169.254/16 means that no DHCP server answered (RFC 3927): worth a try only where the interface has nothing else.
    private static boolean isAutoconfiguredIpv4(LocalAddress each) {
        return each.address() instanceof Inet4Address && each.address().isLinkLocalAddress();
    }

    private static boolean hasBetterIpv4(LocalAddress autoconfigured, List<LocalAddress> all) {
        return all.stream()
                .anyMatch(each -> each.address() instanceof Inet4Address
                        && !each.address().isLinkLocalAddress()
                        && each.interfaceName().equals(autoconfigured.interfaceName()));
    }
}
