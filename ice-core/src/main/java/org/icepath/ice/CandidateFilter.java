// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Objects;
import java.util.function.Predicate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.IpAddress;

/**
 * Which of our candidates may be told to the peer and used. A candidate must be admitted by all filters of a configuration.
 *
 * @param description how a report names it: "relay only"
 * @param admits a pure function
 */
public record CandidateFilter(String description, Predicate<CandidateFacts> admits) {

    public CandidateFilter {
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(admits, "admits");
    }

    /** Nothing but relayed candidates: the peer learns no address of ours (RFC 8828 §5.2, mode 4). */
    public static CandidateFilter relayOnly() {
        return new CandidateFilter("relay only", facts -> facts.type() == CandidateType.RELAYED);
    }

    /** No host candidates; reflexive and relayed ones stay. */
    public static CandidateFilter noHost() {
        return new CandidateFilter("no host candidates", facts -> facts.type() != CandidateType.HOST);
    }

    /** Nothing over the interface of this name. */
    public static CandidateFilter noInterface(String name) {
        Objects.requireNonNull(name, "name");
        return new CandidateFilter(
                "not over " + name, facts -> !facts.interfaceName().equals(name));
    }

    /** Nothing over an interface that looks like a tunnel. */
    public static CandidateFilter noVpn() {
        return new CandidateFilter("not over a VPN", facts -> facts.interfaceKind() != InterfaceKind.VPN);
    }

    /** UDP alone. */
    public static CandidateFilter udpOnly() {
        return new CandidateFilter("UDP only", facts -> facts.transport().isUdp());
    }

    /** TCP alone. */
    public static CandidateFilter tcpOnly() {
        return new CandidateFilter("TCP only", facts -> facts.transport().isTcp());
    }

    /** IPv4 alone, at our end and at that of a relay. */
    public static CandidateFilter ipv4Only() {
        return new CandidateFilter(
                "IPv4 only",
                facts -> facts.baseAddress() instanceof Inet4Address && facts.address() instanceof Inet4Address);
    }

    /** IPv6 alone, at our end and at that of a relay. */
    public static CandidateFilter ipv6Only() {
        return new CandidateFilter(
                "IPv6 only",
                facts -> facts.baseAddress() instanceof Inet6Address && facts.address() instanceof Inet6Address);
    }

    /**
     * Only from local addresses within a range.
     *
     * @param network any address of the range
     * @param prefixLength how many leading bits are compared, 0 to 32 or 128
     * @throws IllegalArgumentException outside that range
     */
    public static CandidateFilter within(InetAddress network, int prefixLength) {
        Predicate<InetAddress> inside = inside(network, prefixLength);
        return new CandidateFilter(
                "within " + IpAddress.format(network) + "/" + prefixLength, facts -> inside.test(facts.baseAddress()));
    }

    /**
     * No relay while on the intranet: from local addresses within a range no relayed candidates. A peer outside of the intranet is then
     * called by a direct path or not at all; a relay is never used in place of a direct path anyway ({@link PathRanking#standard}).
     *
     * @param network any address of the range
     * @param prefixLength how many leading bits are compared, 0 to 32 or 128
     * @throws IllegalArgumentException outside that range
     */
    public static CandidateFilter noRelayWithin(InetAddress network, int prefixLength) {
        Predicate<InetAddress> inside = inside(network, prefixLength);
        return new CandidateFilter(
                "no relay within " + IpAddress.format(network) + "/" + prefixLength,
                facts -> facts.type() != CandidateType.RELAYED || !inside.test(facts.baseAddress()));
    }

    private static Predicate<InetAddress> inside(InetAddress network, int prefixLength) {
        Objects.requireNonNull(network, "network");
        int bits = network.getAddress().length * 8;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException("prefix length " + prefixLength + ", expected 0 to " + bits);
        }
        byte[] prefix = network.getAddress();
        return address -> sharesPrefix(prefix, address.getAddress(), prefixLength);
    }

    private static boolean sharesPrefix(byte[] prefix, byte[] address, int bits) {
        if (prefix.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if (((prefix[bit / 8] ^ address[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
