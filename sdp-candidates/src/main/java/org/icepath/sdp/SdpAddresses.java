// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.Optional;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IpAddress;

/** Connection addresses and ports as SDP writes them (RFC 8866 §5.7, RFC 3605 §2.1). */
final class SdpAddresses {
    /** Where nobody is: the address of a stream that has none yet (RFC 8840 §4.1.1). */
    static final CandidateAddress NOWHERE = CandidateAddress.of("0.0.0.0", 9);

    private SdpAddresses() {}

    /**
     * The address of {@code IN IP4 192.0.2.1}; what follows a slash (TTL, number of addresses) is dropped.
     *
     * @throws SdpParseException if it is no such address
     */
    static CandidateAddress connection(String value, int port) {
        String[] parts = value.strip().split("[ \t]+", -1);
        if (parts.length != 3 || !parts[0].equals("IN") || !(parts[1].equals("IP4") || parts[1].equals("IP6"))) {
            throw new SdpParseException("not IN, IP4 or IP6, and an address");
        }
        int slash = parts[2].indexOf('/');
        return address(slash < 0 ? parts[2] : parts[2].substring(0, slash), port);
    }

    static CandidateAddress address(String host, int port) {
        try {
            return CandidateAddress.of(host, port);
        } catch (IllegalArgumentException e) {
            throw new SdpParseException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * The RTCP destination of {@code 53020} or {@code 53020 IN IP4 192.0.2.1}.
     *
     * @param fallback whose host counts where the attribute names none
     */
    static Optional<CandidateAddress> rtcp(String value, Optional<CandidateAddress> fallback) {
        String[] parts = value.split("[ \t]+", 2);
        int port = port(parts[0]);
        return parts.length == 1
                ? fallback.map(address -> address.withPort(port))
                : Optional.of(connection(parts[1], port));
    }

    static int port(String text) {
        return (int) number("port", text, 0, 65535);
    }

    /** A decimal number without sign; leading zeros are harmless. */
    static long number(String what, String text, long min, long max) {
        boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long value = digits ? Long.parseLong(text) : -1;
        if (value < min || value > max) {
            throw new SdpParseException(what + " is not a number from " + min + " to " + max);
        }
        return value;
    }

    /** {@code IN IP4 192.0.2.1}. A name is written as IP4, which a resolver does not care about. */
    static String format(CandidateAddress address) {
        boolean ipv6 = address instanceof IpAddress ip && ip.isIpv6();
        return (ipv6 ? "IN IP6 " : "IN IP4 ") + address.host();
    }
}
