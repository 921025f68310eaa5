// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A peer in a network namespace that a test talks to line by line for a whole call; thread-safe. */
final class TalkingPeer implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Writer input;
    private final Path log;
    private final List<JsonNode> said = new ArrayList<>();
    private final List<Consumer<JsonNode>> listeners = new ArrayList<>();
    private long heardAt = System.nanoTime();
    private long longestSilence;
    private int heard;
    private int spoken;

    private TalkingPeer(Process process, Path log) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.log = log;
        Thread reader = new Thread(this::read, "peer-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** @param log what it says goes to this file in the end */
    static TalkingPeer start(String namespace, Program program, Path log) {
        return start(List.of("ip", "netns", "exec", namespace, "sh", "-c", "exec " + program.command()), log);
    }

    /** As the other one, on this host itself. */
    static TalkingPeer start(Program program, Path log) {
        return start(List.of("sh", "-c", "exec " + program.command()), log);
    }

    private static TalkingPeer start(List<String> words, Path log) {
        try {
            Files.createDirectories(log.getParent());
            Process process = new ProcessBuilder(words)
                    .redirectError(
                            log.resolveSibling(log.getFileName() + ".err").toFile())
                    .start();
            return new TalkingPeer(process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hear(line);
            }
        } catch (IOException e) {
            // the process has ended, and its last line with it
            return;
        }
    }

    private void hear(String line) {
        JsonNode event;
        try {
            event = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            // a Java machine warns on its output
            event = JSON.createObjectNode().put("event", "noise").put("line", line);
        }
        synchronized (listeners) {
            take(event);
            for (Consumer<JsonNode> listener : listeners) {
                listener.accept(event);
            }
        }
    }

    private synchronized void take(JsonNode event) {
        if (event.path("event").asText().equals("data")) {
            long now = System.nanoTime();
            longestSilence = Math.max(longestSilence, now - heardAt);
            heardAt = now;
            heard++;
        } else {
            said.add(event);
        }
        notifyAll();
    }

    /** Has {@code listener} hear everything that it says from now on, in order and on one thread, and all that it has said before. */
    void onSaid(Consumer<JsonNode> listener) {
        // not under the lock of commands: whoever listens gives them to another peer, which may listen here
        synchronized (listeners) {
            List<JsonNode> before;
            synchronized (this) {
                before = List.copyOf(said);
            }
            before.forEach(listener);
            listeners.add(listener);
        }
    }

    /** What it said last with this name; a missing node if it never did. */
    synchronized JsonNode last(String name) {
        return said.stream().filter(event(name)).reduce(JSON.missingNode(), (earlier, later) -> later);
    }

    /** How many events so far fit. */
    synchronized long count(Predicate<JsonNode> event) {
        return said.stream().filter(event).count();
    }

    /** Waits until more than {@code before} events fit. */
    synchronized boolean awaitMore(Duration time, long before, Predicate<JsonNode> event) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (count(event) <= before) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /** Gives it a command. One that it cannot take any more is lost. */
    synchronized void tell(JsonNode command) {
        try {
            input.write(command + "\n");
            input.flush();
        } catch (IOException e) {
            // it has ended; what it said before decides
            return;
        }
    }

    /** A command with this name. */
    static ObjectNode command(String name) {
        return JSON.createObjectNode().put("cmd", name);
    }

    /** The first event that fits, waited for. */
    synchronized Optional<JsonNode> await(Duration time, Predicate<JsonNode> event) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (true) {
            Optional<JsonNode> found = said.stream().filter(event).findFirst();
            long left = end - System.nanoTime();
            if (found.isPresent() || left <= 0) {
                return found;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Lets time pass, in which it goes on. */
    void pass(Duration time) throws InterruptedException {
        await(time, event -> false);
    }

    static Predicate<JsonNode> event(String name) {
        return event -> event.path("event").asText().equals(name);
    }

    static Predicate<JsonNode> state(String name) {
        return event -> event.path("state").asText().equals(name);
    }

    /** From now on the longest silence counts. */
    synchronized void mark() {
        longestSilence = 0;
        heardAt = System.nanoTime();
    }

    /** The longest time without data since the mark, the present silence included. */
    synchronized Duration longestSilence() {
        return Duration.ofNanos(Math.max(longestSilence, System.nanoTime() - heardAt));
    }

    /** How much data it has heard, of what the other one has {@link #spoken}. */
    synchronized int heard() {
        return heard;
    }

    /** How often it was told to send data. */
    synchronized int spoken() {
        return spoken;
    }

    /** Has it send data. */
    void speak(JsonNode packet) {
        synchronized (this) {
            spoken++;
        }
        tell(packet);
    }

    /** The pair that its data goes over, as it said last. */
    synchronized Optional<SelectedPair> path() {
        List<JsonNode> selected = said.stream().filter(event("selected")).toList();
        return selected.isEmpty() ? Optional.empty() : SelectedPair.read(selected.get(selected.size() - 1));
    }

    /** Waits until the pair that its data goes over is such a one; the pair as it is in the end. */
    synchronized Optional<SelectedPair> awaitPath(Duration time, Predicate<SelectedPair> fits)
            throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        while (path().filter(fits).isEmpty()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return path();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return path();
    }

    /** All that it said but data, a line each. */
    synchronized String text() {
        StringBuilder text = new StringBuilder();
        said.forEach(event -> text.append(event).append('\n'));
        return text.toString();
    }

    /** Waits until its process has ended. */
    void awaitEnd(Duration time) throws InterruptedException {
        process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Has it end its session and tell its report, which it was started to do. */
    String end() throws InterruptedException {
        tell(command("close"));
        awaitEnd(Duration.ofSeconds(5));
        await(Duration.ofSeconds(2), event("report"));
        return text();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            Files.writeString(log, text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
