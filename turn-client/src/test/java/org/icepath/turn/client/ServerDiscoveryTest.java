// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.icepath.connection.Proxy;
import org.icepath.net.NamingRecord;
import org.icepath.net.ResolvedName;
import org.icepath.net.ServiceRecord;
import org.icepath.sansio.Transport;
import org.icepath.turn.StunServer;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 5928 §3 and RFC 8489 §8 against a zone of our own. */
class ServerDiscoveryTest {

    private final Map<String, List<ServiceRecord>> services = new HashMap<>();
    private final Map<String, List<NamingRecord>> namings = new HashMap<>();
    private final Map<String, String> addresses = new HashMap<>(Map.of(
            "example.net", "192.0.2.1",
            "a.example.net", "192.0.2.10",
            "b.example.net", "192.0.2.11"));

    private final class Zone implements Lookups {

        @Override
        public CompletableFuture<ResolvedName> addresses(String name) {
            String known = name.startsWith("192.") ? name : addresses.get(name);
            return CompletableFuture.completedFuture(
                    new ResolvedName(name, known == null ? List.of() : List.of(literal(known)), List.of(), List.of()));
        }

        @Override
        public CompletableFuture<List<ServiceRecord>> services(String name) {
            return CompletableFuture.completedFuture(services.getOrDefault(name, List.of()));
        }

        @Override
        public CompletableFuture<List<NamingRecord>> namings(String name) {
            return CompletableFuture.completedFuture(namings.getOrDefault(name, List.of()));
        }
    }

