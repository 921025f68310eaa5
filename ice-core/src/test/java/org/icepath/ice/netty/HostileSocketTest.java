// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.await;

import io.netty.buffer.PooledByteBufAllocator;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceSession;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.net.DriverStatistics;
import org.icepath.net.UdpSocket;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.testkit.call.MutatedMessages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A live session's socket under attack: CVE-2026-103936 was one datagram that ended a process. */
class HostileSocketTest {

    private static final int MESSAGES = 10_000;
    private static final int BURST = 50;
    private static final long HEAP_SLACK = 4 << 20;

    private final NettyIceRuntime runtime = NettyIceRuntime.start();
    private final IceSession alice = runtime.open(audio());
    private final IceSession bob = runtime.open(audio());
    private final SessionShell shell = ((NettyIceSession) alice).shell();
    private final Random random = new Random(5);
    private Optional<Attack> attack = Optional.empty();

    private record Attack(
            IceCredentials ours, IceCredentials theirs, IcePeer peer, IcePath path, IcePath othersPath, int port) {}

    /** A whole 127.0.0.0/8 of source addresses is at hand. */
    private static IceConfig audio() {
        return IceConfig.create().stream("audio", 1).localAddress(InetAddress.getLoopbackAddress());
    }

    @BeforeEach
    void connect() throws Exception {
        IceDescription offer = await(alice.offer());
        IceAnswer answer = await(bob.answer(Call.carried(offer)));
        IcePeer peer = alice.accept(Call.carried(answer.description()));
        IcePath path = peer.path("audio", 1);
        await(path.selected());
        await(answer.peer().path("audio", 1).selected());
        attack = Optional.of(new Attack(
                credentials(offer),
                credentials(answer.description()),
                peer,
                path,
                answer.peer().path("audio", 1),
                path.current().orElseThrow().local().address().port()));
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private static IceCredentials credentials(IceDescription description) {
        return description.streams().get(0).credentials().orElseThrow();
    }

    private Attack attack() {
        return attack.orElseThrow();
    }

    private DriverStatistics statistics() {
        return onLoop(() -> shell.driver().statistics());
    }

    private <T> T onLoop(Supplier<T> question) {
        try {
            return await(shell.commands().compute(now -> question.get()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    private byte[] check(boolean nominates) {
        StunWriter writer = StunWriter.into(ByteBuffer.allocate(300))
                .request(StunMethod.BINDING, TransactionId.next(random))
                .put(
                        Attributes.USERNAME,
                        attack().ours().ufrag() + ":" + attack().theirs().ufrag())
                .put(Attributes.PRIORITY, 0x7FFF_FFFFL)
                .put(Attributes.ICE_CONTROLLED, random.nextLong());
        if (nominates) {
            writer.put(Attributes.USE_CANDIDATE);
        }
        return bytes(writer.integrity(IntegrityKey.shortTerm(attack().ours().password()))
                .fingerprint()
                .finish());
    }

    private byte[] response(StunClass responseClass) {
        byte[] check = check(false);
        StunMessage request = new StunMessage().wrap(ByteBuffer.wrap(check));
        StunWriter writer = StunWriter.into(ByteBuffer.allocate(300));
        return bytes((responseClass == StunClass.SUCCESS
                        ? writer.respond(responseClass, request)
                                .put(Attributes.XOR_MAPPED_ADDRESS, new InetSocketAddress("127.0.0.1", 4000))
                        : writer.errorResponse(request, 487, "Role Conflict"))
                .integrity(IntegrityKey.shortTerm(attack().theirs().password()))
                .fingerprint()
                .finish());
    }

    private List<byte[]> originals() {
        byte[] indication = bytes(StunWriter.into(ByteBuffer.allocate(100))
                .indication(StunMethod.BINDING, TransactionId.next(random))
                .fingerprint()
                .finish());
        return List.of(check(false), check(true), response(StunClass.SUCCESS), response(StunClass.ERROR), indication);
    }

    /** Sends, but no faster than the victim reads: what the kernel drops tests nothing. */
    private void send(DatagramSocket socket, byte[] message, int number, long received) throws Exception {
        InetAddress victim = InetAddress.getLoopbackAddress();
        socket.send(new DatagramPacket(message, message.length, victim, attack().port()));
        if (number % BURST == BURST - 1) {
            Eventually.holds(() -> statistics().received() >= received + number + 1);
        }
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Runtime vm = Runtime.getRuntime();
            least = Math.min(least, vm.totalMemory() - vm.freeMemory());
        }
        return least;
    }

    /** What must not change. Pairs that the attack adds and that fail are none of these. */
    private record Standing(IceState state, IceRole role, List<String> validPairs, CandidatePair current) {}

    private Standing standing() throws Exception {
        IcePeer peer = attack().peer();
        List<String> valid = await(peer.report()).pairs().stream()
                .filter(pair -> pair.state() == PairState.SUCCEEDED)
                .map(pair -> pair.what() + pair.outcome().contains("in use"))
                .sorted()
                .toList();
        return new Standing(
                peer.state(), peer.role(), valid, attack().path().current().orElseThrow());
    }

    private interface Wave {
        void send() throws Exception;
    }

    /** Attacks twice: the first time memory may grow up to the limits, the second time it must not grow. */
    private void survives(Wave wave) throws Exception {
        Standing before = standing();
        wave.send();
        long heap = usedHeap();
        long direct = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();

        wave.send();

        assertThat(usedHeap() - heap).isLessThan(HEAP_SLACK);
        assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isLessThanOrEqualTo(direct);
        assertThat(statistics().received()).isGreaterThanOrEqualTo(2 * MESSAGES);
        assertThat(statistics().faults()).isZero();
        assertThat(unattributedFailures()).isZero();
        assertThat(standing()).isEqualTo(before);
        assertMediaFlows();
    }

    private long unattributedFailures() {
        return onLoop(() -> shell.driver().sockets().stream()
                .mapToLong(UdpSocket::unattributedFailures)
                .sum());
    }

    private void assertMediaFlows() throws Exception {
        BlockingQueue<ByteBuffer> heard = new LinkedBlockingQueue<>();
        attack().path().onReceive(packet -> heard.add(packet.copy()));
        attack().othersPath().send(ByteBuffer.allocate(160).put(0, (byte) 0x80));
        assertThat(heard.poll(30, SECONDS)).isNotNull();
    }

    @Test
    void tenThousandChangedMessagesLeaveNoTrace() throws Exception {
        survives(() -> {
            MutatedMessages messages =
                    new MutatedMessages(random, originals(), attack().ours().password());
            long received = statistics().received();
            try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                for (int i = 0; i < MESSAGES; i++) {
                    send(socket, bytes(messages.next()), i, received);
                }
            }
        });
    }

    @Test
    void tenThousandSourcesWithValidCredentialsAreBounded() throws Exception {
        int pairs = await(alice.report()).pairs().size();

        survives(() -> {
            long received = statistics().received();
            for (int i = 0; i < MESSAGES; i++) {
                InetAddress source = InetAddress.getByAddress(
                        new byte[] {127, (byte) (1 + (i >> 15)), (byte) (i >> 7), (byte) (1 + (i & 0x7F))});
                try (DatagramSocket socket = new DatagramSocket(0, source)) {
                    send(socket, check(i % 2 == 0), i, received);
                }
            }
        });

        IceReport report = await(alice.report());
        assertThat(report.pairs().size()).isBetween(pairs, pairs + 20);
        assertThat(new ArrayList<>(report.timeline())).hasSizeLessThanOrEqualTo(401);
    }
}
