// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.icepath.examples.lab.Network.Side;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * ICE over TCP alone (RFC 6544) through the kernel's NATs, and over coturn's relays of connections (RFC 6062). Few runs of each:
 * {@code icepath.lab.runs} makes them more.
 */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class TcpCandidatesLabTest {

    private static final String TCP_ALONE = "--udp off --wait 5 ";
    private static final Pattern RELAYED =
            Pattern.compile("candidate:\\S+ ([12]) UDP \\d+ \\S+ (\\d+) typ relay", Pattern.CASE_INSENSITIVE);

    /** Longer than the controlling side may wait for something better than a relay. */
    private static final Duration HOLD = Duration.ofMillis(3_500);

    // Linux keeps a connection's port where that is free, and lets the answer to a SYN in: RFC 5382 REQ-1, REQ-2.
    @Test
    void simultaneousOpenGoesThroughTwoNats(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")) {
            internet.nat("ra", "linux").nat("rb", "linux");
            String options = TCP_ALONE + "--tcp so --stun " + internet.server(Side.A);
            meet(table, "tcp-simultaneous", Requirement.TCP, internet, options, options);
        }
    }

    // B connects to A's relay: ConnectionAttempt. B's reflexive address tells the relay whom to let in.
    @Test
    void aPeerConnectsToARelay(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")) {
            internet.nat("ra", "symmetric").nat("rb", "symmetric");
            // on a crowded machine a Java that has just started takes seconds to speak TLS
            String overTls = relayed(internet, 443, "tls") + " --wait 10 --tls-ca " + internet.certificate();
            String behindItsNat = TCP_ALONE + "--tcp on --stun " + internet.server(Side.A);
            meet(table, "tcp-relay", Requirement.RELAYED, internet, overTls, behindItsNat);
        }
    }

    // Connect: one relay opens a connection to the other.
    @Test
    void aRelayConnectsToAnother(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("mixed", "alice", "carol")) {
            String options = relayed(internet, 3478, "tcp") + " --wait 5 --force-relay";
            meet(table, "tcp-relays", Requirement.RELAYED, internet, options, options);
        }
    }

    private static String relayed(LabInternet internet, int port, String transport) {
        return "--udp off --tcp on --turn 203.0.113.10:" + port + ":" + internet.credentials() + ":" + transport;
    }

    private static void meet(
            LabTable table, String name, Requirement requirement, LabInternet internet, String ofA, String ofB)
            throws InterruptedException {
        check(table, CellRunner.runFew(cell(name, requirement, internet, ofA, ofB)));
    }

    /** One meeting at a time: only one program can listen at a port. */
    private static void meetOnce(
            LabTable table, String name, Requirement requirement, LabInternet internet, String ofA, String ofB)
            throws InterruptedException {
        check(table, CellRunner.run(cell(name, requirement, internet, ofA, ofB), 1, 1));
    }

    private static Cell cell(String name, Requirement requirement, LabInternet internet, String ofA, String ofB) {
        return new Cell(name, requirement, run -> Meeting.of(
                        internet, Program.icepath().with(ofA), Program.icepath().with(ofB))
                .holding(HOLD));
    }

    private static void check(LabTable table, CellResult result) {
        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }

    // A media server that listens where every firewall lets connections out, and a peer that has nothing else.
    @Test
    void aServerAt443IsReachedWhereNothingElsePasses(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("noudp", "carol", "pub")) {
            String listening = "--udp off --tcp passive --listen 443";
            meetOnce(table, "tcp-443", Requirement.TCP, internet, "--udp off --tcp active", listening);
        }
    }

    // RFC 5928 §3: what the URI does not name is tried, one after the other.
    @Test
    void whereNoUdpPassesAUriWithoutATransportLeadsToARelayOverTcp() {
        try (LabInternet internet = LabInternet.up("noudp", "alice", "carol")) {
            String said = icepath(
                    internet,
                    List.of("gather", "--turn", "turn:203.0.113.10:3478", "--user", "lab", "--password", "lab-secret"),
                    List.of());

            assertThat(said).containsPattern("relayed +UDP 203\\.0\\.113\\.10:");
        }
    }

    // RFC 7065: every transport of every scheme, by the command line
    @Test
    void gatherTakesEveryTurnUri() {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")) {
            String ca = internet.certificate().toString();
            for (String uri : List.of(
                    "turn:203.0.113.10:3478?transport=udp",
                    "turn:203.0.113.10:3478?transport=tcp",
                    "turns:203.0.113.10:5349?transport=tcp",
                    "turns:203.0.113.10:5349?transport=udp")) {
                String said = icepath(
                        internet,
                        List.of("gather", "--tcp", "--turn", uri, "--user", "lab", "--password", "lab-secret"),
                        List.of("--tls-ca", ca));

                boolean stream = uri.endsWith("tcp");
                assertThat(said).as(uri).containsPattern("relayed +UDP 203\\.0\\.113\\.10:");
                assertThat(said.contains("TCP passive 203.0.113.10:")).as(uri).isEqualTo(stream);
                assertThat(said.contains("TCP active 203.0.113.10:9 ")).as(uri).isEqualTo(stream);
            }
        }
    }

    private static String icepath(LabInternet internet, List<String> words, List<String> more) {
        List<Object> all = new ArrayList<>(List.of("ip", "netns", "exec", internet.namespace(Side.A)));
        List<String> peer = IcepathPeer.words();
        all.addAll(peer.subList(0, peer.size() - 1)); // the last word is its own command
        all.addAll(words);
        all.addAll(more);
        return Command.of(all.toArray()).output();
    }

    // RFC 8656 §7.1: coturn keeps the port after an even one for whoever has the token.
    @Test
    void relaysOfRtpAndRtcpHavePortsThatFollowEachOther() {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")) {
            String server = internet.server(Side.A) + ":" + internet.credentials() + ":udp";

            String described = icepath(
                    internet,
                    List.of("peer", "--components", "2", "--port-pairs", "--force-relay"),
                    List.of("--turn", server));

            TreeMap<Integer, Integer> ports = new TreeMap<>();
            Matcher relayed = RELAYED.matcher(described);
            while (relayed.find()) {
                ports.put(Integer.valueOf(relayed.group(1)), Integer.valueOf(relayed.group(2)));
            }
            assertThat(ports).as(described).containsOnlyKeys(1, 2);
            int even = ports.firstEntry().getValue();
            assertThat(even).isEven();
            assertThat(ports).containsEntry(2, even + 1);
        }
    }
}
