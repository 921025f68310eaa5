// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench.scale;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs crowds of each implementation, each in a process of its own, one after the other. */
public final class ScaleBench {

    private static final int PAIRS = 1_000;

    private ScaleBench() {}

    /** What the crowds of both cost, in so many rounds; each begins with the one that the round before has ended with. */
    public static ScaleComparison run(int rounds) throws IOException, InterruptedException {
        List<ScaleComparison.Round> measured = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            measured.add(i % 2 == 0 ? oursFirst() : theirsFirst());
        }
        return new ScaleComparison(measured);
    }

    private static ScaleComparison.Round oursFirst() throws IOException, InterruptedException {
        ScaleFigures ours = told("icepath");
        return new ScaleComparison.Round(ours, told("ice4j"));
    }

    private static ScaleComparison.Round theirsFirst() throws IOException, InterruptedException {
        ScaleFigures theirs = told("ice4j");
        return new ScaleComparison.Round(told("icepath"), theirs);
    }

    private static ScaleFigures told(String implementation) throws IOException, InterruptedException {
        ScaleFigures figures = run(implementation);
        System.out.printf(Locale.ROOT, "%,d pairs of %-8s %s%n", PAIRS, implementation + ":", figures);
        return figures;
    }

    /** What the crowd of an implementation costs. */
    private static ScaleFigures run(String implementation) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xms1g",
                        "-Xmx1g",
                        "-XX:+UseParallelGC",
                        "-Dio.netty.leakDetection.level=disabled",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-Dice4j.harvest.use-ipv6=false", // one host candidate each, as ours has
                        ScaleTrial.class.getName(),
                        implementation,
                        address().getHostAddress(),
                        Integer.toString(PAIRS)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String figures =
                    lines.lines().filter(ScaleFigures::isLine).findFirst().orElse("");
            if (process.waitFor() != 0 || figures.isEmpty()) {
                throw new IllegalStateException("the crowd of " + implementation + " has ended without figures");
            }
            return ScaleFigures.parse(figures);
        }
    }

    /** Not loopback: ice4j gathers nothing there. */
    private static InetAddress address() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this machine has no IPv4 address but loopback"));
    }
}
