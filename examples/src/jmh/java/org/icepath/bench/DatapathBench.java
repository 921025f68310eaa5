// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One packet sent and received over loopback on one event loop, the next one when it has arrived: through connected agents, and
 * through bare channels of the same kind with the same allocator. The relayed rows are a packet to the same relay and back, as
 * ChannelData: over an agent's allocation, and over a bare channel.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// The whole way from socket to socket is long: until all of it is compiled, objects that vanish later are still
// allocated.
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DatapathBench {

    private static final int PACKETS = 2_000;

    /** An event loop and a lane on it. */
    @State(Scope.Benchmark)
    public abstract static class Traffic {

        private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        private Lane lane;
        private CountDownLatch done = new CountDownLatch(0);
        private int left;

        abstract Lane open(EventLoopGroup group) throws Exception;

        @Setup
        public void start() throws Exception {
            lane = open(group);
            lane.onArrival(this::next);
        }

        private void next() {
            left--;
            if (left > 0) {
                lane.send();
            } else {
                done.countDown();
            }
        }

        void run() throws InterruptedException {
            done = new CountDownLatch(1);
            left = PACKETS;
            lane.loop().execute(lane::send);
            if (!done.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a packet was lost on loopback, " + left + " left to go");
            }
        }

        @TearDown
        public void end() {
            lane.close();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /** Bare channels. */
    public static class Bare extends Traffic {
        @Override
        Lane open(EventLoopGroup group) {
            return new BareLane(group);
        }
    }

    /** Agents. */
    public static class Agents extends Traffic {
        @Override
        Lane open(EventLoopGroup group) throws Exception {
            return new AgentLane(group);
        }
    }

    /** A bare channel and a relay. */
    public static class BareRelayed extends Traffic {
        @Override
        Lane open(EventLoopGroup group) {
            return new BareRelayedLane(group);
        }
    }

    /** An agent and a relay. */
    public static class Relayed extends Traffic {
        @Override
        Lane open(EventLoopGroup group) throws Exception {
            return new RelayedLane(group);
        }
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void bare(Bare traffic) throws InterruptedException {
        traffic.run();
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void agents(Agents traffic) throws InterruptedException {
        traffic.run();
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void bareRelayed(BareRelayed traffic) throws InterruptedException {
        traffic.run();
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public void relayed(Relayed traffic) throws InterruptedException {
        traffic.run();
    }
}
