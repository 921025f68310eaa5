// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** coturn, reached by every transport there is to it (RFC 8656 §3.1). */
@Tag("lab")
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

    @Test
    void allocationsRelayBothWaysOutliveTwoLifetimesAndAreReleased() {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob").turn("max-allocate-lifetime=10")) {
            Path trusted = internet.certificate();

            List<CompletableFuture<String>> probes = SERVERS.stream()
                    .map(server -> CompletableFuture.supplyAsync(() -> probe(internet, server, trusted)))
                    .toList();

            assertThat(probes).allSatisfy(probe -> assertThat(probe.join().lines())
                    .containsExactly(
                            "allocated",
                            "other heard first, one heard first",
                            "stood for " + PAUSE_SECONDS + " s",
                            "other heard later, one heard later",
                            "released"));
        }
    }

    private static String probe(LabInternet internet, String server, Path trusted) {
        List<Object> words = Stream.of(
                        List.of("ip", "netns", "exec", internet.namespace(Network.Side.A)),
                        List.of(Path.of(System.getProperty("java.home"), "bin", "java"), "-XX:TieredStopAtLevel=1"),
                        List.of("-cp", System.getProperty("java.class.path"), TurnProbe.class.getName()),
                        List.of(server, "lab", "lab-secret", trusted, PAUSE_SECONDS))
                .flatMap(List::stream)
                .map(Object.class::cast)
                .toList();
        return Command.of(words.toArray()).within(Duration.ofMinutes(2)).output();
    }

    // One side has no UDP at all, the other may only open connections to port 443.
    @Test
    void whereNoUdpPassesTwoPeersConnectOverTls(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("noudp", "alice", "carol")) {
            // on a crowded machine a Java that has just started takes seconds to speak TLS
            String tls = "--wait 10 --tls-ca " + internet.certificate() + " --turn 203.0.113.10:443:"
                    + internet.credentials() + ":tls";

            CellResult result = CellRunner.run(new Cell("noudp-tls", Requirement.RELAYED, run -> Meeting.of(
                            internet,
                            Program.icepath().with(tls),
                            Program.icepath().with(tls))
                    .holding(HOLD)));

            table.add(result);
            assertThat(result.complaints()).isEmpty();
        }
    }
}
