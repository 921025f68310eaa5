// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.TcpType;
import org.icepath.connection.ConnectionSettings;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.StreamConfig;
import org.icepath.sansio.Transport;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.testkit.edge.LoopbackIdentity;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;

/** What calls leave behind: nothing. */
class LeakTest {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int ROUNDS = 100;

    @Test
    void callsLeaveNoThreadDescriptorTimerOrBufferBehind() throws Exception {
        assumeThat(DESCRIPTORS).isDirectory();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (IceRuntime runtime = NettyIceRuntime.start(RuntimeConfig.create().eventLoops(loops))) {
            for (int warmUp = 0; warmUp < 10; warmUp++) {
                round(runtime, audio(1, 2));
            }
            Set<Thread> threads = liveThreads();
            int timers = timers(loops);
            Set<String> before = sockets(loops);
            long direct = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();

            for (int round = 0; round < ROUNDS; round++) {
                round(runtime, audio(1, 2));
            }

            Eventually.holds(() -> startedSince(threads).isEmpty());
            Eventually.holds(() -> numberOf(() -> openedSince(before, loops)) == 0);
            Eventually.holds(() -> numberOf(() -> timers(loops)) <= timers);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                    .isLessThanOrEqualTo(direct);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly(); // the next test counts
        }
    }

    // Ports that accept, connections to servers from there, relays of connections and their data connections.
    @Test
    void callsOverTcpAndItsRelaysLeaveNoDescriptorOrTimerBehind() throws Exception {
        assumeThat(DESCRIPTORS).isDirectory();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (EdgeServer edge = EdgeServer.start(EdgeConfig.create().user("alice", "s3cret"));
                IceRuntime runtime =
                        NettyIceRuntime.start(RuntimeConfig.create().eventLoops(loops))) {
            String server = "127.0.0.1:" + edge.listen(Transport.TCP, 0).getPort();
            IceConfig relayed = audio(1).tcpOnly()
                    .stunServer(server)
                    .turnServer(TurnServer.parse("turn:" + server + "?transport=tcp")
                            .credentials("alice", "s3cret"))
                    .relayOnly()
                    .gatherDeadline(Duration.ofSeconds(20)); // it answers, though the machine may stand still
            Set<String> before = sockets(loops);
            round(runtime, relayed);
            Eventually.holds(() -> released(edge) == 2);
            int timers = timers(loops);

            for (int round = 0; round < 20; round++) {
                round(runtime, relayed);
            }

            Eventually.holds(() -> released(edge) == 42);
            Eventually.holds(() -> numberOf(() -> openedSince(before, loops)) == 0);
            Eventually.holds(() -> numberOf(() -> timers(loops)) <= timers);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly(); // the next test counts
        }
    }

