// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.icepath.candidate.TcpType;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.IceConfig;
import org.icepath.ice.NatMapping;
import org.icepath.net.InterfaceKind;
import org.icepath.net.LocalAddress;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;

class HostPlanTest {

    private static final LocalAddress LOOPBACK = local("127.0.0.1", "lo", InterfaceKind.LOOPBACK);
    private static final LocalAddress WIRE = local("192.0.2.1", "eth0", InterfaceKind.ETHERNET);
    private static final LocalAddress WIRE6 = local("2001:db8::1", "eth0", InterfaceKind.ETHERNET);
    private static final LocalAddress TUNNEL = local("10.8.0.2", "tun0", InterfaceKind.VPN);
    private static final List<LocalAddress> ALL = List.of(LOOPBACK, WIRE, WIRE6, TUNNEL);

    private final IceConfig config = IceConfig.create().stream("audio", 1, 2);

    // RFC 8445 §5.1.1.1: addresses from a loopback interface MUST NOT be included.
    @Test
    void loopbackIsBoundOnlyWhenItIsNamed() throws UnknownHostException {
        assertThat(bound(config)).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1", "10.8.0.2");
        assertThat(bound(config.localAddress(InetAddress.getByName("127.0.0.1"))))
                .containsExactly("127.0.0.1");
    }

    @Test
    void aNamedAddressThatNoInterfaceHasIsTriedAllTheSame() throws UnknownHostException {
        assertThat(bound(config.localAddress(InetAddress.getByName("203.0.113.9"))))
                .containsExactly("203.0.113.9");
    }

    @Test
    void whatAFilterForbidsEntirelyIsNotBoundAndSaidForEachComponent() {
        HostPlan plan = HostPlan.of(config.noInterface("tun0"), ALL);

        assertThat(bound(config.noInterface("tun0"))).doesNotContain("10.8.0.2");
        assertThat(plan.gaps())
                .containsExactly(
                        new HostPlan.Gap(0, 1, "10.8.0.2 (tun0)", "kept back by the filter \"not over tun0\""),
                        new HostPlan.Gap(0, 2, "10.8.0.2 (tun0)", "kept back by the filter \"not over tun0\""));
    }

    // The name of an interface does not always tell a VPN; the application may know
    @Test
    void whatTheApplicationSaysOfAnInterfaceGoesBeforeItsName() throws UnknownHostException {
        InetAddress address = InetAddress.getByName("192.0.2.1");
        IceConfig stated = config.localAddress(address, org.icepath.candidate.InterfaceKind.VPN);

        assertThat(bound(stated)).containsExactly("192.0.2.1");
        assertThat(HostPlan.of(stated, ALL).places().get(0).address().kind()).isEqualTo(InterfaceKind.VPN);
        assertThat(bound(stated.noVpn())).isEmpty();
    }

    @Test
    void familiesAndRangesAreFilteredBeforeBinding() throws UnknownHostException {
        assertThat(bound(config.ipv4Only())).containsExactly("192.0.2.1", "10.8.0.2");
        assertThat(bound(config.filter(CandidateFilter.within(InetAddress.getByName("192.0.2.0"), 24))))
                .containsExactly("192.0.2.1");
    }

    @Test
    void relayOnlyNeedsSocketsButOnlyWhereARelayCouldCome() {
        TurnServer turn = TurnServer.parse("turn:192.0.2.9").credentials("alice", "secret");

        assertThat(bound(config.relayOnly().turnServer(turn))).hasSize(3);
        assertThat(bound(config.relayOnly())).isEmpty();
    }

    // RFC 8445 §5.1.1.2: what a NAT is known to do needs no server, but a socket
    @Test
    void aMappingNeedsTheSocketsOfItsAddressThoughNoHostIsTold() throws UnknownHostException {
        IceConfig mapped = config.noHost()
                .natMapping(
                        NatMapping.reflexive(InetAddress.getByName("192.0.2.1"), InetAddress.getByName("203.0.113.1")));

        assertThat(bound(mapped)).containsExactly("192.0.2.1");
        assertThat(bound(mapped.relayOnly())).isEmpty();
        assertThat(bound(mapped.tcp(TcpType.ACTIVE).tcpOnly())).isEmpty();
        assertThat(bound(mapped.tcp(TcpType.PASSIVE).tcpOnly())).containsExactly("192.0.2.1");
        assertThat(bound(config.noHost()
                        .natMapping(NatMapping.host(
                                InetAddress.getByName("192.0.2.1"), InetAddress.getByName("203.0.113.1")))))
                .isEmpty();
    }

    @Test
    void noMoreSocketsAreBoundThanCandidatesCount() {
        HostPlan plan = HostPlan.of(config.limits(100, 2), ALL);

        assertThat(plan.places()).hasSize(2);
        assertThat(plan.gaps()).hasSize(2).allMatch(gap -> gap.why().contains("2 addresses before it"));
    }

    // A server with a bridge for each of its containers: the address of its default route may come last in the system's
    // list
    @Test
    void whereThereAreTooManyTheDefaultRouteGoesFirstAndBridgesGoLast() {
        LocalAddress bridge = local("172.17.0.1", "docker0", InterfaceKind.VIRTUAL);
        LocalAddress other = local("172.18.0.1", "br-17", InterfaceKind.VIRTUAL);
        LocalAddress second = local("198.51.100.7", "uplink", InterfaceKind.OTHER);
        LocalAddress route = local("198.51.100.8", "uplink", InterfaceKind.OTHER);
        List<LocalAddress> many = List.of(LOOPBACK, bridge, other, WIRE, TUNNEL, second, route);

        assertThat(kept(1, many, route)).containsExactly(route);
        assertThat(kept(2, many, route)).containsExactly(second, route);
        assertThat(kept(4, many, route)).containsExactly(WIRE, TUNNEL, second, route);
        assertThat(kept(5, many, route)).containsExactly(bridge, WIRE, TUNNEL, second, route);
        assertThat(kept(6, many, route)).containsExactly(bridge, other, WIRE, TUNNEL, second, route);
        assertThat(HostPlan.of(config.limits(100, 5), many, () -> Set.of(route.address()))
                        .gaps())
                .extracting(HostPlan.Gap::where)
                .containsOnly("172.18.0.1 (br-17)");
    }

    @Test
    void whatTheApplicationNamesIsBoundInItsOrder() {
        IceConfig named = config.localAddress(TUNNEL.address()).localAddress(WIRE.address());

        HostPlan plan = HostPlan.of(named.limits(100, 1), ALL, () -> Set.of(WIRE.address()));

        assertThat(plan.places()).extracting(HostPlan.Place::address).containsExactly(TUNNEL);
    }

    private List<LocalAddress> kept(int most, List<LocalAddress> all, LocalAddress routed) {
        return HostPlan.of(config.limits(100, most), all, () -> Set.of(routed.address())).places().stream()
                .map(HostPlan.Place::address)
                .toList();
    }

    @Test
    void everyStreamHasItsOwnSockets() {
        HostPlan plan = HostPlan.of(config.stream("video", 1).ipv4Only(), ALL);

        assertThat(plan.places()).extracting(HostPlan.Place::stream).containsExactly(0, 0, 1, 1);
    }

    private static List<String> bound(IceConfig config) {
        return HostPlan.of(config, ALL).places().stream()
                .map(place -> place.address().address().getHostAddress())
                .toList();
    }

    private static LocalAddress local(String address, String name, InterfaceKind kind) {
        InetAddress ip = NetUtil.createInetAddressFromIpAddressString(address);
        assertThat(ip).isNotNull();
        return new LocalAddress(ip, name, kind, 24);
    }
}
