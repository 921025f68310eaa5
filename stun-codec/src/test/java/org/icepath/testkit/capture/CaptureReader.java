// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads capture files of the classic pcap format; pcapng goes to its own reader. */
public final class CaptureReader {

    private static final int PCAP_MICROS = 0xA1B2C3D4;
    private static final int PCAP_NANOS = 0xA1B23C4D;
    private static final int GZIP = 0x8B1F; // the first two bytes, as little-endian
    private static final int PCAP_HEADER_LENGTH = 24;
    private static final int RECORD_HEADER_LENGTH = 16;
    private static final int MOST_BYTES = Integer.MAX_VALUE - 8; // what an array may have

    private CaptureReader() {}

    /**
     * The frames of a file, as far as they are whole.
     *
     * @throws CaptureException when it is neither pcap nor pcapng
     */
    public static List<CapturedFrame> read(Path file) throws IOException {
        return readFile(file).frames();
    }

    /**
     * The frames of a file's content, as far as they are whole.
     *
     * @throws CaptureException when it is neither pcap nor pcapng
     */
    public static List<CapturedFrame> read(byte[] content) {
        return readContent(content).frames();
    }

    /**
     * The frames of a file, and what is wrong with it.
     *
     * @throws CaptureException when it is neither pcap nor pcapng
     */
    public static CaptureFile readFile(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new CaptureException("larger than 2 GiB");
        }
        return readContent(Files.readAllBytes(file));
    }

    /**
     * The frames of a file's content, and what is wrong with it.
     *
     * @throws CaptureException when it is neither pcap nor pcapng
     */
    public static CaptureFile readContent(byte[] content) {
        if (content.length == 0) {
            throw new CaptureException("the file is empty");
        }
        ByteBuffer bytes = ByteBuffer.wrap(content).asReadOnlyBuffer();
        if (bytes.remaining() < PCAP_HEADER_LENGTH) {
            throw new CaptureException("neither pcap nor pcapng, only " + bytes.remaining() + " bytes");
        }
        int magic = bytes.getInt(0);
        if (magic == PcapngReader.SECTION_HEADER) {
            return new PcapngReader(bytes).read();
        }
        if (magic != PCAP_MICROS && magic != PCAP_NANOS) {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            magic = bytes.getInt(0);
        }
        if ((magic & 0xFFFF) == GZIP) {
            throw new CaptureException("packed by gzip: unpack it first");
        }
        return switch (magic) {
            case PCAP_MICROS -> readPcap(bytes, 1_000);
            case PCAP_NANOS -> readPcap(bytes, 1);
            default -> throw new CaptureException("neither pcap nor pcapng, magic " + Integer.toHexString(magic));
        };
    }

    private static CaptureFile readPcap(ByteBuffer bytes, int nanosPerUnit) {
        int linkType = bytes.getInt(20) & 0x0FFF_FFFF;
        List<CapturedFrame> frames = new ArrayList<>();
        int at = PCAP_HEADER_LENGTH;
        while (bytes.limit() - at >= RECORD_HEADER_LENGTH) {
            int length = bytes.getInt(at + 8);
            if (length < 0 || length > bytes.limit() - at - RECORD_HEADER_LENGTH) {
                return new CaptureFile(
                        frames, Optional.of(cutOff(at, RECORD_HEADER_LENGTH + (length & 0xFFFF_FFFFL), bytes)));
            }
            long time = (bytes.getInt(at) & 0xFFFF_FFFFL) * 1_000_000_000L
                    + (bytes.getInt(at + 4) & 0xFFFF_FFFFL) * nanosPerUnit;
            frames.add(new CapturedFrame(
                    frames.size() + 1, time, linkType, bytes.slice(at + RECORD_HEADER_LENGTH, length)));
            at += RECORD_HEADER_LENGTH + length;
        }
        boolean rest = at < bytes.limit();
        return new CaptureFile(frames, rest ? Optional.of(cutOff(at, RECORD_HEADER_LENGTH, bytes)) : Optional.empty());
    }

    /** What is said of a record at a place that needs more bytes than there are. */
    static String cutOff(int at, long length, ByteBuffer bytes) {
        return "cut off: the record at offset " + at + " has at least " + length + " bytes, and the file ends after "
                + (bytes.limit() - at) + " of them";
    }
}
