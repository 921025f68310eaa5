// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.icepath.connection.Proxy;
import org.icepath.net.NamingRecord;
import org.icepath.net.ResolvedName;
import org.icepath.net.ServiceRecord;
import org.icepath.sansio.Transport;
import org.icepath.turn.Discovery;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.StunServer;
import org.icepath.turn.TurnServer;

/**
 * Finds where a server is, from what its URI says: a TURN server by S-NAPTR, by SRV, and at the default ports of its addresses (RFC
 * 5928), a STUN server by SRV and there (RFC 8489 §8).
 *
 * <p>Thread-safe. Names are looked up side by side, so that a server without such records is found no later than its addresses, or a
 * moment after them where its name server keeps silent.
 */
public final class ServerDiscovery {

    private static final int MOST_STEPS = 3;
    private static final int MOST_PLACES = 16;

    private final Lookups lookups;
    private final Proxy proxy;
    private final RandomGenerator random;

    /**
     * Makes one.
     *
     * @param proxy what streams go through: it is told the names of servers, and looks them up where it stands
     * @param random chooses between services by their weights; thread-safe
     */
    public ServerDiscovery(Lookups lookups, Proxy proxy, RandomGenerator random) {
        this.lookups = lookups;
        this.proxy = proxy;
        this.random = random;
    }

    /**
     * What was found.
     *
     * @param places in the order in which they should be tried; empty if there are none
     * @param problem why there are none, in words
     */
    public record Found(List<ServerAddress> places, String problem) {

        public Found {
            places = List.copyOf(places);
        }
    }

    private record Service(Transport transport, ServiceRecord record) {}

    /** Looks for a server; never fails. Any thread. */
    public CompletableFuture<Found> find(TurnServer server) {
        if (proxy.isUsed() && server.transport().reliable()) {
            return CompletableFuture.completedFuture(
                    places(ResolvedName.byProxy(server.host()), server.port(), server.transport()));
        }
        CompletableFuture<Found> byDefault = byDefault(server);
        return switch (server.discovery()) {
            case NONE, TRANSPORT -> byDefault;
            case SERVICE -> services(server.host(), List.of(server.transport())).thenCompose(or(byDefault));
            case NAMING ->
                namings(server.host(), isSecure(server), MOST_STEPS)
                        .thenCombine(
                                services(server.host(), server.transports()),
                                (named, served) -> named.places().isEmpty() ? served : named)
                        .thenCompose(or(byDefault));
        };
    }

    /**
     * Looks for a STUN server that is reached over UDP, and over TCP for what NATs make of connections (RFC 6544 §5.2); never fails. Any
     * thread.
     */
    public CompletableFuture<Found> find(StunServer server) {
        CompletableFuture<ResolvedName> name = lookups.addresses(server.host());
        CompletableFuture<Found> overUdp = find(server, Transport.UDP, name);
        return all(List.of(overUdp, find(server, Transport.TCP, name)))
                .thenApply(found -> found.places().isEmpty() ? overUdp.join() : found);
    }

    private CompletableFuture<Found> find(
            StunServer server, Transport transport, CompletableFuture<ResolvedName> name) {
        CompletableFuture<Found> byDefault = name.thenApply(found -> places(found, server.port(), transport));
        return server.discovery() == Discovery.NONE
                ? byDefault
                : service((transport == Transport.UDP ? "_stun._udp." : "_stun._tcp.") + server.host(), transport)
                        .thenCompose(or(byDefault));
    }

    private static Function<Found, CompletableFuture<Found>> or(CompletableFuture<Found> other) {
        return found -> found.places().isEmpty() ? other : CompletableFuture.completedFuture(found);
    }

    private static boolean isSecure(TurnServer server) {
        return server.transport() == Transport.TLS || server.transport() == Transport.DTLS;
    }

    /** RFC 5928 §3: where nothing is known of transports, each is tried at every address, the preferred one everywhere first. */
    private CompletableFuture<Found> byDefault(TurnServer server) {
        return lookups.addresses(server.host()).thenApply(name -> {
            List<Found> each = server.transports().stream()
                    .map(transport -> places(
                            proxy.isUsed() && transport.reliable() ? ResolvedName.byProxy(server.host()) : name,
                            server.port(),
                            transport))
                    .toList();
            Found together = together(each);
            return together.places().isEmpty() ? each.get(0) : together;
        });
    }

    private CompletableFuture<Found> addresses(String host, int port, Transport transport) {
        return lookups.addresses(host).thenApply(name -> places(name, port, transport));
    }

