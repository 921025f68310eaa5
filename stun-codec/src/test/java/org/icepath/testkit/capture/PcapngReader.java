// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads pcapng: sections of either byte order, interfaces with their own clocks, enhanced, simple and obsolete packet blocks. */
final class PcapngReader {

    static final int SECTION_HEADER = 0x0A0D0D0A;

    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int BLOCK_FRAME_LENGTH = 12; // type, and the length before and after what it holds
    private static final int FINEST = 18; // as many decimal digits as a long has
    private static final int OPTION_END = 0;
    private static final int OPTION_TIME_RESOLUTION = 9;
    private static final int OPTION_TIME_OFFSET = 14;

    private final ByteBuffer bytes;
    private final List<Interface> interfaces = new ArrayList<>();
    private final List<CapturedFrame> frames = new ArrayList<>();

    PcapngReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    private record Interface(int linkType, int snapLength, long unitsPerSecond, long offsetSeconds) {

        long nanos(long units) {
            BigInteger rest = BigInteger.valueOf(Math.floorMod(units, unitsPerSecond));
            return (units / unitsPerSecond + offsetSeconds) * 1_000_000_000L
                    + rest.multiply(BigInteger.valueOf(1_000_000_000L))
                            .divide(BigInteger.valueOf(unitsPerSecond))
                            .longValue();
        }
    }

    CaptureFile read() {
        int at = 0;
        while (bytes.limit() - at >= BLOCK_FRAME_LENGTH) {
            if (bytes.getInt(at) == SECTION_HEADER) {
                startSection(at);
            }
            int length = bytes.getInt(at + 4);
            if (length >= 0 && length < BLOCK_FRAME_LENGTH || (length & 3) != 0) {
                return upTo("broken: no block, such as at offset " + at + ", has " + length + " bytes");
            }
            if (length < 0 || length > bytes.limit() - at) {
                return upTo(CaptureReader.cutOff(at, length & 0xFFFF_FFFFL, bytes));
            }
            try {
                readBlock(bytes.getInt(at), at + 8, at + length - 4);
            } catch (CaptureException e) {
                return upTo("broken: in the block at offset " + at + ", " + e.getMessage());
            }
            at += length;
        }
        return at == bytes.limit()
                ? new CaptureFile(frames, Optional.empty())
                : upTo(CaptureReader.cutOff(at, BLOCK_FRAME_LENGTH, bytes));
    }

    private CaptureFile upTo(String trouble) {
        return new CaptureFile(frames, Optional.of(trouble));
    }

    private void startSection(int at) {
        bytes.order(ByteOrder.BIG_ENDIAN);
        if (bytes.getInt(at + 8) != BYTE_ORDER_MAGIC) {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
        }
        interfaces.clear();
    }

    private void readBlock(int type, int from, int to) {
        int least =
                switch (type) {
                    case INTERFACE_DESCRIPTION -> 8;
                    case ENHANCED_PACKET, OBSOLETE_PACKET -> 20;
                    case SIMPLE_PACKET -> 4;
                    default -> 0;
                };
        if (to - from < least) {
            throw new CaptureException("there is too little for its type " + type);
        }
        switch (type) {
            case INTERFACE_DESCRIPTION -> interfaces.add(readInterface(from, to));
            case ENHANCED_PACKET -> addFrame(bytes.getInt(from), bytes.getInt(from + 12), from, to);
            case OBSOLETE_PACKET -> addFrame(uint16(from), bytes.getInt(from + 12), from, to);
            case SIMPLE_PACKET -> addSimpleFrame(from, to);
            default -> {
                // Names, statistics, secrets: not needed.
            }
        }
    }

    private Interface readInterface(int from, int to) {
        long unitsPerSecond = 1_000_000;
        long offsetSeconds = 0;
        int at = from + 8;
        while (to - at >= 4 && uint16(at) != OPTION_END) {
            int length = uint16(at + 2);
            if (length > to - at - 4) {
                throw new CaptureException("an option is longer than the rest");
            }
            if (uint16(at) == OPTION_TIME_RESOLUTION && length >= 1) {
                unitsPerSecond = unitsPerSecond(bytes.get(at + 4));
            } else if (uint16(at) == OPTION_TIME_OFFSET && length >= 8) {
                offsetSeconds = bytes.getLong(at + 4);
            }
            at += 4 + (length + 3 & ~3);
        }
        return new Interface(uint16(from), bytes.getInt(from + 4), unitsPerSecond, offsetSeconds);
    }

    private static long unitsPerSecond(byte resolution) {
        int exponent = resolution & 0x7F;
        if (exponent > FINEST) {
            throw new CaptureException("the clock of an interface has " + exponent + " digits after the point");
        }
        return resolution < 0 ? 1L << exponent : BigInteger.TEN.pow(exponent).longValueExact();
    }

    private void addFrame(int interfaceId, int length, int from, int to) {
        Interface captured = interfaceAt(interfaceId);
        long units = (long) bytes.getInt(from + 4) << 32 | (bytes.getInt(from + 8) & 0xFFFF_FFFFL);
        add(captured, captured.nanos(units), from + 20, length, to);
    }

    private void addSimpleFrame(int from, int to) {
        Interface captured = interfaceAt(0);
        int original = bytes.getInt(from);
        int length = captured.snapLength == 0 ? original : Math.min(original, captured.snapLength);
        add(captured, 0, from + 4, length, to);
    }

    private void add(Interface captured, long time, int from, int length, int to) {
        if (length < 0 || length > to - from) {
            throw new CaptureException("frame " + (frames.size() + 1) + " is longer than its block");
        }
        frames.add(new CapturedFrame(frames.size() + 1, time, captured.linkType, bytes.slice(from, length)));
    }

    private Interface interfaceAt(int id) {
        if (id < 0 || id >= interfaces.size()) {
            throw new CaptureException("frame " + (frames.size() + 1) + " names interface " + id);
        }
        return interfaces.get(id);
    }

    private int uint16(int at) {
        return bytes.getShort(at) & 0xFFFF;
    }
}
