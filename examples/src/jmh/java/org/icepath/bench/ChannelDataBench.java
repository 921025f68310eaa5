// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.icepath.turn.wire.ChannelData;
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

/** The header of ChannelData, written into the headroom of packets and read from them in place. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class ChannelDataBench {

    private static final int PACKETS = 256;

    @Param
    public Memory memory = Memory.DIRECT;

    private final int[] lengths = new int[PACKETS];
    private ByteBuffer[] packets = new ByteBuffer[0];

    @Setup
    public void lay() {
        Random random = new Random(8656);
        packets = new ByteBuffer[PACKETS];
        for (int i = 0; i < PACKETS; i++) {
            lengths[i] = 120 + random.nextInt(80);
            packets[i] = memory.allocate(ChannelData.HEADER_LENGTH + lengths[i]);
        }
        write();
        if (read() == 0) {
            throw new IllegalStateException("nothing to measure");
        }
    }

    /** What a packet gets on its way to a relay. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void write() {
        for (int i = 0; i < PACKETS; i++) {
            ChannelData.writeHeader(packets[i], 0, ChannelData.MIN_CHANNEL + (i & 0xFF), lengths[i]);
        }
    }

    /** What a packet from a relay is asked: whether it is whole, whose it is, how much of it is data. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public int read() {
        int seen = 0;
        for (ByteBuffer packet : packets) {
            int header = ChannelData.headerOf(packet);
            if (header != ChannelData.NONE) {
                seen += ChannelData.channelIn(header) + ChannelData.lengthIn(header);
            }
        }
        return seen;
    }
}
