// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The segments of one direction of a TCP connection, put in order. */
final class TcpStream {

    private final List<Segment> segments = new ArrayList<>();

    private record Segment(long sequence, byte[] data, int frame, long timeNanos) {}

    /**
     * Bytes without a gap.
     *
     * @param bytes the bytes
     * @param pieces which frame brought which part, in the order of their offsets
     */
    record Run(byte[] bytes, List<Piece> pieces) {}

    /** Where the part of a run begins that a frame brought. */
    record Piece(int offset, int frame, long timeNanos) {}

    void add(CapturedPacket packet) {
        byte[] data = new byte[packet.payload().remaining()];
        packet.payload().get(packet.payload().position(), data);
        segments.add(new Segment(packet.sequence(), data, packet.frame(), packet.timeNanos()));
    }

    /** What arrived, in runs without gaps; retransmissions are dropped, and a hole in the capture ends a run. */
    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Piece> pieces = new ArrayList<>();
        long next = Long.MIN_VALUE;
        for (Segment segment : ordered()) {
            long from = relative(segment);
            if (next != Long.MIN_VALUE && from > next) {
                runs.add(new Run(bytes.toByteArray(), List.copyOf(pieces)));
                bytes.reset();
                pieces.clear();
            }
            int known = (int) Math.min(segment.data.length, Math.max(0, next == Long.MIN_VALUE ? 0 : next - from));
            if (known < segment.data.length) {
                pieces.add(new Piece(bytes.size(), segment.frame, segment.timeNanos));
                bytes.write(segment.data, known, segment.data.length - known);
            }
            next = Math.max(next, from + segment.data.length);
        }
        if (bytes.size() > 0) {
            runs.add(new Run(bytes.toByteArray(), List.copyOf(pieces)));
        }
        return runs;
    }

    private List<Segment> ordered() {
        return segments.stream()
                .sorted(Comparator.comparingLong(this::relative)
                        .thenComparing(Segment::data, Arrays::compareUnsigned)
                        .thenComparingInt(Segment::frame))
                .toList();
    }

    /** The distance from the first segment, with sequence numbers that wrap (RFC 9293 §3.4). */
    private long relative(Segment segment) {
        return (int) (segment.sequence - segments.get(0).sequence);
    }
}
