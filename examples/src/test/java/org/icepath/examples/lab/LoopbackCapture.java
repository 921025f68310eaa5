// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Captures the datagrams on loopback while something is done. */
final class LoopbackCapture {

    private LoopbackCapture() {}

    /** What comes of the action; what was sent meanwhile is in the file. */
    static <T> T to(Path file, Callable<T> action) throws Exception {
        Surroundings.makeWorkDirectory();
        Files.deleteIfExists(file);
        Process tcpdump = new ProcessBuilder(
                        "tcpdump", "-i", "lo", "--immediate-mode", "-U", "-w", file.toString(), "udp")
                .start();
        try (BufferedReader said = tcpdump.errorReader(UTF_8)) {
            awaitListening(said);
            T result = action.call();
            tcpdump.destroy();
            assertThat(tcpdump.waitFor(10, SECONDS)).isTrue();
            return result;
        } finally {
            tcpdump.destroyForcibly();
        }
    }

    private static void awaitListening(BufferedReader said) throws IOException {
        String line = said.readLine();
        while (line != null && !line.contains("listening on")) {
            line = said.readLine();
        }
        assertThat(line).as("tcpdump captures").isNotNull();
    }
}
