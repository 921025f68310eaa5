// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * A domain name, or an mDNS name under {@code .local}, and a port. It stays a name until the application resolves it.
 *
 * @param name letters, digits, hyphens, underscores and dots, in lower case; cannot be taken for an IP literal
 * @param port 0 to 65535
 */
public record NamedAddress(String name, int port) implements CandidateAddress {
    /** RFC 1035 §2.3.4. */
    private static final int MAX_NAME = 253;

    private static final int MAX_LABEL = 63;

    /** @throws IllegalArgumentException if this is no name, or one that some resolvers read as an IP address */
    public NamedAddress {
        Ports.require(port);
        name = name.toLowerCase(Locale.ROOT);
        requireName(name);
    }

    /** Whether only multicast DNS can resolve it (RFC 6762). */
    public boolean isMulticastDns() {
        return name.endsWith(".local");
    }

    @Override
    public String host() {
        return name;
    }

    @Override
    public Optional<InetSocketAddress> socketAddress() {
        return Optional.empty();
    }

    @Override
    public NamedAddress withPort(int newPort) {
        return new NamedAddress(name, newPort);
    }

    @Override
    public String toString() {
        return name + ":" + port;
    }

    private static void requireName(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("neither an IP address nor a name: " + name.length() + " characters");
        }
        String[] labels = name.split("\\.", -1);
        int last = labels[labels.length - 1].isEmpty() && labels.length > 1 ? labels.length - 2 : labels.length - 1;
        for (int i = 0; i <= last; i++) {
            if (!isLabel(labels[i])) {
                throw new IllegalArgumentException("neither an IP address nor a name: " + name);
            }
        }
        // "127.1", "0x7f000001" and "2130706433" are loopback to inet_aton: no filter may be passed that way
        if (isNumber(labels[last])) {
            throw new IllegalArgumentException("a malformed IPv4 address: " + name);
        }
    }

    private static boolean isLabel(String label) {
        if (label.isEmpty() || label.length() > MAX_LABEL) {
            return false;
        }
        return label.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
    }

    private static boolean isNumber(String label) {
        return label.chars().allMatch(c -> c >= '0' && c <= '9') || label.matches("0x[0-9a-f]*");
    }
}
