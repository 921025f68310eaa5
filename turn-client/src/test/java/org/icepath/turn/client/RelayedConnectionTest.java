// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.icepath.net.EventLoops;
import org.icepath.net.MachineDriver;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.wire.RawStream;
import org.icepath.turn.wire.Rfc4571Framing;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6062: what goes into a connection comes out of it, all of it and in order, whatever the network takes. */
@Timeout(120)
class RelayedConnectionTest {

    private static final int PIECE = 10_000;

    private final byte[] sent = new byte[12 << 20];
    private final EventLoops loops = EventLoops.start(1);
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final Opening machine = new Opening();
    private final CompletableFuture<RelayedConnection> made = new CompletableFuture<>();
    private final MachineDriver<TurnEvent> driver =
            new MachineDriver<>("test", loops, loops.next(), machine, this::handleEvent);
    private final RelayedConnections connections = new RelayedConnections(driver, this::disconnect);
    private Socket peer = new Socket();
    private RelayedConnection connection;

    RelayedConnectionTest() throws IOException {
        new Random(1).nextBytes(sent);
    }

    @BeforeEach
    void connect() throws Exception {
        listener.setSoTimeout(30_000);
        listener.setReceiveBufferSize(1 << 16);
        driver.onWritabilityChanged(endpoint -> connections.writable(endpoint.base()));
        InetSocketAddress to = new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
        driver.perform(now -> {
            connections.await(to, made);
            machine.wanted = to;
        });
        peer = listener.accept();
        peer.setSoTimeout(60_000);
        connection = made.get(30, SECONDS);
    }

    @AfterEach
    void tearDown() throws Exception {
        peer.close();
        listener.close();
        driver.close();
        loops.close();
    }

    private void handleEvent(TurnEvent event) {
        if (event instanceof TurnEvent.PeerConnected connected) {
            connections.connected(connected);
        } else if (event instanceof TurnEvent.PeerDisconnected gone) {
            connections.ended(gone.base());
        }
    }

    private void disconnect(Base base) {
        driver.perform(now -> {
            machine.unwanted = base;
            connections.ended(base);
        });
    }

    // The peer begins to read when more was refused: until then the bytes fill what there is of buffers.
    @Test
    void aSlowPeerGetsEveryByteOfAnotherThread() throws Exception {
        Semaphore room = new Semaphore(0);
        connection.onWritable(room::release);
        CompletableFuture<byte[]> heard = null;
        int refusals = 0;
        for (int at = 0; at < sent.length; ) {
            int size = Math.min(PIECE, sent.length - at);
            if (connection.send(ByteBuffer.wrap(sent, at, size))) {
                at += size;
            } else {
                refusals++;
                heard = heard == null ? CompletableFuture.supplyAsync(this::hear) : heard;
                assertThat(room.tryAcquire(60, SECONDS)).as("writable again").isTrue();
            }
        }

        assertThat(refusals).as("control").isPositive();
        assertThat(Objects.requireNonNull(heard).get(60, SECONDS)).isEqualTo(sent);
    }

    // One piece is larger than what may wait of media, and is not dropped for it.
    @ParameterizedTest
    @ValueSource(ints = {PIECE, 100_000})
    void aSlowPeerGetsEveryByteOfTheEventLoop(int piece) throws Exception {
        CompletableFuture<Void> refused = new CompletableFuture<>();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable pump = new Runnable() {
            private int at;

            @Override
            public void run() {
                while (at < sent.length) {
                    int size = Math.min(piece, sent.length - at);
                    if (!connection.send(ByteBuffer.wrap(sent, at, size))) {
                        refused.complete(null);
                        return;
                    }
                    at += size;
                }
                done.complete(null);
            }
        };
        connection.onWritable(pump);
        driver.perform(now -> pump.run());
        refused.get(60, SECONDS);

        byte[] heard = hear();

        done.get(60, SECONDS);
        assertThat(heard).isEqualTo(sent);
    }