    private static InetAddress literal(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> find(String uri) {
        return find(uri, Proxy.NONE, 1);
    }

    private List<String> find(String uri, Proxy proxy, long seed) {
        return words(new ServerDiscovery(new Zone(), proxy, new Random(seed)).find(TurnServer.parse(uri)));
    }

    private List<String> findStun(String uri) {
        return words(new ServerDiscovery(new Zone(), Proxy.NONE, new Random(1)).find(StunServer.parse(uri)));
    }

    private static List<String> words(CompletableFuture<ServerDiscovery.Found> found) {
        return found.join().places().stream()
                .map(place -> place.transport() + " "
                        + place.address().getAddress().getHostAddress() + ":"
                        + place.address().getPort())
                .toList();
    }

    private void service(String name, ServiceRecord... records) {
        services.put(name, List.of(records));
    }

    @ParameterizedTest
    @CsvSource({
        "turn:example.net?transport=tcp,     TCP 192.0.2.1:3478",
        "turn:192.0.2.7:99?transport=udp,    UDP 192.0.2.7:99",
        "turns:example.net?transport=udp,    DTLS 192.0.2.1:5349",
        "turns:192.0.2.7?transport=tcp,      TLS 192.0.2.7:5349"
    })
    void withoutRecordsAServerIsAtTheDefaultsOfItsUri(String uri, String place) {
        assertThat(find(uri)).containsExactly(place);
    }

    // RFC 5928 §3: the transports of the application, in its order of preference
    @ParameterizedTest
    @CsvSource({
        "turn:192.0.2.7,             UDP 192.0.2.7:3478, TCP 192.0.2.7:3478",
        "turns:192.0.2.7,            TLS 192.0.2.7:5349, DTLS 192.0.2.7:5349",
        "turn:example.net:4000,      UDP 192.0.2.1:4000, TCP 192.0.2.1:4000",
        "turns:example.net:443,      TLS 192.0.2.1:443,  DTLS 192.0.2.1:443",
        "example.net:4000,           UDP 192.0.2.1:4000, TCP 192.0.2.1:4000",
        "turn:example.net,           UDP 192.0.2.1:3478, TCP 192.0.2.1:3478",
        "turns:example.net,          TLS 192.0.2.1:5349, DTLS 192.0.2.1:5349"
    })
    void aTransportThatNothingNamesIsTriedAndThenTheOther(String uri, String first, String second) {
        assertThat(find(uri)).containsExactly(first, second);
    }

    @Test
    void onlyTheTransportThatWasChosenIsTried() {
        TurnServer server = TurnServer.parse("turn:example.net:4000").over(Transport.TCP);

        assertThat(server).hasToString("turn:example.net:4000?transport=tcp");
        assertThat(words(new ServerDiscovery(new Zone(), Proxy.NONE, new Random(1)).find(server)))
                .containsExactly("TCP 192.0.2.1:4000");
        assertThat(TurnServer.parse("turns:example.net").over(Transport.DTLS))
                .hasToString("turns:example.net?transport=udp");
    }

    // RFC 5928 §3: a port, or an address, leaves nothing to be looked up
    @Test
    void aPortInTheUriIsTheLastWord() {
        service("_turn._udp.example.net", new ServiceRecord(0, 0, 5_000, "a.example.net"));

        assertThat(find("turn:example.net:4000")).containsExactly("UDP 192.0.2.1:4000", "TCP 192.0.2.1:4000");
        assertThat(find("turn:example.net?transport=udp")).containsExactly("UDP 192.0.2.10:5000");
    }

    @Test
    void servicesAreTriedByPriority() {
        service(
                "_turns._tcp.example.net",
                new ServiceRecord(20, 0, 5_001, "b.example.net"),
                new ServiceRecord(10, 0, 443, "a.example.net"));

        assertThat(find("turns:example.net?transport=tcp"))
                .containsExactly("TLS 192.0.2.10:443", "TLS 192.0.2.11:5001");
    }

    // RFC 2782: three in four begin with the one that weighs three times as much
    @Test
    void amongEqualsTheWeightDecidesByLot() {
        service(
                "_turn._udp.example.net",
                new ServiceRecord(1, 30, 1, "a.example.net"),
                new ServiceRecord(1, 10, 2, "b.example.net"));

        List<String> first = new ArrayList<>();
        for (int seed = 0; seed < 400; seed++) {
            first.add(find("turn:example.net?transport=udp", Proxy.NONE, seed).get(0));
        }

        assertThat(first.stream().filter("UDP 192.0.2.10:1"::equals).count()).isBetween(260L, 340L);
    }

    // RFC 2782: a target of "." says that the service is decidedly not there
    @Test
    void aServiceThatIsNotThereLeavesTheDefault() {
        service("_turn._udp.example.net", new ServiceRecord(0, 0, 0, ""));

        assertThat(find("turn:example.net?transport=udp")).containsExactly("UDP 192.0.2.1:3478");
    }

    @Test
    void withoutATransportTheServicesOfAllAreFound() {
        service("_turn._tcp.example.net", new ServiceRecord(0, 0, 80, "b.example.net"));
        service("_turn._udp.example.net", new ServiceRecord(0, 0, 5_000, "a.example.net"));

        assertThat(find("turn:example.net")).containsExactly("UDP 192.0.2.10:5000", "TCP 192.0.2.11:80");
    }

    // RFC 5928 §5, the example of a domain that prefers TCP
    @Test
    void namingRecordsDecideTransportAndOrder() {
        namings.put(
                "example.net",
                List.of(
                        new NamingRecord(100, 20, "s", "RELAY:turn.udp", "_turn._udp.example.net"),
                        new NamingRecord(100, 10, "s", "RELAY:turn.tcp", "_turn._tcp.example.net"),
                        new NamingRecord(90, 10, "a", "RELAY:turn.tls", "a.example.net"),
                        new NamingRecord(80, 10, "s", "SIP+D2U", "_sip._udp.example.net")));
        service("_turn._tcp.example.net", new ServiceRecord(0, 0, 80, "b.example.net"));
        service("_turn._udp.example.net", new ServiceRecord(0, 0, 5_000, "a.example.net"));

        assertThat(find("turn:example.net")).containsExactly("TCP 192.0.2.11:80", "UDP 192.0.2.10:5000");
        assertThat(find("turns:example.net")).containsExactly("TLS 192.0.2.10:5349");
    }

    // RFC 3958 §6.5: one record may be about several protocols
    @Test
    void aNamingRecordOfTwoTransportsLeadsToBoth() {
        namings.put(
                "example.net",
                List.of(new NamingRecord(100, 10, "", "RELAY:turn.udp:turn.tcp:turn.tls", "turn.example.net")));
        namings.put(
                "turn.example.net",
                List.of(new NamingRecord(100, 10, "a", "RELAY:turn.tcp:turn.udp", "a.example.net")));

        assertThat(find("turn:example.net")).containsExactly("UDP 192.0.2.10:3478", "TCP 192.0.2.10:3478");
    }

    @Test
    void namingRecordsThatLeadInACircleEnd() {
        namings.put("example.net", List.of(new NamingRecord(1, 1, "", "RELAY:turn.udp", "b.example.net")));
        namings.put("b.example.net", List.of(new NamingRecord(1, 1, "", "RELAY:turn.udp", "example.net")));

        assertThat(find("turn:example.net")).containsExactly("UDP 192.0.2.1:3478", "TCP 192.0.2.1:3478");
    }

    @Test
    void aNameWithoutAnythingSaysSo() {
        ServerDiscovery.Found found = new ServerDiscovery(new Zone(), Proxy.NONE, new Random(1))
                .find(TurnServer.parse("turn:nowhere.test"))
                .join();

        assertThat(found.places()).isEmpty();
        assertThat(found.problem()).contains("nowhere.test was not resolved");
    }

    // RFC 7600 §4.8: the dummy address, of which only the name beside it is used
    @Test
    void behindAProxyNamesAreItsBusiness() {
        Proxy proxy = Proxy.http("proxy.test", 8_080);

        assertThat(find("turns:only.inside.test", proxy, 1)).contains("TLS 192.0.0.8:5349");
        assertThat(find("turn:example.net", proxy, 1))
                .containsExactly("UDP 192.0.2.1:3478", "TCP 100:0:0:0:0:0:0:8:3478", "TCP 192.0.0.8:3478");
        assertThat(find("turn:only.inside.test", proxy, 1))
                .containsExactly("TCP 100:0:0:0:0:0:0:8:3478", "TCP 192.0.0.8:3478");
    }

    // RFC 8489 §8: the service of the transport, else the default port of the name's addresses
    @Test
    void aStunServerIsWhereItsServiceIs() {
        assertThat(findStun("stun:example.net")).containsExactly("UDP 192.0.2.1:3478", "TCP 192.0.2.1:3478");
        service(
                "_stun._udp.example.net",
                new ServiceRecord(20, 0, 3_479, "b.example.net"),
                new ServiceRecord(10, 0, 19_302, "a.example.net"));
        service("_stun._tcp.example.net", new ServiceRecord(0, 0, 80, "b.example.net"));

        assertThat(findStun("example.net"))
                .containsExactly("UDP 192.0.2.10:19302", "UDP 192.0.2.11:3479", "TCP 192.0.2.11:80");
    }

    @Test
    void overTcpAStunServerMayBeElsewhere() {
        service("_stun._tcp.example.net", new ServiceRecord(0, 0, 80, "b.example.net"));

        assertThat(findStun("stun:example.net")).containsExactly("UDP 192.0.2.1:3478", "TCP 192.0.2.11:80");
    }

    // RFC 8489 §8: a port, or an address, leaves nothing to be looked up
    @Test
    void aStunServerWithAPortHasNoService() {
        service("_stun._udp.example.net", new ServiceRecord(0, 0, 5_000, "a.example.net"));
        service("_stun._udp.192.0.2.7", new ServiceRecord(0, 0, 5_000, "a.example.net"));

        assertThat(findStun("stun:example.net:4000")).containsExactly("UDP 192.0.2.1:4000", "TCP 192.0.2.1:4000");
        assertThat(findStun("stun:192.0.2.7")).containsExactly("UDP 192.0.2.7:3478", "TCP 192.0.2.7:3478");
    }

    @Test
    void aStunServerWithoutAnythingSaysSo() {
        ServerDiscovery.Found found = new ServerDiscovery(new Zone(), Proxy.NONE, new Random(1))
                .find(StunServer.parse("stun:nowhere.test"))
                .join();

        assertThat(found.places()).isEmpty();
        assertThat(found.problem()).contains("nowhere.test was not resolved");
    }
}
