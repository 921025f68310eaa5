// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

// RFC 8445 §5.1.1.1
class LocalAddressesTest {

    private static final String PRIVATE_IPV6 = "2001:db8::1:2:3:4";
    private static final String TRACKING_IPV6 = "2001:db8::211:22ff:fe33:4455";

    private static LocalAddress on(String name, String address, int prefixLength) {
        return new LocalAddress(
                Objects.requireNonNull(NetUtil.createInetAddressFromIpAddressString(address)),
                name,
                InterfaceKind.guess(name, name),
                prefixLength);
    }

    // Which ones they are is the system's business: without a default route there are none
    @Test
    void theAddressesOfTheDefaultRoutesAreThisMachines() throws IOException {
        List<InetAddress> present =
                LocalAddresses.present().stream().map(LocalAddress::address).toList();

        assertThat(present).containsAll(LocalAddresses.routed());
    }

    private static List<String> candidatesOf(LocalAddress... all) {
        return LocalAddresses.usable(List.of(all), false).stream()
                .map(each -> NetUtil.toAddressString(each.address()))
                .toList();
    }

    @Test
    void loopbackIsLeftOutUnlessAskedFor() {
        LocalAddress loopback = on("lo", "127.0.0.1", 8);

        assertThat(candidatesOf(loopback, on("eth0", "192.0.2.1", 24))).containsExactly("192.0.2.1");
        assertThat(LocalAddresses.usable(List.of(loopback), true)).containsExactly(loopback);
    }

    @Test
    void deprecatedSiteLocalAndIpv4CompatibleAddressesAreLeftOut() {
        assertThat(candidatesOf(on("eth0", "fec0::1", 64), on("eth0", "::c000:201", 96)))
                .isEmpty();
    }

    @Test
    void aTrackingAddressGivesWayToAPrivateOneOfTheSamePrefixAndInterface() {
        assertThat(candidatesOf(on("eth0", TRACKING_IPV6, 64), on("eth0", PRIVATE_IPV6, 64)))
                .containsExactly("2001:db8::1:2:3:4");
        assertThat(candidatesOf(on("eth0", TRACKING_IPV6, 64), on("eth1", PRIVATE_IPV6, 64)))
                .hasSize(2);
        assertThat(candidatesOf(on("eth0", TRACKING_IPV6, 64), on("eth0", "2001:db8:1::1:2:3:4", 64)))
                .hasSize(2);
    }

    @Test
    void linkLocalIpv6IsLeftOutWhereAPrivateAddressExists() {
        assertThat(candidatesOf(on("eth0", "fe80::1", 64), on("eth0", PRIVATE_IPV6, 64)))
                .containsExactly("2001:db8::1:2:3:4");
        assertThat(candidatesOf(on("eth0", "fe80::1", 64), on("eth0", "192.0.2.1", 24)))
                .hasSize(2);
    }

    @Test
    void autoconfiguredIpv4IsAnInterfacesLastResort() {
        assertThat(candidatesOf(on("eth0", "169.254.1.1", 16), on("eth0", "192.0.2.1", 24)))
                .containsExactly("192.0.2.1");
        assertThat(candidatesOf(on("eth0", "169.254.1.1", 16), on("eth1", "192.0.2.1", 24)))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "eth0, eth0, ETHERNET",
        "enp3s0, enp3s0, ETHERNET",
        "wlp2s0, wlp2s0, WLAN",
        "wg0, wg0, VPN",
        "tun3, tun3, VPN",
        "utun4, utun4, VPN",
        "ppp0, ppp0, VPN",
        "eth7, Contoso VPN Adapter, VPN",
        "docker0, docker0, VIRTUAL",
        "lo, lo, LOOPBACK",
        "net5, Intel(R) Wi-Fi 6, WLAN",
        "xyz, xyz, OTHER"
    })
    void theKindOfAnInterfaceIsGuessedFromItsName(String name, String display, InterfaceKind kind) {
        assertThat(InterfaceKind.guess(name, display)).isEqualTo(kind);
    }

    @Test
    void theScanFindsLoopbackOnThisMachineWhenAskedTo() throws Exception {
        Stream<LocalAddress> found = LocalAddresses.scan(true).stream();

        assertThat(found)
                .anyMatch(each -> each.address().isLoopbackAddress()
                        && !each.interfaceName().isEmpty());
    }
}