    @Test
    void whatComesBeforeTheReceiverIsHeldForIt() throws Exception {
        peer.getOutputStream().write(sent, 0, 1_000);
        settle(1_000);
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        Semaphore bytes = new Semaphore(0);

        connection.onReceive(data -> {
            int size = data.remaining();
            while (data.hasRemaining()) {
                heard.write(data.get());
            }
            bytes.release(size);
        });
        peer.getOutputStream().write(sent, 1_000, 500);

        assertThat(bytes.tryAcquire(1_500, 60, SECONDS)).isTrue();
        assertThat(heard.toByteArray()).isEqualTo(Arrays.copyOf(sent, 1_500));
    }

    // Better no stream than one with a hole.
    @Test
    void aConnectionThatNobodyReadsEndsWhenItBringsTooMuch() throws Exception {
        peer.getOutputStream().write(sent, 0, 300_000);

        connection.closed().get(60, SECONDS);

        assertThat(connection.send(ByteBuffer.allocate(1))).isFalse();
    }

    // RFC 4571 §2: the length has 16 bits.
    @Test
    void aDatagramThatNoFrameHoldsIsRefusedAndTheConnectionGoesOn() throws Exception {
        CompletableFuture<Void> framed = new CompletableFuture<>();
        driver.perform(now -> machine.reframed = true);
        driver.perform(now -> framed.complete(null));
        framed.get(30, SECONDS);

        assertThatIllegalArgumentException().isThrownBy(() -> connection.send(ByteBuffer.allocate(65_536)));
        assertThat(connection.send(ByteBuffer.wrap(sent, 0, 3))).isTrue();
        assertThat(peer.getInputStream().readNBytes(5)).containsExactly(0, 3, sent[0], sent[1], sent[2]);
    }

    /** Waits until so many bytes have come in. */
    private void settle(int bytes) throws Exception {
        machine.expect(bytes).get(60, SECONDS);
    }

    /** All that was sent, as the peer reads it. */
    private byte[] hear() {
        try {
            InputStream in = peer.getInputStream();
            return in.readNBytes(sent.length);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Opens one connection, and says what becomes of it, as an allocation does. */
    private final class Opening implements Machine<TurnEvent> {

        private final CompletableFuture<Void> expected = new CompletableFuture<>();
        private volatile int missing = Integer.MAX_VALUE;
        private int received;
        private InetSocketAddress to = new InetSocketAddress(0);
        private @Nullable InetSocketAddress wanted;
        private @Nullable Base unwanted;
        private boolean reframed;
        private @Nullable TurnEvent event;

        private Base connection() {
            return new Base(1, Transport.TCP, new InetSocketAddress(listener.getInetAddress(), 0));
        }

        CompletableFuture<Void> expect(int bytes) {
            driver.perform(now -> {
                missing = bytes;
                check();
            });
            return expected;
        }

        private void check() {
            if (received >= missing) {
                expected.complete(null);
            }
        }

        @Override
        public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
            received += payload.remaining();
            connections.deliver(base, payload);
            check();
            return true;
        }

        @Override
        public void handleTimeout(long now) {}

        @Override
        public long nextTimeout() {
            return NEVER;
        }

        @Override
        public void opened(long now, Base base) {
            event = new TurnEvent.PeerConnected(base, to, false);
        }

        @Override
        public void closed(long now, Base base, Cause cause) {
            event = new TurnEvent.PeerDisconnected(base, to, cause);
        }

        @Override
        public void drainTo(Output<? super TurnEvent> out) {
            if (wanted != null) {
                to = wanted;
                wanted = null;
                out.open(connection(), to, RawStream.INSTANCE);
            }
            if (reframed) {
                reframed = false;
                out.reframe(connection(), Rfc4571Framing.INSTANCE);
            }
            if (unwanted != null) {
                out.close(unwanted);
                unwanted = null;
            }
            if (event != null) {
                TurnEvent told = event;
                event = null;
                out.event(told);
            }
        }
    }
}
