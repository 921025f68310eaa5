// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.icepath.connection.ConnectionSettings;
import org.icepath.connection.TlsSettings;
import org.icepath.connection.TlsSettings.Provider;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.testkit.edge.LoopbackIdentity;
import org.icepath.turn.TurnServer;
import org.icepath.turn.client.TurnClient;
import org.icepath.turn.client.TurnRelay;

/**
 * How soon a fresh process has its first relay over TLS, with the JDK's TLS and with Bouncy Castle's: the same allocation on a server on
 * loopback, by turns. Prints the medians of the whole process and of the allocation within it, and the processor time it took.
 *
 * <p>Argument: how many processes of each kind, 9 if absent.
 */
public final class TlsStart {

    private static final int PROCESSES = 9;
    private static final int PATIENCE_SECONDS = 60;

    /** In milliseconds. */
    private record Run(long process, long allocation, long processor) {}

    private TlsStart() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2) {
            allocate(Provider.valueOf(arguments[0]), Integer.parseInt(arguments[1]));
            return;
        }
        int processes = arguments.length == 0 ? PROCESSES : Integer.parseInt(arguments[0]);
        ConnectionSettings identity = ConnectionSettings.create().withTls(LoopbackIdentity.server());
        try (EdgeServer server = EdgeServer.start(
                EdgeConfig.create().user("alice", "secret"),
                0,
                List.of(InetAddress.getLoopbackAddress()),
                event -> {},
                identity)) {
            compare(server.listen(Transport.TLS, 0).getPort(), processes);
        }
    }

    private static void compare(int port, int processes) throws IOException, InterruptedException {
        Map<Provider, List<Run>> runs = new EnumMap<>(Provider.class);
        for (int i = 0; i <= processes; i++) {
            for (Provider provider : Provider.values()) {
                Run run = run(provider, port);
                if (i > 0) { // the first ones fill the system's caches
                    runs.computeIfAbsent(provider, added -> new ArrayList<>()).add(run);
                }
            }
        }
        System.out.println("TLS by          process ms  allocation ms  processor ms");
        runs.forEach((provider, all) -> System.out.printf(
                Locale.ROOT,
                "%-14s %11d %14d %13d%n",
                provider,
                median(all.stream().mapToLong(Run::process).toArray()),
                median(all.stream().mapToLong(Run::allocation).toArray()),
                median(all.stream().mapToLong(Run::processor).toArray())));
    }

    private static long median(long[] values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }

    private static Run run(Provider provider, int port) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TlsStart.class.getName(),
                        provider.name(),
                        Integer.toString(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .trim()
                .split(" ", -1);
        if (process.waitFor() != 0) {
            throw new IOException(provider + " gave no relay");
        }
        long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        return new Run(whole, Long.parseLong(said[0]), Long.parseLong(said[1]));
    }

    private static void allocate(Provider provider, int port) throws Exception {
        long begun = System.nanoTime();
        TlsSettings tls = LoopbackIdentity.client().withProvider(provider);
        TurnServer server =
                TurnServer.parse("turns:localhost:" + port + "?transport=tcp").credentials("alice", "secret");
        try (TurnClient client = TurnClient.start(ConnectionSettings.create().withTls(tls));
                TurnRelay relay = client.allocate(server).get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            long took = relay.relayedAddress().isUnresolved() ? -1 : System.nanoTime() - begun;
            long processor = ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .map(Duration::toMillis)
                    .orElse(-1L);
            System.out.println(TimeUnit.NANOSECONDS.toMillis(took) + " " + processor);
        }
    }
}
