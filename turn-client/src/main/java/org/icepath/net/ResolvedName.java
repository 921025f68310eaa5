// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a name stands for, in each address family.
 *
 * @param name as it was asked for
 * @param ipv4 its A records in the order of the answer; empty if there are none or no answer came in time
 * @param ipv6 its AAAA records likewise
 * @param problems why a family has no addresses, in words, at most one line for each family
 */
public record ResolvedName(String name, List<InetAddress> ipv4, List<InetAddress> ipv6, List<String> problems) {

    public ResolvedName {
        ipv4 = List.copyOf(ipv4);
        ipv6 = List.copyOf(ipv6);
        problems = List.copyOf(problems);
    }

    /**
     * A name that a proxy will look up, since only the proxy's address matters here: the dummy address of IPv4 (RFC 7600 §4.8), and one
     * of IPv6's discard prefix (RFC 6666).
     */
    public static ResolvedName byProxy(String name) {
        return new ResolvedName(name, List.of(literal("192.0.0.8")), List.of(literal("100::8")), List.of());
    }

    private static InetAddress literal(String text) {
        return Objects.requireNonNull(NetUtil.createInetAddressFromIpAddressString(text), text);
    }

    /** All addresses, the families in turn, IPv6 first (RFC 8305 §4). */
    public List<InetAddress> interleaved() {
        List<InetAddress> all = new ArrayList<>(ipv4.size() + ipv6.size());
        for (int i = 0; i < Math.max(ipv4.size(), ipv6.size()); i++) {
            if (i < ipv6.size()) {
                all.add(ipv6.get(i));
            }
            if (i < ipv4.size()) {
                all.add(ipv4.get(i));
            }
        }
        return all;
    }

    /** Whether no address was found at all. */
    public boolean isEmpty() {
        return ipv4.isEmpty() && ipv6.isEmpty();
    }
}
