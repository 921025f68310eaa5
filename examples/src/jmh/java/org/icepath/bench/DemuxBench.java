// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.icepath.turn.wire.Demux;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Telling RTP, DTLS, STUN and ChannelData apart over a shuffled mix of packets. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class DemuxBench {

    /** As many as one read of a socket brings: they lie in the cache then, as those a socket has just read do. */
    private static final int PACKETS = 64;

    @Param
    public Memory memory = Memory.DIRECT;

    private ByteBuffer[] packets = new ByteBuffer[0];

    @Setup
    public void shuffle() {
        Random random = new Random(8445);
        packets = new ByteBuffer[PACKETS];
        for (int i = 0; i < PACKETS; i++) {
            packets[i] = memory.holding(
                    switch (random.nextInt(8)) {
                        case 0 -> Rfc5769.REQUEST;
                        case 1 -> startingWith(22, random);
                        case 2 -> startingWith(0x40, random);
                        default -> startingWith(0x80, random);
                    });
        }
    }

    private static byte[] startingWith(int first, Random random) {
        byte[] packet = new byte[172];
        random.nextBytes(packet);
        packet[0] = (byte) first;
        return packet;
    }

    /** What no way of telling them apart can do without: each packet's buffer is asked for its first byte. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int limitFirstByte() {
        int sum = 0;
        for (ByteBuffer packet : packets) {
            sum += packet.get(packet.position());
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int demux() {
        int kinds = 0;
        for (ByteBuffer packet : packets) {
            kinds += Demux.of(packet).ordinal();
        }
        return kinds;
    }
}
