// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateAddressTest {
    // RFC 5952 §4: lower case, no leading zeros, the longest run of zeros once, the first of equal runs
    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1::8, 1::8",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::FFFF:C000:0201, 192.0.2.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "fe80::1%eth0, fe80::1",
        "fe80::1%25, fe80::1",
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
    })
    void literalsBecomeCanonical(String written, String canonical) {
        CandidateAddress address = CandidateAddress.of(written, 5000);

        assertThat(address).isInstanceOf(IpAddress.class);
        assertThat(address.host()).isEqualTo(canonical);
        assertThat(address.socketAddress()).hasValueSatisfying(socket -> {
            assertThat(socket.isUnresolved()).isFalse();
            assertThat(socket.getPort()).isEqualTo(5000);
        });
    }

    // what inet_aton reads as an address must not pass a filter as a name; the rest is no literal at all
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "1.2.3.256",
                "1.2.3.04",
                "1.2.3.4.5",
                "",
                ".",
                "..",
                "a..b",
                "-.4",
                "1.2.3.",
                "1::2::3",
                ":1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                "12345::",
                "::1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "g::",
                "a b",
                "a\tb",
                "a/b",
                "[::1]",
                "::１",
                "１.2.3.4",
                "a@b",
                "ü.example",
                "%eth0",
                ":",
                ":::"
            })
    void whatIsNeitherLiteralNorNameIsRefused(String text) {
        assertThatThrownBy(() -> CandidateAddress.of(text, 5000)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesStayNames() {
        CandidateAddress name = CandidateAddress.of("Media.Example.NET", 5000);

        assertThat(name).isEqualTo(new NamedAddress("media.example.net", 5000));
        assertThat(name.socketAddress()).isEmpty();
        assertThat(name.withPort(1).port()).isEqualTo(1);
        assertThat(((NamedAddress) name).isMulticastDns()).isFalse();
    }

    @Test
    void dotLocalNamesAreMulticastDns() {
        CandidateAddress name = CandidateAddress.of("1f4712db-ea17-4bcf-a596-105139dfd8bf.local", 5000);

        assertThat(name).isInstanceOfSatisfying(NamedAddress.class, n -> assertThat(n.isMulticastDns())
                .isTrue());
    }

    @Test
    void unresolvedSocketAddressesStayNames() {
        assertThat(CandidateAddress.of(InetSocketAddress.createUnresolved("host.example", 7)))
                .isEqualTo(new NamedAddress("host.example", 7));
    }

    @Test
    void zoneAndHostNameOfAnInetAddressAreForgotten() throws UnknownHostException {
        byte[] linkLocal = new byte[16];
        linkLocal[0] = (byte) 0xFE;
        linkLocal[1] = (byte) 0x80;
        linkLocal[15] = 1;
        InetAddress scoped = Inet6Address.getByAddress("named", linkLocal, 3);

        IpAddress address = new IpAddress(scoped, 1);

        assertThat(((Inet6Address) address.ip()).getScopeId()).isZero();
        assertThat(address.ip().toString()).startsWith("/");
        assertThat(address).hasToString("[fe80::1]:1");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void portsOutsideTheirRangeAreRefused(int port) {
        assertThatThrownBy(() -> CandidateAddress.of("192.0.2.1", port)).hasMessageContaining("" + port);
        assertThatThrownBy(() -> CandidateAddress.of("a.example", port)).hasMessageContaining("" + port);
    }

    @Test
    void everyAddressSurvivesItsText() throws UnknownHostException {
        Random random = new Random(5952);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            for (int group = 0; group + 1 < bytes.length && bytes.length == 16; group += 2) {
                if (random.nextBoolean()) {
                    bytes[group] = 0;
                    bytes[group + 1] = (byte) random.nextInt(2);
                }
            }
            InetAddress ip = InetAddress.getByAddress(bytes);

            IpAddress written = new IpAddress(ip, 1);

            assertThat(CandidateAddress.of(written.host(), 1)).isEqualTo(written);
            // the JDK is the second opinion; it reads literals only here
            assertThat(InetAddress.getByName(written.host())).isEqualTo(ip);
            assertThat(ip instanceof Inet4Address).isEqualTo(!written.isIpv6());
        }
    }
}
