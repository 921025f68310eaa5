// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** coturn, reached by every transport there is to it (RFC 8656 §3.1). */
@Tag("lab")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(LabExtension.class)
class TurnServersLabTest {

    private static final Duration HOLD = Duration.ofMillis(3_500);

    private static final List<String> SERVERS = List.of(
            "turn:203.0.113.10:3478?transport=udp",
            "turn:203.0.113.10:3478?transport=tcp",
            "turns:203.0.113.10:5349?transport=tcp",
            "turns:203.0.113.10:443?transport=tcp",
            "turns:203.0.113.10:5349?transport=udp");

    /** Two lifetimes of an allocation, and some more. */
    private static final String PAUSE_SECONDS = "25";

    private static final String FIRST = "other heard first, one heard first";
    private static final String STOOD = "stood for " + PAUSE_SECONDS + " s";
    private static final String LATER = "other heard later, one heard later";

    /** What is tried, over which of the servers, and what must come of it. */
    private record Trial(String what, String server, List<String> steps) {}

    // All at a time, since most of it is waiting for two lifetimes to pass.
    private static List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        List<String> plain = List.of("allocated", FIRST, STOOD, LATER, "released");
        SERVERS.forEach(server -> trials.add(new Trial("datagrams", server, plain)));
        trials.add(new Trial("connections", SERVERS.get(1), plain)); // RFC 6062
        trials.add(new Trial("connections", SERVERS.get(2), plain));
        for (int mobile : new int[] {0, 1, 2}) { // RFC 8016: to another socket, or to another connection
            trials.add(new Trial(
                    "mobile",
                    SERVERS.get(mobile),
                    List.of(
                            "allocated",
                            "other heard elsewhere, one heard elsewhere",
                            "moved, and the relayed address is the same",
                            FIRST,
                            STOOD,
                            LATER,
                            "released")));
        }
        trials.add(new Trial(
                "token", // RFC 7635
                SERVERS.get(0),
                List.of("a token is wanted", "a token is wanted", "allocated", FIRST, STOOD, LATER, "released")));
        trials.add(new Trial(
                "families", // RFC 8656 §7.1
                SERVERS.get(0),
                List.of("allocated", "other heard over IPv4, one heard over IPv4", FIRST, STOOD, LATER, "released")));
        return trials;
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void allocationsRelayBothWaysOutliveTwoLifetimesAndAreReleased() {
        try (LabInternet internet =
                LabInternet.up("46", "p2p", "alice", "bob").turn("max-allocate-lifetime=10", "mobility", "oauth")) {
            internet.turnKey(TurnProbe.KEY_NAME, TurnProbe.KEY);
            Path trusted = internet.certificate();

            Map<Trial, CompletableFuture<String>> probes = new LinkedHashMap<>();
            trials().forEach(trial ->
                    probes.put(trial, CompletableFuture.supplyAsync(() -> probe(internet, trial, trusted))));

            assertThat(probes)
                    .allSatisfy((trial, probe) -> assertThat(probe.join().lines())
                            .as(trial.what() + " by " + trial.server())
                            .containsExactlyElementsOf(trial.steps()));
        }
    }

    private static String probe(LabInternet internet, Trial trial, Path trusted) {
        List<Object> words = Stream.of(
                        List.of("ip", "netns", "exec", internet.namespace(Network.Side.A)),
                        List.of(Path.of(System.getProperty("java.home"), "bin", "java"), "-XX:TieredStopAtLevel=1"),
                        List.of("-cp", System.getProperty("java.class.path"), TurnProbe.class.getName()),
                        List.of(trial.what(), trial.server(), "lab", "lab-secret", trusted, PAUSE_SECONDS))
                .flatMap(List::stream)
                .map(Object.class::cast)
                .toList();
        Command.Result result =
                Command.of(words.toArray()).within(Duration.ofMinutes(4)).run();
        return result.output() + result.errors();
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void anIpv6OnlyNetworkConnectsByItsRelay(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("6", "p2p", "alice", "bob")) {
            String turn = "--force-relay --turn [2001:db8:e::10]:3478:" + internet.credentials() + ":udp";
            meet(table, "ipv6-relay", internet, turn, turn);
        }
    }

    // Nothing in common but the relay, which has an address of each family (RFC 8656 §7.1)
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void anIpv6OnlyHostMeetsAnIpv4OnlyOne(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("46", "p2p", "alice", "bob")) {
            String six = "--both-families --address 2001:db8:1:1::10 --turn [2001:db8:e::10]:3478:"
                    + internet.credentials() + ":udp";
            // who has no relay must know what its NAT makes of it: the other's relay lets in only who was signalled
            meet(table, "ipv6-meets-ipv4", internet, six, "--address 192.168.2.20 --stun 203.0.113.10:3478");
        }
    }

    private static void meet(LabTable table, String name, LabInternet internet, String optionsOfA, String optionsOfB)
            throws InterruptedException {
        CellResult result = CellRunner.runFew(new Cell(name, Requirement.RELAYED, run -> Meeting.of(
                        internet,
                        Program.icepath().with(optionsOfA),
                        Program.icepath().with(optionsOfB))
                .holding(HOLD)));

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }

    // One side has no UDP at all, the other may only open connections to port 443.
    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void whereNoUdpPassesTwoPeersConnectOverTls(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("noudp", "alice", "carol")) {
            // on a crowded machine a Java that has just started takes seconds to speak TLS
            String tls = "--wait 10 --tls-ca " + internet.certificate() + " --turn 203.0.113.10:443:"
                    + internet.credentials() + ":tls";

            meet(table, "noudp-tls", internet, tls, tls);
        }
    }
}
