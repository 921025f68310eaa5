// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** One program run to its end, its output collected. Immutable; {@code with...} methods return copies. */
public record Command(List<String> words, Map<String, String> environment, Duration limit) {

    /**
     * What came of it.
     *
     * @param exit the exit status; -1 when the limit ended it
     */
    public record Result(int exit, String output, String errors) {}

    public Command {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    public static Command of(Object... words) {
        List<String> texts = new ArrayList<>();
        for (Object word : words) {
            texts.add(word.toString());
        }
        return new Command(texts, Map.of(), Duration.ofSeconds(60));
    }

    public Command with(String variable, Object value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value.toString());
        return new Command(words, more, limit);
    }

    public Command within(Duration other) {
        return new Command(words, environment, other);
    }

    /** Runs it; on reaching the limit it is ended together with what it started. */
    public Result run() {
        try {
            Path output = Files.createTempFile("icepath-lab", ".out");
            Path errors = Files.createTempFile("icepath-lab", ".err");
            try {
                int exit = run(output, errors);
                return new Result(exit, read(output), read(errors));
            } finally {
                Files.deleteIfExists(output);
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(words.get(0) + " does not start", e);
        }
    }

    /** Runs it and returns its standard output; any other exit status than 0 is an error. */
    public String output() {
        Result result = run();
        if (result.exit() != 0) {
            throw new IllegalStateException(
                    String.join(" ", words) + " ended with " + result.exit() + ": " + result.errors());
        }
        return result.output();
    }

    private int run(Path output, Path errors) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        Process process = builder.redirectInput(
                        ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return -1;
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
