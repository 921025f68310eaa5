// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.turn.TurnServer;
import org.icepath.turn.client.TurnClient;
import org.icepath.turn.client.TurnRelay;
import org.icepath.turn.ms.MsTurn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two MS-TURN clients, libnice in mode OC2007R2 and ours, meet over nothing but their relays on the Edge double: checks, data both ways,
 * the active destination of each, refreshes and releases.
 */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class MsTurnLabTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration HEARD_WITHIN = Duration.ofSeconds(10);

    /** Both clients refresh at half of it; by then the data before the refresh has crossed. */
    private static final Duration LIFETIME = Duration.ofSeconds(6);

    private static final int RUNS = Integer.getInteger("icepath.lab.ms.runs", 1);

    /** How libnice names the transport, and ours. */
    private enum Way {
        UDP(Transport.UDP, false),
        TCP(Transport.TCP, false),
        TLS(Transport.TCP, true);

        private final Transport transport;
        private final boolean pseudoTls;

        Way(Transport transport, boolean pseudoTls) {
            this.transport = transport;
            this.pseudoTls = pseudoTls;
        }
    }

    static Stream<Arguments> runs() {
        return Stream.of(Way.values()).flatMap(way -> IntStream.range(0, RUNS).mapToObj(run -> Arguments.of(way, run)));
    }

    @ParameterizedTest(name = "{0}, run {1}")
    @MethodSource("runs")
    void twoClientsMeetOverTheirRelays(Way way, int run) throws Exception {
        MsEdgeConfig spoken = MsEdgeConfig.create()
                .user("alice", "secret")
                .withLifetimes(LIFETIME, Duration.ofMinutes(2))
                .withDemands(Set.of()); // libnice writes USERNAME before MS-VERSION
        try (EdgeServer edge = EdgeServer.start(EdgeConfig.create().withMs(spoken));
                TurnClient client = TurnClient.start()) {
            InetSocketAddress at = way.transport == Transport.UDP ? edge.address() : edge.listenInMs(way.pseudoTls, 0);
            // First, since libnice gives up on a server that is still being loaded.
            TurnRelay relay = client.allocate(server(way, at)).get(20, TimeUnit.SECONDS);
            try (TalkingPeer libnice = TalkingPeer.start(
                    new Program("libnice", words(way, at)),
                    Surroundings.workDirectory().resolve("msturn").resolve(way + "-" + run + ".log"))) {
                meet(way, edge, libnice, relay);
            }
        }
    }

    private static String words(Way way, InetSocketAddress at) {
        return LibnicePeer.executable() + " --compat oc2007r2 --controlling --force-relay --echo --address 127.0.0.1"
                + (way.transport == Transport.UDP ? " --tcp off" : " --tcp on --udp off")
                + " --turn 127.0.0.1:" + at.getPort() + ":alice:secret:"
                + way.name().toLowerCase(Locale.ROOT);
    }

    private static TurnServer server(Way way, InetSocketAddress at) {
        MsTurn dialect = way.pseudoTls ? MsTurn.DEFAULT.withPseudoTls() : MsTurn.DEFAULT;
        return dialect.server(at.getHostString(), at.getPort(), way.transport, base64("alice"), base64("secret"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static void meet(Way way, EdgeServer edge, TalkingPeer libnice, TurnRelay relay) throws Exception {
        MsCheckedRelay ours = new MsCheckedRelay(relay);
        JsonNode local = libnice.await(PATIENCE, TalkingPeer.event("local")).orElseThrow();
        libnice.tell(remote(ours, way));
        InetSocketAddress theirs = relayedAddress(local);

        boolean connected = false;
        for (int i = 0; i < 300 && !connected; i++) {
            ours.check(theirs, local.path("ufrag").asText(), local.path("pwd").asText());
            connected = libnice.await(Duration.ofMillis(100), TalkingPeer.state("connected"))
                            .isPresent()
                    && !ours.nominated().isEmpty();
        }
        assertThat(connected)
                .as("connected and nominated\n%s\n%s", libnice.text(), edge.events())
                .isTrue();

        relay.bindChannel(ours.nominated().iterator().next()).get(20, TimeUnit.SECONDS);
        for (int packet = 0; packet < 20; packet++) {
            relay.send(theirs, UTF_8.encode("packet " + packet));
            assertHears(ours, "packet " + packet);
        }
        awaitRefreshes(way, edge, libnice);
        if (way != Way.TCP) {
            relay.send(theirs, UTF_8.encode("after the refresh"));
            assertHears(ours, "after the refresh");
        }
        libnice.tell(TalkingPeer.command("send").put("component", 1).put("data", base64("refreshed")));
        assertHears(ours, "refreshed");

        relay.close();
        libnice.end();
        awaitReleases(edge, libnice);
        List<InetSocketAddress> clients = of(edge, EdgeEvent.DestinationSet.class).stream()
                .map(EdgeEvent.DestinationSet::client)
                .toList();
        assertThat(clients)
                .as("both have set their active destination")
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(released(edge)).as("%s", edge.events()).containsExactlyInAnyOrderElementsOf(clients);
        assertThat(of(edge, EdgeEvent.Released.class))
                .extracting(EdgeEvent.Released::expired)
                .containsOnly(false);
    }

    /**
     * What comes besides is passed over. Once libnice has refreshed over TCP, it takes the answer for a piece of the peer's stream (seen:
     * 0.1.21; its type 0x0103 is read as the length of a frame): what the peer sends is put behind it, and 259 bytes later all of that
     * is handed to the application, which echoes it. So nobody can speak to it any more over TCP, while it can still be heard; over
     * pseudo-TLS it never refreshes.
     */
    private static void assertHears(MsCheckedRelay ours, String text) throws InterruptedException {
        List<String> heard = new ArrayList<>();
        long end = System.nanoTime() + HEARD_WITHIN.toNanos();
        while (!heard.contains(text) && System.nanoTime() < end) {
            String next = ours.data().poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next != null) {
                heard.add(next);
            }
        }
        assertThat(heard).contains(text);
    }

    private static ObjectNode remote(MsCheckedRelay ours, Way way) {
        ObjectNode remote = TalkingPeer.command("remote")
                .put("ufrag", ours.ufrag())
                .put("pwd", ours.password())
                .put("role", "controlling");
        ours.candidates(way.transport).forEach(remote.putArray("candidates")::add);
        return remote;
    }

    private static InetSocketAddress relayedAddress(JsonNode local) {
        String[] fields = StreamSupport.stream(local.path("candidates").spliterator(), false)
                .map(JsonNode::asText)
                .filter(line -> line.contains("typ relay"))
                .findFirst()
                .orElseThrow()
                .split(" ");
        return new InetSocketAddress(fields[4], Integer.parseInt(fields[5]));
    }

    /** Ours refreshes over everything, libnice not over pseudo-TLS. */
    private static void awaitRefreshes(Way way, EdgeServer edge, TalkingPeer libnice) throws InterruptedException {
        long wanted = way == Way.TLS ? 1 : 2;
        for (int i = 0; i < 100; i++) {
            long refreshed = of(edge, EdgeEvent.Refreshed.class).stream()
                    .map(EdgeEvent::client)
                    .distinct()
                    .count();
            if (refreshed >= wanted) {
                return;
            }
            libnice.pass(Duration.ofMillis(100));
        }
        throw new AssertionError("no refresh\n" + edge.events());
    }

    private static void awaitReleases(EdgeServer edge, TalkingPeer libnice) throws InterruptedException {
        for (int i = 0; i < 50 && released(edge).size() < 2; i++) {
            libnice.pass(Duration.ofMillis(100));
        }
    }

    /**
     * Whose relays were released. A refresh of libnice's over TCP, whose answer it does not understand, is sent again; where that happens
     * right after its release, it makes another allocation (inferred), which goes with the connection.
     */
    private static Set<InetSocketAddress> released(EdgeServer edge) {
        return of(edge, EdgeEvent.Released.class).stream()
                .map(EdgeEvent.Released::client)
                .collect(Collectors.toSet());
    }

    private static <E extends EdgeEvent> List<E> of(EdgeServer edge, Class<E> type) {
        return edge.events().stream().filter(type::isInstance).map(type::cast).toList();
    }
}
