// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.icepath.examples.lab.Command;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.TransactionId;
import org.icepath.testkit.capture.CaptureReader;
import org.icepath.testkit.capture.CapturedFrame;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;

/** What one host sends, as tcpdump sees it; for the distance between new transactions (RFC 8445 §14.2). */
final class Capture implements AutoCloseable {

    private static final int END_SECONDS = 10;

    /** The last datagram; no STUN message begins so. */
    private static final String LAST = "the last datagram of this capture";

    private static final int DISCARD_PORT = 9;
    private static final int ETHERNET = 14;
    private static final int UDP = 8;
    private static final int BINDING_REQUEST = 0x0001;

    private final String namespace;
    private final String neighbour;
    private final Path file;
    private final Process process;

    private Capture(String namespace, String neighbour, Path file, Process process) {
        this.namespace = namespace;
        this.neighbour = neighbour;
        this.file = file;
        this.process = process;
    }

    /**
     * Starts one; packets are seen from the moment it returns.
     *
     * @param neighbour an address that this host has sent to before
     */
    static Capture of(String namespace, String neighbour) throws IOException {
        Path file = Files.createTempDirectory("icepath-latency").resolve("sent.pcap");
        Process process = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        namespace,
                        "tcpdump",
                        "-i",
                        "eth0",
                        "-s",
                        "600",
                        "-B",
                        "8192",
                        "-U",
                        "--time-stamp-precision=nano",
                        "-w",
                        file.toString(),
                        // as a word of the filter it would lose what comes at first
                        "-Q",
                        "out",
                        "udp and net 192.168.1.0/24")
                .redirectErrorStream(true)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String line = said.readLine();
        while (line != null && !line.contains("listening on")) {
            line = said.readLine();
        }
        if (line == null) {
            throw new IOException("tcpdump does not capture in " + namespace);
        }
        return new Capture(namespace, neighbour, file, process);
    }

    /**
     * Distances between the beginnings of transactions, in nanoseconds and in ascending order.
     *
     * @param ofOneAgent between those of one agent
     * @param ofAll between those of all agents of the process
     */
    record Gaps(long[] ofOneAgent, long[] ofAll) {}

    /** Ends it. The first agent does not count: its call was made while tcpdump began. */
    Gaps gaps() throws IOException, InterruptedException {
        awaitAll();
        process.destroy();
        process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        Set<TransactionId> known = new HashSet<>();
        List<Long> all = new ArrayList<>();
        Map<String, Long> last = new HashMap<>();
        Optional<String> first = Optional.empty();
        List<Long> ofOneAgent = new ArrayList<>();
        List<Long> ofAll = new ArrayList<>();
        for (CapturedFrame frame : CaptureReader.read(file)) {
            ByteBuffer payload = payload(frame.data());
            if (Demux.of(payload) != PacketKind.STUN || !isRequest(payload)) {
                continue;
            }
            StunMessage request = new StunMessage().wrap(payload);
            if (known.add(request.transactionId())) {
                String agent = request.get(Attributes.USERNAME).orElse("");
                first = first.or(() -> Optional.of(agent));
                if (first.get().equals(agent)) {
                    continue;
                }
                Long before = last.put(agent, frame.timeNanos());
                if (before != null) {
                    ofOneAgent.add(frame.timeNanos() - before);
                }
                all.add(frame.timeNanos());
            }
        }
        for (int i = 1; i < all.size(); i++) {
            ofAll.add(all.get(i) - all.get(i - 1));
        }
        return new Gaps(sorted(ofOneAgent), sorted(ofAll));
    }

    /**
     * The kernel hands over what it has captured once a second, since a program that woke up for each packet would be measured, too. So
     * one more datagram leaves, and once it is in the file all others are.
     */
    private void awaitAll() throws IOException, InterruptedException {
        try (WatchService changes = file.getFileSystem().newWatchService()) {
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a capture is no folder");
            folder.register(changes, StandardWatchEventKinds.ENTRY_MODIFY);
            String send = "printf '%s' '" + LAST + "' >/dev/udp/" + neighbour + "/" + DISCARD_PORT;
            Command.of("ip", "netns", "exec", namespace, "bash", "-c", send).output();
            while (!endsWithTheLast()) {
                WatchKey key = changes.poll(END_SECONDS, TimeUnit.SECONDS);
                if (key == null) {
                    throw new IOException("tcpdump in " + namespace + " did not see the last datagram");
                }
                key.pollEvents();
                key.reset();
            }
        }
    }

    private boolean endsWithTheLast() throws IOException {
        byte[] last = LAST.getBytes(StandardCharsets.US_ASCII);
        byte[] end = new byte[last.length];
        try (RandomAccessFile written = new RandomAccessFile(file.toFile(), "r")) {
            if (written.length() < last.length) {
                return false;
            }
            written.seek(written.length() - last.length);
            written.readFully(end);
        }
        return Arrays.equals(end, last);
    }

    private static long[] sorted(List<Long> gaps) {
        return gaps.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static boolean isRequest(ByteBuffer payload) {
        return payload.getShort(0) == BINDING_REQUEST;
    }

    /** What a UDP datagram over IPv4 carries. */
    private static ByteBuffer payload(ByteBuffer frame) {
        int udp = ETHERNET + (frame.get(ETHERNET) & 0x0F) * 4;
        return frame.slice(udp + UDP, frame.limit() - udp - UDP);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        Files.deleteIfExists(file);
        Files.delete(file.getParent());
    }
}
