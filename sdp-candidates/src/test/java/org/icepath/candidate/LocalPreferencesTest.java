// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalPreferencesTest {
    // RFC 8421 §4: two IPv4 and six IPv6 addresses, so one IPv4 address after four IPv6 addresses
    @Test
    void ipv4ComesAfterTheHeadStartOfIpv6() {
        List<LocalAddress> all = wired(
                "192.0.2.1",
                "192.0.2.2",
                "2001:db8::1",
                "2001:db8::2",
                "2001:db8::3",
                "2001:db8::4",
                "2001:db8::5",
                "2001:db8::6");

        assertThat(hosts(LocalPreferences.order(all)))
                .containsExactly(
                        "2001:db8::1",
                        "2001:db8::2",
                        "2001:db8::3",
                        "2001:db8::4",
                        "192.0.2.1",
                        "2001:db8::5",
                        "2001:db8::6",
                        "192.0.2.2");
    }

    @Test
    void moreIpv4ThanIpv6StillPutsOneIpv6First() {
        List<LocalAddress> all = wired("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1");

        assertThat(hosts(LocalPreferences.order(all)))
                .containsExactly("2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3");
    }

    @Test
    void oneFamilyAloneKeepsItsOrder() {
        assertThat(hosts(LocalPreferences.order(wired("192.0.2.9", "192.0.2.1"))))
                .containsExactly("192.0.2.9", "192.0.2.1");
        assertThat(hosts(LocalPreferences.order(wired("2001:db8::9", "2001:db8::1"))))
                .containsExactly("2001:db8::9", "2001:db8::1");
        assertThat(LocalPreferences.order(List.of())).isEmpty();
    }

    @Test
    void vpnComesLastEvenWithIpv6() {
        List<LocalAddress> all = new ArrayList<>();
        all.add(new LocalAddress(ip("2001:db8::1"), InterfaceKind.VPN));
        all.add(new LocalAddress(ip("192.0.2.1"), InterfaceKind.CELLULAR));
        all.add(new LocalAddress(ip("192.0.2.2"), InterfaceKind.WIRELESS));

        assertThat(hosts(LocalPreferences.order(all))).containsExactly("192.0.2.2", "192.0.2.1", "2001:db8::1");
    }

    // RFC 8445 §5.1.2.1: 65535 for the only address; unique where there are several
    @Test
    void preferencesStartAtTheTopAndAreUnique() {
        Map<InetAddress, Integer> preferences = LocalPreferences.assign(wired("192.0.2.1", "2001:db8::1"));

        assertThat(preferences).containsEntry(ip("2001:db8::1"), 65535).containsEntry(ip("192.0.2.1"), 65534);
        assertThat(LocalPreferences.assign(wired("192.0.2.1"))).containsEntry(ip("192.0.2.1"), 65535);
    }

    // RFC 8445 §5.1.2.1: the preference of what was told stays,
    // and a wired interface that comes later is better than a VPN
    @Test
    void anAddressThatAppearsLaterFindsItsPlaceAmongThoseThatStand() {
        LocalAddress vpn = new LocalAddress(ip("10.8.0.1"), InterfaceKind.VPN);
        Map<InetAddress, Integer> standing = LocalPreferences.assign(List.of(vpn));

        List<LocalAddress> all = new ArrayList<>(wired("192.0.2.1", "192.0.2.2"));
        all.add(vpn);
        Map<InetAddress, Integer> preferences = LocalPreferences.assign(all, standing);

        assertThat(preferences).containsEntry(vpn.address(), standing.get(vpn.address()));
        assertThat(preferences.values()).doesNotHaveDuplicates();
        assertThat(preferences.get(ip("192.0.2.2"))).isGreaterThan(standing.get(vpn.address()));
    }

    // these are the priorities of the SDP examples of RFC 6544
    @Test
    void tcpPreferencesGiveThePrioritiesOfTheRfcExample() {
        assertThat(tcp(CandidateType.HOST, TransportType.TCP_ACTIVE)).isEqualTo(2128609279L);
        assertThat(tcp(CandidateType.HOST, TransportType.TCP_PASSIVE)).isEqualTo(2124414975L);
        assertThat(tcp(CandidateType.HOST, TransportType.TCP_SIMULTANEOUS_OPEN)).isEqualTo(2120220671L);
        assertThat(tcp(CandidateType.SERVER_REFLEXIVE, TransportType.TCP_ACTIVE))
                .isEqualTo(1688207359L);
        assertThat(tcp(CandidateType.SERVER_REFLEXIVE, TransportType.TCP_PASSIVE))
                .isEqualTo(1684013055L);
        assertThat(tcp(CandidateType.SERVER_REFLEXIVE, TransportType.TCP_SIMULTANEOUS_OPEN))
                .isEqualTo(1692401663L);
    }

    private static long tcp(CandidateType type, TransportType transport) {
        return Priority.of(type, LocalPreferences.tcp(type, transport, LocalPreferences.MAX), 1);
    }

    @Test
    void theBestTcpPreferenceIsBelowTheWorstOfUdp() {
        int worstUdp = LocalPreferences.MAX - 8191;

        for (CandidateType type : CandidateType.values()) {
            for (TransportType transport :
                    List.of(TransportType.TCP_ACTIVE, TransportType.TCP_PASSIVE, TransportType.TCP_SIMULTANEOUS_OPEN)) {
                assertThat(LocalPreferences.tcp(type, transport, LocalPreferences.MAX))
                        .isLessThan(worstUdp);
            }
        }
    }

    @Test
    void udpHasNoTcpPreference() {
        assertThatThrownBy(() -> LocalPreferences.tcp(CandidateType.HOST, TransportType.UDP, 65535))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LocalPreferences.tcp(CandidateType.HOST, TransportType.TCP_ACTIVE, 57343))
                .hasMessageContaining("57343");
    }

    private static List<LocalAddress> wired(String... hosts) {
        return Arrays.stream(hosts)
                .map(host -> new LocalAddress(ip(host), InterfaceKind.WIRED))
                .toList();
    }

    private static InetAddress ip(String host) {
        return ((IpAddress) CandidateAddress.of(host, 0)).ip();
    }

    private static List<String> hosts(List<LocalAddress> addresses) {
        return addresses.stream()
                .map(local -> new IpAddress(local.address(), 0).host())
                .toList();
    }
}
