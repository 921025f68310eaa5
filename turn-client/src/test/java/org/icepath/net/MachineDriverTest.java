// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class MachineDriverTest {

    private static final long MILLISECOND = 1_000_000;

    private final EventLoops loops = EventLoops.start(1);
    private final ScriptedMachine machine = new ScriptedMachine();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final MachineDriver<String> driver = new MachineDriver<>("test", loops, loops.next(), machine, events::add);
    private final InetAddress loopback = InetAddress.getLoopbackAddress();

    private DatagramSocket client;

    MachineDriverTest() throws IOException {
        client = new DatagramSocket(0, loopback);
    }

    @BeforeEach
    void neverWaitForever() throws IOException {
        client.setSoTimeout(30_000);
    }

    @AfterEach
    void tearDown() {
        client.close();
        driver.close();
        loops.close();
    }

    private UdpSocket open() throws Exception {
        return driver.open(UdpSocketOptions.at(loopback)).get(30, SECONDS);
    }

    private void say(UdpSocket to, String text) throws IOException {
        byte[] bytes = text.getBytes(US_ASCII);
        client.send(new DatagramPacket(bytes, bytes.length, to.localAddress()));
    }

    private String hear() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        client.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), US_ASCII);
    }

    private String event() throws InterruptedException {
        return String.valueOf(events.poll(30, SECONDS));
    }

    private DriverStatistics statistics() throws Exception {
        CompletableFuture<DriverStatistics> answer = new CompletableFuture<>();
        driver.perform(now -> answer.complete(driver.statistics()));
        return answer.get(30, SECONDS);
    }

    @Test
    void aDatagramReachesTheMachineAndItsAnswerGoesBack() throws Exception {
        UdpSocket socket = open();

        say(socket, "hello");

        assertThat(hear()).isEqualTo("echo hello");
        assertThat(event()).isEqualTo("got hello");
    }

    // Of a million datagrams nearly all are media, after which there is nothing to be asked.
    @Test
    void aMachineThatIsQuietIsAskedNothing() throws Exception {
        UdpSocket socket = open();

        say(socket, "media");
        say(socket, "hello");

        assertThat(event()).isEqualTo("media before");
        assertThat(event()).isEqualTo("got hello");
        assertThat(event()).isEqualTo("timeout");
        assertThat(machine.undrained).isEqualTo(1);
        assertThat(statistics()).isEqualTo(new DriverStatistics(2, 0, 0, 0));
    }

    // What is paced counts from here; the clock that the machine was given stood still since.
    @Test
    void theMachineHearsWhenWhatItSentHasLeft() throws Exception {
        UdpSocket socket = open();
        CompletableFuture<Long> began = new CompletableFuture<>();

        driver.perform(began::complete);
        driver.perform(now -> {
            while (MonotonicClock.now() - now < MILLISECOND) {
                Thread.onSpinWait();
            }
            machine.send(socket.base(), (InetSocketAddress) client.getLocalSocketAddress(), "late");
        });

        assertThat(hear()).isEqualTo("late");
        statistics();
        assertThat(machine.leftAt).singleElement().satisfies(left -> assertThat(left - began.get())
                .isGreaterThanOrEqualTo(MILLISECOND));
    }

    // A collector's pause, or a thread that gets no processor: Linux' default of 208 KiB holds 277 such packets
    @Test
    void packetsThatComeWhileTheLoopIsBusyAreKept() throws Exception {
        UdpSocket socket = open();
        CountDownLatch sent = new CountDownLatch(1);
        driver.perform(now -> awaitUninterruptibly(sent));
        String padding = "-".repeat(150);

        for (int i = 0; i < 400; i++) {
            say(socket, padding + i);
        }
        sent.countDown();

        for (int i = 0; i < 400; i++) {
            assertThat(event()).isEqualTo("got " + padding + i);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, SECONDS)).isTrue();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    // Architecture §7.1: nothing the network sends may throw past one catching method or kill an event loop.
    @Test
    void aMachineThatThrowsIsCountedAndGoesOn() throws Exception {
        UdpSocket socket = open();

        say(socket, "bang");
        say(socket, "not mine");
        say(socket, "still there?");

        assertThat(hear()).isEqualTo("echo still there?");
        assertThat(statistics()).isEqualTo(new DriverStatistics(3, 1, 0, 1));
    }

    // An assertion that fails, or a class that is lacking: the session would look alive, and be told the time no more.
    @Test
    void anErrorOutOfATimedStepDoesNotStopTheTimer() throws Exception {
        driver.perform(now -> {
            machine.breaks = true;
            machine.deadline = now;
        });

        assertThat(event()).isEqualTo("timeout");
        assertThat(statistics().faults()).isEqualTo(1);
    }

    @Test
    void aListenerThatThrowsKeepsNothingElseFromBeingDone() throws Exception {
        MachineDriver<String> failing =
                new MachineDriver<>("failing", loops, loops.next(), new ScriptedMachine(), event -> {
                    throw new AssertionError("a listener has a bug");
                });
        UdpSocket socket = failing.open(UdpSocketOptions.at(loopback)).get(30, SECONDS);

        say(socket, "hello");

        assertThat(hear()).isEqualTo("echo hello");
        failing.close();
    }

    @Test
    void anEarlierDeadlineReplacesALaterOne() throws Exception {
        driver.perform(now -> machine.deadline = now + SECONDS.toNanos(3_600));
        driver.perform(now -> machine.deadline = now + 5 * MILLISECOND);

        assertThat(event()).isEqualTo("timeout");
    }

    @Test
    void aDeadlineThatStaysInThePastDoesNotSpinTheLoop() throws Exception {
        long started = System.nanoTime();
        driver.perform(now -> {
            machine.stuckFor = 20;
            machine.deadline = now;
        });

        for (int i = 0; i < 21; i++) {
            assertThat(event()).isEqualTo("timeout");
        }

        assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(20 * MILLISECOND);
    }

    @Test
    void aCommandGivenFromAnEventRunsAfterTheStep() throws Exception {
        BlockingQueue<String> order = new LinkedBlockingQueue<>();
        ScriptedMachine inner = new ScriptedMachine();
        CompletableFuture<MachineDriver<String>> self = new CompletableFuture<>();
        MachineDriver<String> nested = new MachineDriver<>("nested", loops, loops.next(), inner, event -> {
            self.join().perform(now -> order.add("command"));
            order.add(event);
        });
        self.complete(nested);

        nested.perform(now -> inner.deadline = now);

        assertThat(order.poll(30, SECONDS)).isEqualTo("timeout");
        assertThat(order.poll(30, SECONDS)).isEqualTo("command");
        nested.close();
    }

    @Test
    void aControlMessageThatCannotLeaveIsReportedWithItsDestination() throws Exception {
        UdpSocket socket = open();
        // From a loopback address nothing reaches a foreign network.
        InetSocketAddress unreachable = new InetSocketAddress("192.0.2.1", 4_711);

        driver.perform(now -> machine.send(socket.base(), unreachable, "lost"));

        assertThat(event()).isEqualTo("send failed UNREACHABLE 4711");
    }

    @Test
    void aMediaPacketThatCannotLeaveIsReportedWithItsDestination() throws Exception {
        UdpSocket socket = open();
        InetSocketAddress unreachable = new InetSocketAddress("192.0.2.1", 4_712);

        driver.perform(now -> socket.send(Unpooled.copiedBuffer("lost", US_ASCII), unreachable));

        assertThat(event()).isEqualTo("send failed UNREACHABLE 4712");
    }

    @Test
    void aMediaPacketLeavesWithoutTheMachine() throws Exception {
        UdpSocket socket = open();
        InetSocketAddress to = (InetSocketAddress) client.getLocalSocketAddress();

        driver.perform(now -> socket.send(socket.allocate(5).writeBytes("media".getBytes(US_ASCII)), to));

        assertThat(hear()).isEqualTo("media");
    }

    @Test
    void portsComeFromTheRangeWithTheWantedParity() throws Exception {
        int port = freeEvenPort();
        UdpSocketOptions even = UdpSocketOptions.at(loopback).withPorts(port, port + 1, PortParity.EVEN);

        UdpSocket first = driver.open(even).get(30, SECONDS);

        assertThat(first.localAddress().getPort()).isEqualTo(port);
        assertThatThrownBy(() -> driver.open(even).get(30, SECONDS)).hasCauseInstanceOf(IOException.class);
        driver.open(even.withPorts(port, port + 1, PortParity.ANY)).get(30, SECONDS);
    }

    private int freeEvenPort() throws IOException {
        while (true) {
            try (DatagramSocket probe = new DatagramSocket(0, loopback)) {
                if ((probe.getLocalPort() & 1) == 0) {
                    try (DatagramSocket next = new DatagramSocket(probe.getLocalPort() + 1, loopback)) {
                        return next.getLocalPort() - 1;
                    }
                }
            } catch (IOException taken) {
                assertThat(taken).isNotNull(); // the port above was taken: look on
            }
        }
    }

    @Test
    void closingAMachineClosesItsSocketsAndTakesNoFurtherCommand() throws Exception {
        UdpSocket socket = open();

        driver.close();
        driver.close();

        socket.closed().get(30, SECONDS);
        driver.perform(now -> machine.deadline = now);
        assertThatThrownBy(this::open).hasCauseInstanceOf(IllegalStateException.class);
        assertThat(events).isEmpty();
    }

    @Test
    void aReleasedBaseDropsWhatTheMachineStillSends() throws Exception {
        UdpSocket socket = open();

        driver.release(socket.base());
        socket.closed().get(30, SECONDS);
        driver.perform(
                now -> machine.send(socket.base(), (InetSocketAddress) client.getLocalSocketAddress(), "too late"));

        assertThat(statistics().dropped()).isEqualTo(1);
    }

    @Test
    void loopThreadsAreDaemonsAndNamed() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        driver.perform(now -> thread.complete(Thread.currentThread()));

        assertThat(thread.get(30, SECONDS).getName()).startsWith("icepath-");
        assertThat(thread.get(30, SECONDS).isDaemon()).isTrue();
        assertThat(loops.transport()).isIn("epoll", "nio");
    }

    @Test
    void theApplicationsLoopsAreUsedAndLeftRunning() throws Exception {
        EventLoops borrowed = EventLoops.over(loops.next().parent());

        borrowed.close();

        assertThat(borrowed.transport()).isEqualTo(loops.transport());
        open();
    }
}
