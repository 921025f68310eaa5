// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * IP literals to addresses and back, without {@link InetAddress#getByName}, which asks DNS about whatever it does not
 * recognise and accepts shorthand such as {@code 127.1}.
 */
final class IpLiterals {
    private IpLiterals() {}

    /** The address, or empty if the text is not a full IPv4 or IPv6 literal. A zone is accepted and dropped. */
    static Optional<InetAddress> parse(String text) {
        byte @Nullable [] bytes = text.indexOf(':') < 0 ? ipv4(text) : ipv6(withoutZone(text));
        return bytes == null ? Optional.empty() : Optional.of(address(bytes));
    }

    /** The same address without name and zone; IPv4-mapped becomes IPv4. */
    static InetAddress canonical(InetAddress address) {
        return address(address.getAddress());
    }

    /** Dotted IPv4, or IPv6 as RFC 5952 wants it. */
    static String format(InetAddress address) {
        return address instanceof Inet6Address ? formatIpv6(address.getAddress()) : address.getHostAddress();
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not 4 or 16 bytes: " + bytes.length, e);
        }
    }

    private static String withoutZone(String text) {
        int percent = text.indexOf('%');
        return percent < 0 ? text : text.substring(0, percent);
    }

    private static byte @Nullable [] ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            int value = number(parts[i], 3, 10);
            // a leading zero means octal to some readers: refuse what two hosts could read differently
            if (value < 0 || value > 255 || (parts[i].length() > 1 && parts[i].charAt(0) == '0')) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte @Nullable [] ipv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text);
            return all != null && all.length == 16 ? all : null;
        }
        byte[] head = groups(text.substring(0, gap));
        byte[] tail = groups(text.substring(gap + 2));
        if (head == null || tail == null || head.length + tail.length > 14 || endsInIpv4(text, gap)) {
            return null;
        }
        byte[] bytes = new byte[16];
        System.arraycopy(head, 0, bytes, 0, head.length);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    /** Whether dots come before the gap: only the last 32 bits may be written as IPv4. */
    private static boolean endsInIpv4(String text, int gap) {
        return text.lastIndexOf('.', gap) >= 0;
    }

    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        boolean ipv4Tail = parts[parts.length - 1].indexOf('.') >= 0;
        int length = parts.length * 2 + (ipv4Tail ? 2 : 0);
        if (length > 16) {
            return null;
        }
        byte[] bytes = new byte[length];
        int groups = ipv4Tail ? parts.length - 1 : parts.length;
        for (int i = 0; i < groups; i++) {
            int value = number(parts[i], 4, 16);
            if (value < 0) {
                return null;
            }
            bytes[2 * i] = (byte) (value >> 8);
            bytes[2 * i + 1] = (byte) value;
        }
        return ipv4Tail ? withIpv4Tail(bytes, parts[groups]) : bytes;
    }

    private static byte @Nullable [] withIpv4Tail(byte[] bytes, String tail) {
        byte[] ipv4 = ipv4(tail);
        if (ipv4 == null) {
            return null;
        }
        System.arraycopy(ipv4, 0, bytes, bytes.length - 4, 4);
        return bytes;
    }

    private static int number(String text, int maxDigits, int radix) {
        if (text.isEmpty() || text.length() > maxDigits) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }

    private static String formatIpv6(byte[] bytes) {
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = zeroGroups(bytes, i);
            if (run > gapLength) {
                gapStart = i;
                gapLength = run;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(bytes, i)));
        }
        return text.toString();
    }

    private static int zeroGroups(byte[] bytes, int from) {
        int to = from;
        while (to < 8 && group(bytes, to) == 0) {
            to++;
        }
        return to - from;
    }

    private static int group(byte[] bytes, int index) {
        return (bytes[2 * index] & 0xFF) << 8 | (bytes[2 * index + 1] & 0xFF);
    }
}
