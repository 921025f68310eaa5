// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UdpWriterTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 4000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.2", 4000);

    private final List<ByteBuf> given = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Throwable> unknown = new ArrayList<>();
    private final KernelDouble kernel = new KernelDouble(new Failures());
    private final UdpWriter writer = new UdpWriter(kernel, true, this::failed);

    private final class Failures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            if (!writer.failed(failure)) {
                unknown.add(failure);
            }
        }
    }

    private void failed(InetSocketAddress to, Throwable cause) {
        failures.add(to.getHostString() + " " + (cause instanceof Errors.NativeIoException));
    }

    // The kernel's errors have their names from the native library.
    @BeforeAll
    static void loadErrors() {
        assumeTrue(Epoll.isAvailable());
    }

    @AfterEach
    void nothingIsLeftOver() {
        writer.clear();
        kernel.close();

        assertThat(given).allSatisfy(each -> assertThat(each.refCnt()).isZero());
        assertThat(unknown).isEmpty();
    }

    private ByteBuf datagram(String text) {
        ByteBuf made = PooledByteBufAllocator.DEFAULT.directBuffer(64);
        made.writeCharSequence(text, US_ASCII);
        given.add(made);
        return made;
    }

    private void write(String... texts) {
        for (String text : texts) {
            writer.write(datagram(text), PEER);
        }
    }

    @Test
    void aDatagramThatIsSentLeavesAtOnce() {
        writer.send(datagram("one"), PEER);

        assertThat(kernel.calls).containsExactly("one");
    }

    @Test
    void whatIsWrittenLeavesJoinedWithTheFlush() {
        write("one", "two", "six");
        assertThat(kernel.calls).isEmpty();

        writer.flush();

        assertThat(kernel.calls).containsExactly("one|two|six");
    }

    @Test
    void theOrderStaysWhateverCanBeJoined() {
        write("one", "two");
        writer.write(datagram("six"), OTHER);
        write("ten", "three", "seven", "four", "zero");

        writer.flush();

        assertThat(kernel.calls).containsExactly("one|two", "six", "ten", "three|seven|four", "zero");
    }

    @Test
    void aSendTakesAlongWhatWasWritten() {
        write("one", "two");

        writer.send(datagram("six"), PEER);

        assertThat(kernel.calls).containsExactly("one|two|six");
    }

    @Test
    void aFullRunDoesNotWait() {
        for (int i = 10; i < 80; i++) {
            write(Integer.toString(i));
        }
        assertThat(kernel.datagrams).hasSize(64);

        writer.flush();

        assertThat(kernel.datagrams).hasSize(70);
        assertThat(kernel.calls).hasSize(2);
    }

    // Else a crowd of short datagrams would fill the channel, which then takes no more before the flush.
    @Test
    void datagramsThatCannotBeJoinedDoNotWaitForEver() {
        for (int i = 0; i < 64; i++) {
            writer.write(datagram("x"), i % 2 == 0 ? PEER : OTHER);
        }

        assertThat(kernel.datagrams).hasSize(64);
    }

    @Test
    void whatIsRefusedJoinedLeavesOneByOne() {
        kernel.refuseJoined(KernelDouble.EIO);
        write("one", "two", "by");

        writer.flush();

        assertThat(kernel.calls).containsExactly("one", "two", "by");
        assertThat(failures).isEmpty();
        assertThat(writer.joins()).isFalse();
    }

    @Test
    void aSocketThatWasRefusedJoinsNoMore() {
        kernel.refuseJoined(KernelDouble.EINVAL);
        write("one", "two");
        writer.flush();
        kernel.refuseJoined(0);

        write("six", "ten");
        writer.flush();

        assertThat(kernel.calls).containsExactly("one", "two", "six", "ten");
    }

    @Test
    void aRefusalInMidBurstKeepsTheOrder() {
        kernel.refuseJoined(KernelDouble.EIO);
        write("one", "two", "three", "seven");

        writer.flush();

        assertThat(kernel.calls).containsExactly("one", "two", "three", "seven");
    }

    // No route is no reason to leave joining, and none of them would get out alone.
    @Test
    void aRunThatCannotGetOutIsReportedWithItsDestination() {
        kernel.refuse(KernelDouble.ENETUNREACH);
        write("one", "two");

        writer.flush();

        assertThat(failures).containsExactly("192.0.2.1 true");
        assertThat(writer.joins()).isTrue();
        assertThat(kernel.datagrams).isEmpty();
    }

    @Test
    void aSingleDatagramThatCannotGetOutIsReportedWithItsDestination() {
        kernel.refuse(KernelDouble.ENETUNREACH);

        writer.send(datagram("one"), OTHER);

        assertThat(failures).containsExactly("192.0.2.2 true");
    }

    @Test
    void aRunThatTheKernelHasNoRoomForIsSentLater() {
        kernel.full(true);
        write("one", "two");
        writer.flush();
        writer.send(datagram("six"), OTHER);
        assertThat(kernel.calls).isEmpty();

        kernel.full(false);
        kernel.flush();

        assertThat(kernel.calls).containsExactly("one|two", "six");
    }

    // The kernel had no room and then refuses: what is mended is the run, and not what came behind it.
    @Test
    void aRunThatIsRefusedLaterLosesAndDoublesNothing() {
        kernel.full(true);
        write("one", "two");
        writer.flush();
        writer.send(datagram("six"), PEER);
        write("ten", "red");
        writer.flush();
        kernel.full(false);
        kernel.refuseJoined(KernelDouble.EIO);

        kernel.flush();

        assertThat(kernel.datagrams).containsExactlyInAnyOrder("one", "two", "six", "ten", "red");
        assertThat(writer.joins()).isFalse();
    }

    // Its failure could not be told from that of what is before it.
    @Test
    void nothingIsJoinedBehindADatagramThatIsHeldBack() {
        kernel.full(true);
        writer.send(datagram("held"), OTHER);
        write("one", "two");
        writer.flush();
        kernel.full(false);
        kernel.flush();

        assertThat(kernel.calls).containsExactly("held", "one", "two");
        assertThat(writer.joins()).isTrue();
    }

    @Test
    void aReadThatFailsIsNotTakenForARunThatWaits() {
        kernel.full(true);
        write("one", "two");
        writer.flush();

        kernel.pipeline().fireExceptionCaught(new Errors.NativeIoException("recvmsg", -KernelDouble.EIO));

        assertThat(unknown).hasSize(1);
        unknown.clear();
        kernel.full(false);
        kernel.flush();
        assertThat(kernel.calls).containsExactly("one|two");
    }

    @Test
    void aRunThatGotOutIsNotMendedForTheFailureOfAnother() {
        kernel.full(true);
        write("one", "two");
        writer.flush();
        kernel.full(false);
        kernel.flush();
        kernel.refuse(KernelDouble.EINVAL);

        writer.send(datagram("six"), OTHER);

        assertThat(kernel.calls).containsExactly("one|two");
        assertThat(failures).containsExactly("192.0.2.2 true");
        assertThat(writer.joins()).isTrue();
    }

    @Test
    void aKernelThatCannotCutGetsThemOneByOne() {
        UdpWriter plain = new UdpWriter(kernel, false, this::failed);

        plain.write(datagram("one"), PEER);
        plain.write(datagram("two"), PEER);
        plain.flush();

        assertThat(kernel.calls).containsExactly("one", "two");
    }

    @Test
    void whatWaitsWhenTheSocketClosesIsReleased() {
        kernel.full(true);
        write("one", "two");
        writer.flush();
        write("six", "ten");

        kernel.close();
        writer.clear();

        assertThat(kernel.calls).isEmpty();
    }
}
