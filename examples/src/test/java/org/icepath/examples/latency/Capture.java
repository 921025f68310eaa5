// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.TransactionId;
import org.icepath.testkit.capture.CaptureReader;
import org.icepath.testkit.capture.CapturedFrame;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;

/** What one host sends, as tcpdump sees it; for the distance between new transactions (RFC 8445 §14.2). */
final class Capture implements AutoCloseable {

    private static final int END_SECONDS = 5;

    /** The kernel hands over what it has captured once a second: a program that woke up for each packet would be measured, too. */
    private static final int BUFFERED_MILLIS = 1_500;

    private static final int ETHERNET = 14;
    private static final int UDP = 8;
    private static final int BINDING_REQUEST = 0x0001;

    private final Path file;
    private final Process process;

    private Capture(Path file, Process process) {
        this.file = file;
        this.process = process;
    }

    /** Starts one; packets are seen from the moment it returns. */
    static Capture of(String namespace, String address) throws IOException {
        Path file = Files.createTempFile("icepath-latency", ".pcap");
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
                        "--time-stamp-precision=nano",
                        "-w",
                        file.toString(),
                        "udp and net 192.168.1.0/24 and outbound")
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
        return new Capture(file, process);
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
        Thread.sleep(BUFFERED_MILLIS);
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
    }
}
