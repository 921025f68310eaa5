// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.icepath.testkit.capture.CaptureRow.Carrier;
import org.icepath.testkit.capture.CaptureRow.Datagram;
import org.icepath.testkit.capture.CaptureRow.StreamPart;
import org.icepath.testkit.capture.DecodedContent.StunContent;
import org.jspecify.annotations.Nullable;

/**
 * Finds the STUN and TURN messages of a capture, on UDP and TCP, on any port.
 *
 * <p>What has a cookie is taken for STUN; what has none, as RFC 3489 wrote it, only when type, length and attributes all fit.
 * ChannelData on UDP is taken only between two endpoints that have bound a channel before, because its first byte means little.
 */
public final class CaptureDecoder {

    private static final int CHANNEL_BIND_REQUEST = 0x0009;
    private static final int CHANNEL_BIND_SUCCESS = 0x0109;

    private final String file;
    private final List<CaptureRow> rows = new ArrayList<>();
    private final Set<Set<InetSocketAddress>> boundFlows = new HashSet<>();
    private final Map<Set<InetSocketAddress>, Integer> connections = new HashMap<>();
    private final Map<Direction, TcpStream> streams = new LinkedHashMap<>();
    private int nextConnection;

    private CaptureDecoder(String file) {
        this.file = file;
    }

    private record Direction(int connection, InetSocketAddress source, InetSocketAddress destination) {}

    /**
     * The messages of a capture file in the order of their frames.
     *
     * @throws CaptureException when it is neither pcap nor pcapng
     */
    public static List<CaptureRow> decode(Path file) throws IOException {
        return decode(String.valueOf(file.getFileName()), CaptureReader.read(file));
    }

    /**
     * The messages in these frames.
     *
     * @param file the name that the rows bear
     */
    public static List<CaptureRow> decode(String file, List<CapturedFrame> frames) {
        CaptureDecoder decoder = new CaptureDecoder(file);
        PacketReader.read(frames).forEach(decoder::add);
        decoder.streams.forEach(decoder::addStream);
        decoder.rows.sort(Comparator.comparingInt(CaptureRow::frame).thenComparingInt(CaptureDecoder::stream));
        return List.copyOf(decoder.rows);
    }

    private static int stream(CaptureRow row) {
        return row.carrier() instanceof StreamPart part ? part.stream() : 0;
    }

    private void add(CapturedPacket packet) {
        Set<InetSocketAddress> flow = new HashSet<>(List.of(packet.source(), packet.destination()));
        if (packet.tcp()) {
            addSegment(packet, flow);
            return;
        }
        byte[] bytes = new byte[packet.payload().remaining()];
        packet.payload().get(0, bytes);
        DecodedContent content = datagram(bytes, boundFlows.contains(flow));
        if (content == null) {
            return;
        }
        if (content instanceof StunContent stun
                && (stun.type() == CHANNEL_BIND_REQUEST || stun.type() == CHANNEL_BIND_SUCCESS)) {
            boundFlows.add(flow);
        }
        addRow(packet.frame(), packet.timeNanos(), new Datagram(), packet.source(), packet.destination(), content);
    }

    private static @Nullable DecodedContent datagram(byte[] bytes, boolean channelBound) {
        if (StunForm.isStun(bytes) || StunForm.isClassic(bytes)) {
            return ContentDecoder.stun(bytes);
        }
        if (StunForm.isMultiplexed(bytes)) {
            return ContentDecoder.multiplexed(bytes);
        }
        // RFC 8656 §12 has channels below 0x5000 only; above, other protocols share the port.
        return channelBound && StunForm.isChannelData(bytes) && (bytes[0] & 0xFF) < 0x50
                ? ContentDecoder.channelData(bytes)
                : null;
    }

    private void addSegment(CapturedPacket packet, Set<InetSocketAddress> flow) {
        if (packet.opens() && connections.containsKey(flow) && hasData(flow)) {
            connections.remove(flow);
        }
        int connection = connections.computeIfAbsent(flow, each -> nextConnection++);
        if (packet.payload().hasRemaining()) {
            streams.computeIfAbsent(
                            new Direction(connection, packet.source(), packet.destination()), each -> new TcpStream())
                    .add(packet);
        }
    }

    private boolean hasData(Set<InetSocketAddress> flow) {
        Integer connection = connections.get(flow);
        return streams.keySet().stream().anyMatch(each -> connection != null && each.connection == connection);
    }

    private void addStream(Direction direction, TcpStream stream) {
        for (TcpStream.Run run : stream.runs()) {
            for (StreamDeframer.Frame frame : StreamDeframer.frames(run.bytes())) {
                addMessage(direction, run, frame);
            }
        }
    }

    private void addMessage(Direction direction, TcpStream.Run run, StreamDeframer.Frame frame) {
        int begin = 0;
        List<TcpStream.Piece> pieces = run.pieces();
        for (int i = 0; i < pieces.size(); i++) {
            begin = pieces.get(i).offset() <= frame.offset() ? i : begin;
        }
        int end = frame.offset() + frame.message().length;
        List<TcpStream.Piece> contributors = pieces.subList(begin, pieces.size()).stream()
                .filter(piece -> piece.offset() < end)
                .toList();
        TcpStream.Piece last = contributors.get(contributors.size() - 1);
        List<Integer> numbers = contributors.stream()
                .map(TcpStream.Piece::frame)
                .distinct()
                .sorted()
                .toList();
        Carrier carrier = new StreamPart(direction.connection, frame.framing(), numbers);
        DecodedContent content = ContentDecoder.streamFrame(frame.message());
        addRow(last.frame(), last.timeNanos(), carrier, direction.source, direction.destination, content);
    }

    private void addRow(
            int frame,
            long timeNanos,
            Carrier carrier,
            InetSocketAddress source,
            InetSocketAddress destination,
            DecodedContent content) {
        rows.add(new CaptureRow(file, frame, timeNanos, carrier, text(source), text(destination), content));
    }

    private static String text(InetSocketAddress address) {
        return AddressText.of(address.getAddress()) + ":" + address.getPort();
    }
}
