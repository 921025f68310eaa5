// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.icepath.connection.ConnectionSettings;
import org.icepath.net.EventLoops;
import org.icepath.testkit.edge.LoopbackIdentity;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.icepath.turn.client.TurnClient;
import org.icepath.turn.client.TurnException;
import org.icepath.turn.client.TurnRelay;

/**
 * A program that asks hostile servers for relays, all at a time, and prints what became of each and whether its deadline was kept; and
 * at last what is left of them all: sockets, direct memory, and tasks that an event loop has still to do.
 */
public final class HostileProbe {

    /** A transaction over UDP or TCP (RFC 8489 §6.2.1, §6.2.2). */
    private static final Duration TRANSACTION = Duration.ofMillis(39_500);

    private static final Duration CONNECTION = Duration.ofSeconds(3);
    private static final Duration SOON = Duration.ofSeconds(2);

    /** What a crowded machine takes longer. */
    private static final Duration TOLERANCE = Duration.ofSeconds(15);

    private static final int MOST_LOOKS = 40;
    private static final int LOOK_MILLIS = 50;

    /** A server, and until when it must have been given up. */
    private record Trial(HostileServer server, String uri, Duration deadline) {}

    private HostileProbe() {}

    public static void main(String[] arguments) throws Exception {
        HostileServer.stalled().close(); // with the first socket it closes, the JDK makes one of its own and keeps it
        HostileServer.silent().close();
        Set<String> before = sockets();
        Map<String, Trial> trials = new LinkedHashMap<>();
        add(trials, "silence", HostileServer.silent(), "turn:127.0.0.1:%d?transport=udp", TRANSACTION);
        add(trials, "garbage", HostileServer.babbling(), "turn:127.0.0.1:%d?transport=udp", TRANSACTION);
        add(trials, "no integrity", HostileServer.unproven(), "turn:127.0.0.1:%d?transport=udp", TRANSACTION);
        add(trials, "another's answer", HostileServer.confused(), "turn:127.0.0.1:%d?transport=udp", TRANSACTION);
        add(trials, "long nonces", HostileServer.challenging(), "turn:127.0.0.1:%d?transport=udp", SOON);
        add(trials, "endless redirects", HostileServer.redirecting(), "turn:127.0.0.1:%d?transport=udp", SOON);
        add(trials, "silent stream", HostileServer.stalled(), "turn:127.0.0.1:%d?transport=tcp", TRANSACTION);
        byte[] largest = {0x40, 0x00, (byte) 0xFF, (byte) 0xFF, 1, 2, 3};
        add(trials, "length of 65535", HostileServer.stalled(largest), "turn:127.0.0.1:%d?transport=tcp", TRANSACTION);
        byte[] half = {0x16, 0x03, 0x03, 0x40, 0x00, 0x02, 0x00};
        add(trials, "half a handshake", HostileServer.stalled(half), "turns:127.0.0.1:%d?transport=tcp", CONNECTION);
        add(trials, "silent DTLS", HostileServer.silent(), "turns:127.0.0.1:%d?transport=udp", CONNECTION);
        try (EventLoops loops = EventLoops.start(1)) {
            run(trials, loops);
            for (Trial trial : trials.values()) {
                trial.server().close();
            }
            printRest(before, loops);
        }
        // an event loop that has ended has given back what it reads into as well
        System.out.println("direct memory in use: " + pinnedDirectMemory());
    }

    /** What the last steps of closing take is given to them; what leaks stays. */
    private static void printRest(Set<String> before, EventLoops loops) throws Exception {
        for (int i = 0; i < MOST_LOOKS && openedSince(before) > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        System.out.println("sockets left: " + openedSince(before));
        System.out.println("timers left: "
                + CompletableFuture.supplyAsync(() -> ScheduledTasks.of(loops.next()), loops.next())
                        .get(5, TimeUnit.SECONDS));
    }

    private static void add(
            Map<String, Trial> trials, String name, HostileServer server, String uri, Duration deadline) {
        trials.put(name, new Trial(server, uri.formatted(server.port()), deadline));
    }

    private static void run(Map<String, Trial> trials, EventLoops loops) {
        ConnectionSettings settings =
                ConnectionSettings.create().withTls(LoopbackIdentity.client()).withDeadline(CONNECTION);
        try (TurnClient client = TurnClient.over(loops, settings)) {
            Map<String, CompletableFuture<String>> ends = new LinkedHashMap<>();
            trials.forEach((name, trial) -> ends.put(name, end(client, trial)));
            ends.forEach((name, end) -> System.out.println(name + ": " + end.join()));
        }
    }

    private static CompletableFuture<String> end(TurnClient client, Trial trial) {
        long begun = System.nanoTime();
        return client.allocate(TurnServer.parse(trial.uri()).credentials("alice", "secret"))
                .handle((relay, failure) -> {
                    Duration took = Duration.ofNanos(System.nanoTime() - begun);
                    boolean kept = took.compareTo(trial.deadline().plus(TOLERANCE)) < 0;
                    return kind(relay, failure) + (kept ? " in time" : " after " + took);
                });
    }

    private static String kind(TurnRelay relay, Throwable failure) {
        Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        TurnFailure known = cause instanceof TurnException typed ? typed.failure() : null;
        return relay != null ? "RELAYED at " + relay.relayedAddress() : known == null ? "" + cause : "" + known.kind();
    }

    private static long pinnedDirectMemory() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    /** By their names, not their number: one that was still closing when they were first looked at makes up for none that is left. */
    private static int openedSince(Set<String> before) throws IOException {
        Set<String> opened = new HashSet<>(sockets());
        opened.removeAll(before);
        return opened.size();
    }

    private static Set<String> sockets() throws IOException {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return files.map(HostileProbe::target)
                    .filter(target -> target.startsWith("socket:"))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException goneMeanwhile) {
            return "";
        }
    }
}
