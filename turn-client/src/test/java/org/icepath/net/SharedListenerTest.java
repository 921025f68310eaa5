// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.icepath.turn.wire.Rfc4571Framing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Strangers at a port for all: they end within their time, there are few of them, and they leave nothing behind. */
@Timeout(120)
class SharedListenerTest {

    private static final Duration PATIENCE = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MOST = 16;
    private static final int CROWD = Integer.getInteger("icepath.strangers", 1_000);

    private final EventLoops loops = EventLoops.start(1);
    private final AtomicInteger asked = new AtomicInteger();
    private Optional<SharedListener> listener = Optional.empty();

    @BeforeEach
    void listen() throws Exception {
        listen(PATIENCE);
    }

    private void listen(Duration patience) throws Exception {
        listener.ifPresent(SharedListener::close);
        listener = Optional.of(SharedListener.open(
                        loops,
                        loops.next(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Rfc4571Framing.INSTANCE,
                        new SharedListener.Limits(patience, MOST),
                        (from, first) -> {
                            asked.incrementAndGet();
                            return Optional.empty();
                        })
                .get(30, SECONDS));
    }

    @AfterEach
    void tearDown() {
        port().close();
        loops.close();
    }

    private SharedListener port() {
        return listener.orElseThrow();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(
                port().localAddress().getAddress(), port().localAddress().getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Waits until the other end has closed the connection. */
    private static void awaitEnd(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private enum Stranger {
        SILENT,
        HALF_A_LENGTH(0),
        HALF_A_FRAME(0, 100, 1, 2, 3),
        LONGEST_FRAME_AND_SILENCE(255, 255),
        GARBAGE(0, 4, 0xDE, 0xAD, 0xBE, 0xEF),
        EMPTY_FRAME(0, 0),
        HTTP('G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P');

        private final byte[] bytes;

        Stranger(int... bytes) {
            this.bytes = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                this.bytes[i] = (byte) bytes[i];
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoNamesNobodyIsCutOffInTime(Stranger stranger) throws Exception {
        boolean saysSomething = stranger == Stranger.GARBAGE || stranger == Stranger.EMPTY_FRAME;
        if (saysSomething) {
            listen(LONG); // cut off for what it says, however late that is written
        }
        long began = System.nanoTime();
        try (Socket socket = connect()) {
            socket.getOutputStream().write(stranger.bytes);

            awaitEnd(socket);
        }

        long left = NANOSECONDS.toMillis(System.nanoTime() - began);
        assertThat(port().strangers()).isEqualTo(1);
        assertThat(asked).hasValue(saysSomething ? 1 : 0);
        if (!saysSomething) {
            assertThat(left).isGreaterThanOrEqualTo(PATIENCE.toMillis() - 1);
        }
    }

    // A byte now and then buys no time: what counts is the first datagram.
    @Test
    void patienceDoesNotGrowWithWhatTrickles() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(new byte[] {(byte) 0xFF, (byte) 0xFF});
            boolean open = true;
            int written = 0;
            while (open) {
                try {
                    socket.getOutputStream().write(0);
                    written++;
                    open = written < 65_535;
                } catch (SocketException reset) {
                    open = false;
                }
            }

            awaitEnd(socket);
        }

        assertThat(asked.get()).isLessThanOrEqualTo(1);
        assertThat(port().strangers()).isEqualTo(1);
    }

    @Test
    void theOldestMakesRoom() throws Exception {
        listen(LONG);
        List<Socket> others = new ArrayList<>();
        try (Socket oldest = connect()) {
            for (int i = 0; i < MOST; i++) {
                others.add(connect());
            }

            awaitEnd(oldest);
        }

        assertThat(port().strangers()).isEqualTo(1);
        for (Socket other : others) {
            other.close();
        }
    }

    @Test
    void whoIsCutOffLeavesNoTimerBehind() throws Exception {
        listen(LONG);
        int timers = timers();

        for (int i = 0; i < 50; i++) {
            try (Socket socket = connect()) {
                socket.getOutputStream().write(Stranger.GARBAGE.bytes);
                awaitEnd(socket);
            }
        }

        assertThat(timers()).isEqualTo(timers);
    }

    @Test
    void strangersLeaveNoDescriptorTimerOrBufferBehind() throws Exception {
        assumeThat(Path.of("/proc/self/fd")).isDirectory();
        crowd(50);
        OpenSockets before = OpenSockets.now();
        int timers = timers();
        long direct = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();

        crowd(CROWD);

        assertThat(timers()).isEqualTo(timers);
        before.assertNoneOpenedSince();
        assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isLessThanOrEqualTo(direct);
        assertThat(port().strangers()).isEqualTo(50 + CROWD);
    }

    /** As many as come, each in a way of its own; waits for the end of the last. */
    private void crowd(int count) throws Exception {
        Random random = new Random(6544);
        List<Socket> crowd = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = connect();
            crowd.add(socket);
            try {
                socket.getOutputStream().write(Stranger.values()[random.nextInt(Stranger.values().length)].bytes);
            } catch (SocketException cutOff) {
                assertThat(cutOff).isNotNull();
            }
            if (crowd.size() > 2 * MOST) {
                end(crowd.remove(0));
            }
        }
        for (Socket socket : crowd) {
            end(socket);
        }
    }

    private static void end(Socket socket) throws IOException {
        try (socket) {
            awaitEnd(socket);
        }
    }

    private int timers() throws Exception {
        Field queue = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
        queue.setAccessible(true);
        return loops.next()
                .submit(() -> queue.get(loops.next()) instanceof Collection<?> waiting ? waiting.size() : 0)
                .get(30, SECONDS);
    }
}
