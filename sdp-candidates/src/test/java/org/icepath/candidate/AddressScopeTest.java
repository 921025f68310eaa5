// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressScopeTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, UNSPECIFIED",
        "0.1.2.3, UNSPECIFIED",
        "::, UNSPECIFIED",
        "127.0.0.1, LOOPBACK",
        "127.255.0.1, LOOPBACK",
        "::1, LOOPBACK",
        "::ffff:127.0.0.1, LOOPBACK",
        "64:ff9b::127.0.0.1, LOOPBACK",
        "::127.0.0.1, LOOPBACK",
        "2002:7f00:0001::1, LOOPBACK",
        "169.254.1.1, LINK_LOCAL",
        "fe80::1, LINK_LOCAL",
        "10.0.0.5, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.1, GLOBAL",
        "192.168.1.1, PRIVATE",
        "64:ff9b::10.0.0.1, PRIVATE",
        "fd00::1, PRIVATE",
        "fc00::1, PRIVATE",
        "fec0::1, PRIVATE",
        "100.64.0.1, CARRIER_NAT",
        "100.127.255.255, CARRIER_NAT",
        "100.128.0.1, GLOBAL",
        "224.0.0.1, MULTICAST",
        "255.255.255.255, MULTICAST",
        "ff02::1, MULTICAST",
        "203.0.113.1, GLOBAL",
        "2001:db8::1, GLOBAL",
        "64:ff9b::203.0.113.1, GLOBAL",
    })
    void scopeFollowsTheAddressThatCarriesThePackets(String host, AddressScope scope) {
        IpAddress address = (IpAddress) CandidateAddress.of(host, 1);

        assertThat(AddressScope.of(address.ip())).isEqualTo(scope);
    }
}
