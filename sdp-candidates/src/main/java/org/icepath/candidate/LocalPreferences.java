// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Local preferences: which of several addresses of one type comes first (RFC 8445 §5.1.2.2, RFC 8421, RFC 6544 §4.2). */
public final class LocalPreferences {
    /** The preference of the first address, and of the only one (RFC 8445 §5.1.2.1). */
    public static final int MAX = 65535;

    /** Largest {@code other-pref} of RFC 6544 §4.2, 2^13 - 1. Every TCP preference lies below the 8192 best of UDP. */
    private static final int MAX_OTHER = 8191;

    private static final int OF_ONE_RANK = 1024;

    private LocalPreferences() {}

    /**
     * Orders addresses, best first: by {@link InterfaceKind#rank()}, then by the dual-stack rule of RFC 8421 §4. The order
     * within one family is kept, so the caller may sort by RFC 6724 before.
     *
     * <p>RFC 8421 puts {@code (N4 + N6) / N4} IPv6 addresses before each of the IPv4 addresses, so that a broken IPv6 path
     * costs a few checks and not all of them.
     *
     * @param addresses in the order in which addresses of one family and kind are preferred
     */
    public static List<LocalAddress> order(List<LocalAddress> addresses) {
        Map<Integer, List<LocalAddress>> byRank = new TreeMap<>();
        for (LocalAddress address : addresses) {
            byRank.computeIfAbsent(address.kind().rank(), rank -> new ArrayList<>())
                    .add(address);
        }
        List<LocalAddress> ordered = new ArrayList<>(addresses.size());
        byRank.values().forEach(group -> interleave(group, ordered));
        return Collections.unmodifiableList(ordered);
    }

    private static void interleave(List<LocalAddress> group, List<LocalAddress> ordered) {
        Deque<LocalAddress> ipv6 = new ArrayDeque<>();
        Deque<LocalAddress> ipv4 = new ArrayDeque<>();
        group.forEach(address -> (address.isIpv6() ? ipv6 : ipv4).add(address));
        int headStart = ipv4.isEmpty() ? ipv6.size() : group.size() / ipv4.size();
        while (!ipv4.isEmpty() || !ipv6.isEmpty()) {
            for (int i = 0; i < headStart && !ipv6.isEmpty(); i++) {
                ordered.add(ipv6.remove());
            }
            if (!ipv4.isEmpty()) {
                ordered.add(ipv4.remove());
            }
        }
    }

    /**
     * The local preference of each address for UDP: 65535 for the first of {@link #order}, one less for each that follows,
     * so that no two are equal. Addresses of each further {@link InterfaceKind#rank()} begin 1024 below those of the rank before, which
     * leaves room for better ones that appear later. In iteration order: best first.
     *
     * @throws IllegalArgumentException if there are more than 1024 addresses of one rank
     */
    public static Map<InetAddress, Integer> assign(List<LocalAddress> addresses) {
        return assign(addresses, Map.of());
    }

    /**
     * The same where some addresses have their preferences already, because their candidates were told: they keep them, and the
     * others get the best that are free in their rank.
     *
     * @param standing preferences that {@link #assign} gave before
     * @return those of {@code addresses} alone
     * @throws IllegalArgumentException if there are more than 1024 addresses of one rank
     */
    public static Map<InetAddress, Integer> assign(List<LocalAddress> addresses, Map<InetAddress, Integer> standing) {
        Map<InetAddress, Integer> preferences = new LinkedHashMap<>();
        Set<Integer> taken = new HashSet<>(standing.values());
        for (LocalAddress local : order(addresses)) {
            Integer known = standing.get(local.address());
            preferences.putIfAbsent(local.address(), known == null ? free(local.kind(), taken) : known);
            taken.add(preferences.get(local.address()));
        }
        return Collections.unmodifiableMap(preferences);
    }

    private static int free(InterfaceKind kind, Set<Integer> taken) {
        int first = MAX - kind.rank() * OF_ONE_RANK;
        for (int preference = first; preference > first - OF_ONE_RANK; preference--) {
            if (!taken.contains(preference)) {
                return preference;
            }
        }
        throw new IllegalArgumentException("more than " + OF_ONE_RANK + " local addresses of one rank");
    }

    /**
     * The local preference of a TCP candidate: {@code 2^13 * direction-pref + other-pref} (RFC 6544 §4.2). It lies below the
     * UDP preference of every address, so UDP wins within one candidate type.
     *
     * @param type the candidate type; the best direction differs for reflexive ones
     * @param transport a TCP transport
     * @param udpPreference what {@link #assign} gave the candidate's base address, 57344 to 65535
     * @throws IllegalArgumentException if the transport is not TCP or the preference is out of range
     */
    public static int tcp(CandidateType type, TransportType transport, int udpPreference) {
        int other = udpPreference - (MAX - MAX_OTHER);
        if (other < 0 || other > MAX_OTHER) {
            throw new IllegalArgumentException("local preference " + udpPreference + " is not in 57344 to 65535");
        }
        return (directionPreference(type, transport.tcpType()) << 13) + other;
    }

    private static int directionPreference(CandidateType type, TcpType tcpType) {
        boolean reflexive = type == CandidateType.SERVER_REFLEXIVE || type == CandidateType.PEER_REFLEXIVE;
        return switch (tcpType) {
            case ACTIVE -> reflexive ? 4 : 6;
            case PASSIVE -> reflexive ? 2 : 4;
            case SIMULTANEOUS_OPEN -> reflexive ? 6 : 2;
            case NONE -> throw new IllegalArgumentException("not a TCP transport");
        };
    }
}