    // A stream that is added waits for its candidates up to the deadline, but no longer than its session lives
    @Test
    void aSessionThatEndsWhileAnAddedStreamGathersLeavesNoTimerBehind() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                IceRuntime runtime =
                        NettyIceRuntime.start(RuntimeConfig.create().eventLoops(loops))) {
            int before = longTimers(loops);
            IceSession session = runtime.open(
                    audio(1).gatherDeadline(Duration.ofMinutes(1)).stunServer("127.0.0.1:" + silent.getLocalPort()));
            CompletableFuture<IceDescription> offer = session.offer();
            CompletableFuture<Void> added = session.addStream(new StreamConfig("video", List.of(1), 0, 0, 0, false));
            Eventually.holds(() -> numberOf(() -> longTimers(loops)) > before);

            session.close();

            Eventually.holds(() -> numberOf(() -> longTimers(loops)) == before);
            assertThatThrownBy(() -> await(offer)).hasMessageContaining("closed");
            assertThatThrownBy(() -> await(added)).hasMessageContaining("closed");
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly(); // the next test counts
        }
    }

    // Servers that take a connection and say nothing: the session ends in the middle of its handshakes
    @Test
    void closingInTheMiddleOfHandshakesWithServersLeavesNothingBehind() throws Exception {
        assumeThat(DESCRIPTORS).isDirectory();
        try (ServerSocket tcp = silentListener();
                ServerSocket tls = silentListener();
                DatagramSocket dtls = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            dtls.setSoTimeout(30_000);
            IceConfig config = audio(1).connections(ConnectionSettings.create().withTls(LoopbackIdentity.client()))
                    .turnServer(turn("turn", tcp.getLocalPort(), "tcp"))
                    .turnServer(turn("turns", tls.getLocalPort(), "tcp"))
                    .turnServer(turn("turns", dtls.getLocalPort(), "udp"));
            leavesNothing(
                    ROUNDS / 3,
                    runtime -> { // three handshakes in each
                        IceSession session = runtime.open(config);
                        CompletableFuture<IceDescription> offer = session.offer();
                        Socket overTcp = tcp.accept();
                        Socket overTls = tls.accept();
                        dtls.receive(new DatagramPacket(new byte[2_000], 2_000));
                        session.close();
                        await(((NettyIceSession) session).ended());
                        awaitEnd(overTcp);
                        awaitEnd(overTls);
                        assertThat(offer).isDone();
                    });
        }
    }

    // RFC 6544: the other end of a candidate takes the connection and never says who it is
    @Test
    void closingInTheMiddleOfChecksOverTcpLeavesNothingBehind() throws Exception {
        assumeThat(DESCRIPTORS).isDirectory();
        try (ServerSocket passive = silentListener()) {
            IceDescription answer = IceSdp.parse(
                            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                                    + "m=audio " + passive.getLocalPort() + " TCP/RTP/AVP 0\r\na=ice-ufrag:abcd\r\n"
                                    + "a=ice-pwd:abcdefghijklmnopqrstuv\r\na=candidate:1 1 TCP 2105524479 127.0.0.1 "
                                    + passive.getLocalPort() + " typ host tcptype passive\r\n")
                    .description();
            leavesNothing(ROUNDS, runtime -> {
                IceSession session = runtime.open(audio(1).tcp(TcpType.ACTIVE));
                await(session.offer());
                session.accept(answer);
                Socket connection = passive.accept();
                session.close();
                await(((NettyIceSession) session).ended());
                awaitEnd(connection);
            });
        }
    }

    private interface Round {
        void run(IceRuntime runtime) throws Exception;
    }

    private static void leavesNothing(int rounds, Round round) throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (IceRuntime runtime = NettyIceRuntime.start(RuntimeConfig.create().eventLoops(loops))) {
            for (int warmUp = 0; warmUp < 10; warmUp++) {
                round.run(runtime);
            }
            Set<String> before = sockets(loops);
            int timers = timers(loops);
            long direct = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();

            for (int i = 0; i < rounds; i++) {
                round.run(runtime);
            }

            Eventually.holds(() -> numberOf(() -> openedSince(before, loops)) == 0);
            Eventually.holds(() -> numberOf(() -> timers(loops)) <= timers);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                    .isLessThanOrEqualTo(direct);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly(); // the next test counts
        }
    }

    /** What the other end sees: it was closed, or reset. */
    private static void awaitEnd(Socket connection) throws IOException {
        try (connection) {
            connection.setSoTimeout(30_000);
            connection.setSoLinger(true, 0); // or the port of each would be taken for another minute
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketException reset) {
            assertThat(reset).isNotNull();
        }
    }

    private static ServerSocket silentListener() throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(30_000);
        return listener;
    }

    private static TurnServer turn(String scheme, int port, String transport) {
        return TurnServer.parse(scheme + ":127.0.0.1:" + port + "?transport=" + transport)
                .credentials("alice", "s3cret");
    }

    private static long released(EdgeServer edge) {
        return edge.events().stream()
                .filter(EdgeEvent.Released.class::isInstance)
                .count();
    }

    private static int numberOf(Callable<Integer> count) {
        try {
            return count.call();
        } catch (Exception unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Test
    void aRuntimeTakesItsThreadsAlong() throws Exception {
        IceRuntime runtime = NettyIceRuntime.start();
        round(runtime, audio(1));

        List<Thread> threads = ownThreads();
        assertThat(threads).isNotEmpty();

        runtime.close();

        for (Thread thread : threads) {
            thread.join(30_000); // its last steps come after the loop has said that it ended
            assertThat(thread.isAlive()).isFalse();
        }
    }

    // The bar of the project: no thread for each agent, one descriptor for each host candidate.
    @Test
    void anAgentCostsOneDescriptorForEachHostCandidateAndNoThread() throws Exception {
        assumeThat(DESCRIPTORS).isDirectory();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (IceRuntime runtime = NettyIceRuntime.start(RuntimeConfig.create().eventLoops(loops))) {
            round(runtime, audio(1, 2));
            Set<Thread> threads = liveThreads();
            Set<String> before = sockets(loops);
            List<Call> calls = new ArrayList<>();

            for (int call = 0; call < 20; call++) {
                calls.add(Call.connect(runtime, audio(1, 2)));
            }

            Eventually.holds(() -> numberOf(() -> openedSince(before, loops)) == 20 * 2 * 2);
            Eventually.holds(() -> startedSince(threads).isEmpty());
            calls.forEach(Call::close);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly(); // the next test counts
        }
    }

    private static void round(IceRuntime runtime, IceConfig config) throws Exception {
        Call call = Call.connect(runtime, config);
        CompletableFuture<Void> heard = new CompletableFuture<>();
        call.bobsPath(1).onReceive(packet -> heard.complete(null));
        await(call.alicesPath(1).ready());
        call.alicesPath(1).send(ByteBuffer.allocate(160).put(0, (byte) 0x80));
        await(heard);
        call.close();
        await(((NettyIceSession) call.alice()).ended());
        await(((NettyIceSession) call.bob()).ended());
    }

    // A look at the interfaces opens sockets while it lasts. It happens on an event loop: once the loops have answered,
    // it is over. Of sessions that live, another may follow.
    private static Set<String> sockets(EventLoopGroup loops) throws Exception {
        for (EventExecutor loop : loops) {
            loop.submit(() -> {}).get(30, TimeUnit.SECONDS);
        }
        try (var files = Files.list(DESCRIPTORS)) {
            return files.map(LeakTest::target)
                    .filter(target -> target.startsWith("socket:"))
                    .collect(Collectors.toSet());
        }
    }

    /** How many sockets are open that were not before; those that tests before this one have left may go meanwhile. */
    private static int openedSince(Set<String> before, EventLoopGroup loops) throws Exception {
        Set<String> opened = new HashSet<>(sockets(loops));
        opened.removeAll(before);
        return opened.size();
    }

    /** What waits on the event loops for its time: a timer that was cancelled is gone from there. */
    private static int timers(EventLoopGroup loops) throws Exception {
        Field queue = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
        queue.setAccessible(true);
        int timers = 0;
        for (EventExecutor loop : loops) {
            timers += loop.submit(() -> queue.get(loop) instanceof Collection<?> waiting ? waiting.size() : 0)
                    .get(30, TimeUnit.SECONDS);
        }
        return timers;
    }

    /** Those that wait for more than 20 s still. */
    private static int longTimers(EventLoopGroup loops) throws Exception {
        Field queue = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
        queue.setAccessible(true);
        int timers = 0;
        for (EventExecutor loop : loops) {
            timers += loop.submit(() -> queue.get(loop) instanceof Collection<?> waiting ? longOnes(waiting) : 0)
                    .get(30, TimeUnit.SECONDS);
        }
        return timers;
    }

    private static int longOnes(Collection<?> timers) {
        return (int) timers.stream()
                .filter(timer -> timer instanceof Delayed delayed && delayed.getDelay(TimeUnit.SECONDS) > 20)
                .count();
    }

    // Class files and libraries that are opened along the way are no business of this test.
    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException goneMeanwhile) {
            return "";
        }
    }

    private static Set<Thread> liveThreads() {
        return Thread.getAllStackTraces().keySet();
    }

    /** By identity, not number: those that tests before this one have left may end meanwhile and make up for none. */
    private static Set<Thread> startedSince(Set<Thread> before) {
        Set<Thread> started = new HashSet<>(liveThreads());
        started.removeAll(before);
        return started;
    }

    private static List<Thread> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("icepath-"))
                .toList();
    }
}
