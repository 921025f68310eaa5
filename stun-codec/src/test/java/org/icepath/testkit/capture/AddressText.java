// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** IP addresses as text; IPv6 in the canonical form of RFC 5952 §4, which Java does not print. */
final class AddressText {

    private static final int GROUPS = 8;

    private AddressText() {}

    static String of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = IntStream.range(0, GROUPS)
                .map(i -> StunForm.uint16(bytes, 2 * i))
                .toArray();
        int start = 0;
        int length = 0;
        for (int i = 0; i < GROUPS; i++) {
            int zeros = zerosFrom(groups, i);
            if (zeros > length) {
                start = i;
                length = zeros;
            }
        }
        return length < 2
                ? join(groups, 0, GROUPS)
                : join(groups, 0, start) + "::" + join(groups, start + length, GROUPS);
    }

    private static int zerosFrom(int[] groups, int start) {
        int end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end - start;
    }

    private static String join(int[] groups, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Integer.toHexString(groups[i]))
                .collect(Collectors.joining(":"));
    }
}