    private static Found places(ResolvedName name, int port, Transport transport) {
        List<ServerAddress> places = name.interleaved().stream()
                .map(address -> new ServerAddress(transport, new InetSocketAddress(address, port)))
                .toList();
        String problem = "the name " + name.name() + " was not resolved: "
                + (name.problems().isEmpty() ? "no address" : String.join("; ", name.problems()));
        return new Found(places, places.isEmpty() ? problem : "");
    }

    /** RFC 5928 §3, step 3: the services of a name by each of these transports. */
    private CompletableFuture<Found> services(String host, List<Transport> transports) {
        return all(transports.stream()
                .map(transport -> service(prefix(transport) + host, transport))
                .toList());
    }

    private static String prefix(Transport transport) {
        return switch (transport) {
            case UDP -> "_turn._udp.";
            case TCP -> "_turn._tcp.";
            case TLS -> "_turns._tcp.";
            case DTLS -> "_turns._udp."; // RFC 7350 §4.6
        };
    }

    private CompletableFuture<Found> service(String name, Transport transport) {
        return lookups.services(name)
                .thenCompose(records -> all(ordered(records).stream()
                        .map(record -> addresses(record.target(), record.port(), transport))
                        .toList()));
    }

    /** RFC 2782: by priority, and among equals by lot, according to their weights. */
    private List<ServiceRecord> ordered(List<ServiceRecord> records) {
        List<ServiceRecord> left = new ArrayList<>(records.stream()
                .filter(record -> !record.target().isEmpty() && record.port() != 0)
                .sorted(Comparator.comparingInt(ServiceRecord::priority))
                .toList());
        List<ServiceRecord> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            ServiceRecord next = draw(left);
            left.remove(next);
            ordered.add(next);
        }
        return ordered;
    }

    private ServiceRecord draw(List<ServiceRecord> sorted) {
        int priority = sorted.get(0).priority();
        List<ServiceRecord> equals =
                sorted.stream().filter(each -> each.priority() == priority).toList();
        int lot = random.nextInt(equals.stream().mapToInt(ServiceRecord::weight).sum() + 1);
        for (ServiceRecord each : equals) {
            lot -= each.weight();
            if (lot <= 0) {
                return each;
            }
        }
        return equals.get(0);
    }

    /** RFC 5928 §3, step 2, and RFC 3958: the steps that a name's records lead to. */
    private CompletableFuture<Found> namings(String host, boolean secure, int steps) {
        return lookups.namings(host)
                .thenCompose(records -> all(records.stream()
                        .sorted(Comparator.comparingInt(NamingRecord::order).thenComparingInt(NamingRecord::preference))
                        .flatMap(record -> follow(record, secure, steps))
                        .toList()));
    }

    private Stream<CompletableFuture<Found>> follow(NamingRecord record, boolean secure, int steps) {
        List<Transport> named = transports(record, secure);
        long ways =
                record.flags().isEmpty() ? 1 : named.size(); // further records say of their own which they are about
        return named.stream().limit(ways).map(transport -> follow(record, transport, secure, steps));
    }

    private CompletableFuture<Found> follow(NamingRecord record, Transport transport, boolean secure, int steps) {
        if (record.flags().equals("s")) {
            return service(record.replacement(), transport);
        }
        if (record.flags().equals("a")) {
            return addresses(record.replacement(), TurnServer.defaultPort(transport), transport);
        }
        return record.flags().isEmpty() && steps > 1
                ? namings(record.replacement(), secure, steps - 1)
                : CompletableFuture.completedFuture(new Found(List.of(), "too many steps"));
    }

    /** The transports that a record is about, as far as they are for us (RFC 5928 §5, RFC 7350 §4.6). */
    private static List<Transport> transports(NamingRecord record, boolean secure) {
        String service = record.service().toLowerCase(Locale.ROOT);
        if (!service.startsWith("relay:")) {
            return List.of();
        }
        List<String> protocols = List.of(service.substring("relay:".length()).split(":", -1));
        return (secure ? List.of(Transport.TLS, Transport.DTLS) : List.of(Transport.UDP, Transport.TCP))
                .stream()
                        .filter(each -> protocols.contains("turn." + each.name().toLowerCase(Locale.ROOT)))
                        .toList();
    }

    /** All that the parts have found, in their order. */
    private static CompletableFuture<Found> all(List<CompletableFuture<Found>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                .thenApply(done ->
                        together(parts.stream().map(CompletableFuture::join).toList()));
    }

    private static Found together(List<Found> parts) {
        return new Found(
                parts.stream()
                        .flatMap(part -> part.places().stream())
                        .distinct()
                        .limit(MOST_PLACES)
                        .toList(),
                "no such service");
    }
}
