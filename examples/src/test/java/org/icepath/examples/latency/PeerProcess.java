// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A {@link LatencyPeer} in a Java machine of its own. Not thread-safe. */
final class PeerProcess implements AutoCloseable {

    private static final int END_SECONDS = 5;

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    private PeerProcess(Process process) {
        this.process = process;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts one in a network namespace. */
    static PeerProcess start(String namespace) throws IOException {
        return new PeerProcess(new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LatencyPeer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /**
     * The next answer.
     *
     * @return the words after {@code expected}
     * @throws IOException when it is another one, or there is none
     */
    String[] hear(String expected) throws IOException {
        String line = answers.readLine();
        if (line == null || !line.startsWith(expected)) {
            throw new IOException("expected " + expected + ", heard " + line);
        }
        return line.substring(expected.length()).trim().split(" ", -1);
    }

    String[] ask(String command, String expected) throws IOException {
        commands.println(command);
        return hear(expected);
    }

    @Override
    public void close() {
        commands.close();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
