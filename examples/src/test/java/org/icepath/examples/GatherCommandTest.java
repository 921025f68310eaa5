// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What {@code gather} prints, and above all why a relayed candidate is missing. */
class GatherCommandTest {

    private static final String LOOPBACK = "127.0.0.1";

    private final StringWriter out = new StringWriter();

    /** Gathers on the loopback address, the host candidate of which is always there. */
    private String gather(int status, InetSocketAddress server, String user, String wait, String... more) {
        String turn = "%s:%d:%s:udp".formatted(LOOPBACK, server.getPort(), user);
        List<String> arguments =
                new ArrayList<>(List.of("gather", "--address", LOOPBACK, "--turn", turn, "--wait", wait));
        arguments.addAll(List.of(more));
        return run(status, arguments);
    }

    private String run(int status, List<String> arguments) {
        String[] line = arguments.toArray(String[]::new);
        CommandLine commandLine = Main.commandLine(line);
        commandLine.setOut(new PrintWriter(out));
        assertThat(commandLine.execute(line)).isEqualTo(status);
        return out.toString();
    }

    private static EdgeServer server() {
        return EdgeServer.start(EdgeConfig.create().user("alice", "secret"));
    }

    @Test
    void aRelayIsThereWithWhatItWasAskedFrom() {
        try (EdgeServer server = server()) {
            String printed = gather(0, server.address(), "alice:secret", "60");

            assertThat(printed)
                    .contains("relayed", "from 127.0.0.1:")
                    .doesNotContain("relayed candidate", "still waiting");
        }
    }

    // RFC 8656 §7.1: it takes a relay of RTP, beside which there is one of RTCP
    @Test
    void portPairsAreAskedForByTwoComponents() {
        try (EdgeServer server = server()) {
            String printed = gather(0, server.address(), "alice:secret", "60", "--port-pairs");

            assertThat(printed).containsPattern("RTP +relayed ").containsPattern("RTCP +relayed ");
        }
    }

    @Test
    void aRefusedUserIsMissingHisRelay() {
        try (EdgeServer server = server()) {
            String printed = gather(1, server.address(), "alice:wrong", "60");

            assertThat(printed).containsPattern("Missing\\R+ +relayed candidate from .*401");
        }
    }

    // There is no NAT on the way to the STUN server: what it says is the host candidate itself
    @Test
    void whatAStunServerSawIsNotMissingWhereThereIsNoNat() {
        try (EdgeServer server = server()) {
            String stun = "stun:127.0.0.1:" + server.address().getPort();

            String printed = gather(0, server.address(), "alice:secret", "60", "--stun", stun);

            assertThat(printed)
                    .containsPattern("Not needed\\R+ +server-reflexive candidate from .*: it is the host candidate")
                    .doesNotContain("Missing");
        }
    }

    @Test
    void hostCandidatesAloneAreNotAllThatWasAskedFor() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getByName(LOOPBACK))) {
            String stun = "stun:127.0.0.1:" + silent.getLocalPort();

            String printed = run(1, List.of("gather", "--address", LOOPBACK, "--stun", stun, "--wait", "0.2"));

            assertThat(printed).contains("1 candidate ", "host  ", "still waiting for ");
        }
    }

    // TEST-NET-3: no machine has it
    @Test
    void anAddressThatIsAskedForAndNotThereIsMissed() {
        try (EdgeServer server = server()) {
            String printed = gather(1, server.address(), "alice:secret", "60", "--address", "203.0.113.77");

            assertThat(printed).containsPattern("Missing\\R+ +host candidate .*203\\.0\\.113\\.77");
        }
    }

    // It would be given up after 39.5 s (RFC 8489 §6.2.1), and nobody waits that long for a list of candidates
    @Test
    void aServerThatSaysNothingIsStillWaitedFor() throws IOException {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getByName(LOOPBACK))) {
            InetSocketAddress at = (InetSocketAddress) silent.getLocalSocketAddress();

            assertThat(gather(1, at, "alice:secret", "0.2"))
                    .containsPattern("Missing\\R+ +still waiting for .*127.0.0.1:" + at.getPort());
        }
    }
}
