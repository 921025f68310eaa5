// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The parts of a {@code stun}, {@code stuns}, {@code turn} or {@code turns} URI (RFC 7064 §3.1, RFC 7065 §3.1).
 *
 * @param secure whether the scheme ends in s
 * @param host without brackets
 * @param port if the text has one
 * @param transport the value of {@code ?transport=}, in lower case
 */
record ServerUri(boolean secure, String host, OptionalInt port, Optional<String> transport) {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_HOST_CHARS = 255;
    private static final String TRANSPORT = "transport=";

    /**
     * Reads a URI of a scheme, or {@code host[:port]} alone.
     *
     * @param scheme without the s
     */
    static ServerUri parse(String text, String scheme) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean secure = lower.startsWith(scheme + "s:");
        String rest = text;
        if (secure || lower.startsWith(scheme + ":")) {
            rest = text.substring(text.indexOf(':') + 1);
        } else if (lower.matches("(stuns?|turns?|https?):.*")) {
            throw fault(text, "the scheme is not " + scheme + " or " + scheme + "s");
        }
        if (rest.startsWith("//")) {
            throw fault(text, "there are no slashes after the scheme");
        }
        int question = rest.indexOf('?');
        String authority = question < 0 ? rest : rest.substring(0, question);
        Optional<String> transport =
                question < 0 ? Optional.empty() : Optional.of(transport(text, rest.substring(question + 1)));
        return ofAuthority(text, secure, authority, transport);
    }

    private static ServerUri ofAuthority(String text, boolean secure, String authority, Optional<String> transport) {
        String host = authority;
        String port = "";
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']');
            if (end < 0) {
                throw fault(text, "the bracket of the IPv6 address is not closed");
            }
            host = authority.substring(1, end);
            if (!mayBeIpv6(host)) {
                throw fault(text, "what stands in brackets is no IPv6 address");
            }
            port = portAfter(text, authority.substring(end + 1));
        } else if (authority.indexOf(':') == authority.lastIndexOf(':') && authority.indexOf(':') >= 0) {
            host = authority.substring(0, authority.indexOf(':'));
            port = portAfter(text, authority.substring(authority.indexOf(':')));
        } else if (authority.indexOf(':') >= 0 && !mayBeIpv6(authority)) {
            throw fault(text, "there is more than one port, or an IPv6 address that is none");
        }
        try {
            checkHost(host);
            return new ServerUri(secure, host, port.isEmpty() ? OptionalInt.empty() : number(text, port), transport);
        } catch (IllegalArgumentException e) {
            throw fault(text, String.valueOf(e.getMessage()));
        }
    }

    /** As far as a typing error would show: two colons at least, and at most four digits between them (RFC 4291 §2.2). */
    private static boolean mayBeIpv6(String host) {
        return host.matches("(?:[0-9A-Fa-f]{0,4}:){2,8}(?:[0-9A-Fa-f]{0,4}|[0-9.]{7,15})(?:%.+)?");
    }

    private static String portAfter(String text, String rest) {
        if (rest.isEmpty()) {
            return "";
        }
        if (!rest.startsWith(":")) { // nothing after it is as no port at all (RFC 3986 §3.2.3, §6.2.3)
            throw fault(text, "what follows the host is not a port");
        }
        return rest.substring(1);
    }

    private static OptionalInt number(String text, String port) {
        if (!port.matches("[0-9]{1,5}")) {
            throw fault(text, "the port is not a number");
        }
        return OptionalInt.of(checkPort(Integer.parseInt(port)));
    }

    private static String transport(String text, String query) {
        if (!query.toLowerCase(Locale.ROOT).startsWith(TRANSPORT) || query.length() == TRANSPORT.length()) {
            throw fault(text, "only ?transport=… may follow");
        }
        return query.substring(TRANSPORT.length()).toLowerCase(Locale.ROOT);
    }

    private static IllegalArgumentException fault(String text, String complaint) {
        return new IllegalArgumentException("\"" + text + "\": " + complaint);
    }

    static void checkHost(String host) {
        if (host.isEmpty() || host.length() > MAX_HOST_CHARS) {
            throw new IllegalArgumentException("a host has 1 to 255 characters, this one " + host.length());
        }
        if (!host.chars().allMatch(c -> c > ' ' && c != 0x7F && "/?#@[]\"\\".indexOf(c) < 0)) {
            throw new IllegalArgumentException("the host has a character that no host has");
        }
    }

    static int checkPort(int port) {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + ", expected 1 to " + MAX_PORT);
        }
        return port;
    }

    /** Whether the host is an address and not a name. */
    private boolean isLiteral() {
        return host.indexOf(':') >= 0 || host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    }

    /** Whether nothing is left to be looked for but addresses (RFC 8489 §8, RFC 5928 §3). */
    boolean isComplete() {
        return port.isPresent() || isLiteral();
    }

    int defaultPort() {
        return secure ? StunServer.DEFAULT_TLS_PORT : StunServer.DEFAULT_PORT;
    }

    static String authority(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
