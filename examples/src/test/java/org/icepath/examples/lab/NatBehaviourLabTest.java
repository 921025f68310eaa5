// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code icepath nat} and coturn's own program say the same of every NAT that the kernel can be made into, and they are right. */
@Tag("lab")
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(LabExtension.class)
class NatBehaviourLabTest {

    /** How the lab calls the kinds of RFC 4787, and how the two programs do. */
    private static final Map<String, String> KINDS = Map.of(
            "ei", "endpoint-independent",
            "ad", "address-dependent",
            "apd", "address-and-port-dependent");

    /** Most of the time is spent waiting for what a filter keeps back. */
    private static final int AT_A_TIME = 3;

    private static final Pattern OURS = Pattern.compile("(mapping|filtering) +(\\S+)");
    private static final Pattern THEIRS = Pattern.compile("NAT with ([A-Za-z ]+) (Mapping|Filtering)!");

    /**
     * What a program says of a NAT.
     *
     * @param mapping as RFC 4787 calls it, with hyphens
     * @param filtering likewise
     */
    private record Behaviour(String mapping, String filtering) {}

    @Test
    void bothProgramsTellAllNineKindsApart() {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            Map<Behaviour, CompletableFuture<List<Behaviour>>> told = new LinkedHashMap<>();
            KINDS.keySet().forEach(mapping -> KINDS.keySet()
                    .forEach(filtering -> told.put(
                            new Behaviour(KINDS.getOrDefault(mapping, ""), KINDS.getOrDefault(filtering, "")),
                            CompletableFuture.supplyAsync(() -> ask(mapping, filtering), threads))));

            assertThat(told).hasSize(9).allSatisfy((set, said) -> assertThat(said.join())
                    .as("ours, theirs")
                    .containsExactly(set, set));
        } finally {
            threads.shutdown();
        }
    }

    private static List<Behaviour> ask(String mapping, String filtering) {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")) {
            internet.nat("ra", "map=" + mapping + ",filter=" + filtering);
            String alice = internet.namespace(Network.Side.A);
            String theirs = Command.of(
                            "ip", "netns", "exec", alice, "turnutils_natdiscovery", "-m", "-f", "203.0.113.10")
                    .within(Duration.ofMinutes(1))
                    .output();
            String ours = Command.of(
                            "ip",
                            "netns",
                            "exec",
                            alice,
                            Path.of(System.getProperty("java.home"), "bin", "java"),
                            "-XX:TieredStopAtLevel=1",
                            "-jar",
                            Surroundings.jar(),
                            "nat",
                            "stun:203.0.113.10")
                    .within(Duration.ofMinutes(1))
                    .output();
            return List.of(ours(ours), theirs(theirs));
        }
    }

    private static Behaviour ours(String output) {
        Map<String, String> said = new LinkedHashMap<>();
        Matcher line = OURS.matcher(output);
        while (line.find()) {
            said.put(line.group(1), line.group(2));
        }
        return new Behaviour(said.getOrDefault("mapping", output), said.getOrDefault("filtering", output));
    }

    private static Behaviour theirs(String output) {
        Map<String, String> said = new LinkedHashMap<>();
        Matcher line = THEIRS.matcher(output);
        while (line.find()) {
            said.put(
                    line.group(2).toLowerCase(Locale.ROOT),
                    line.group(1).toLowerCase(Locale.ROOT).replace(' ', '-'));
        }
        return new Behaviour(said.getOrDefault("mapping", output), said.getOrDefault("filtering", output));
    }
}
