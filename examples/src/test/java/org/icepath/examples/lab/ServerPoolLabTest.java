// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** A name that stands for three TURN servers: the first is dead, the second sends us to the third. */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class ServerPoolLabTest {

    private static final String POOL = "pool.lab.example";
    private static final String ALIVE = "alive.lab.example"; // the same without the dead one
    private static final String DEAD = "10.255.0.1"; // the core drops what goes there, silently
    private static final String REDIRECTING = "192.0.2.10";
    private static final String GOOD = "203.0.113.10";

    /** What the first of a pool has before the next is tried (RFC 8305 §5). */
    private static final int HEAD_START_MILLIS = 250;

    /** What is due takes the next free beat of the pacer, which another server or check may have just taken (RFC 8445 §14.2: Ta). */
    private static final int BEAT_MILLIS = 50;

    /** By how much a timer, a thread and the rounding to milliseconds may change the middle of seven runs. */
    private static final int LATENESS_MILLIS = 10;

    private static final int TOLERANCE_MILLIS = BEAT_MILLIS + LATENESS_MILLIS;

    @Test
    void aDeadServerCostsOneHeadStartAndTheDirectPathNothing() throws Exception {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")) {
            internet.delay("edge", 30);
            Process redirecting = redirecting(internet);
            try {
                Map<String, Integer> took = probe(internet);

                assertThat(took.get("relayed by the pool"))
                        .as("%s", took)
                        .isLessThanOrEqualTo(
                                took.getOrDefault("relayed by the best", 0) + HEAD_START_MILLIS + TOLERANCE_MILLIS)
                        .as("the first server was asked, and is dead: %s", took)
                        .isGreaterThanOrEqualTo(HEAD_START_MILLIS);
                assertThat(took.get("direct with the pool"))
                        .as("%s", took)
                        .isLessThanOrEqualTo(took.getOrDefault("direct without", 0) + TOLERANCE_MILLIS)
                        .isLessThan(took.get("relayed by the pool"));
            } finally {
                redirecting.destroy();
            }
        }
    }

    private static Map<String, Integer> probe(LabInternet internet) throws IOException {
        String alice = internet.namespace(Network.Side.A);
        Path hosts = Path.of("/etc/netns", alice, "hosts"); // what a program in the namespace sees as /etc/hosts
        Files.createDirectories(hosts.getParent());
        Files.writeString(hosts, """
                127.0.0.1 localhost
                %3$s %1$s
                %4$s %1$s
                %5$s %1$s
                %4$s %2$s
                %5$s %2$s
                """.formatted(POOL, ALIVE, DEAD, REDIRECTING, GOOD));
        try {
            String output = Command.of(
                            "ip",
                            "netns",
                            "exec",
                            alice,
                            Path.of(System.getProperty("java.home"), "bin", "java"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            PoolProbe.class.getName(),
                            "turn:" + ALIVE + ":3478",
                            "turn:" + POOL + ":3478",
                            "lab",
                            "lab-secret")
                    .within(Duration.ofMinutes(2))
                    .output();
            Map<String, Integer> took = new HashMap<>();
            output.lines()
                    .map(line -> line.split(": ", 2))
                    .forEach(words -> took.put(words[0], Integer.parseInt(words[1])));
            return took;
        } finally {
            Files.delete(hosts);
            Files.delete(hosts.getParent());
        }
    }

    /** Another coturn, which has no relay for anybody. */
    private static Process redirecting(LabInternet internet) throws IOException {
        return new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        internet.namespace("pub"),
                        "turnserver",
                        "-n",
                        "--listening-ip=" + REDIRECTING,
                        "--relay-ip=" + REDIRECTING,
                        "--alternate-server=" + GOOD + ":3478",
                        "--lt-cred-mech",
                        "--user=lab:lab-secret",
                        "--realm=lab.example",
                        "--no-cli",
                        "--no-tls",
                        "--no-dtls",
                        "--pidfile=/dev/null",
                        "--log-file=stdout")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
