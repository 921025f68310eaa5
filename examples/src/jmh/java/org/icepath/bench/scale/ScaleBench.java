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
import java.util.List;

/** Runs a crowd of each implementation, each in a process of its own, one after the other. */
public final class ScaleBench {

    private static final int PAIRS = 1_000;

    private ScaleBench() {}

    /** What the crowd of an implementation costs. */
    public static ScaleFigures run(String implementation) throws IOException, InterruptedException {
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
