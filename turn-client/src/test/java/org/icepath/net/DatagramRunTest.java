// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatagramRunTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 4000);
    private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.1", 4001);

    private final DatagramRun run = new DatagramRun();
    private final List<ByteBuf> given = new ArrayList<>();
    private final List<DatagramPacket> taken = new ArrayList<>();

    @AfterEach
    void nothingIsLeftOver() {
        run.clear();
        taken.forEach(DatagramPacket::release);

        assertThat(given).allSatisfy(each -> assertThat(each.refCnt()).isZero());
    }

    private ByteBuf datagram(int length, int content) {
        ByteBuf made = Unpooled.directBuffer(length + 8).setIndex(8, 8); // as with headroom before it
        for (int i = 0; i < length; i++) {
            made.writeByte(content);
        }
        given.add(made);
        return made;
    }

    private boolean add(int length, int content, InetSocketAddress to) {
        ByteBuf datagram = datagram(length, content);
        boolean added = run.add(datagram, to);
        if (!added) {
            datagram.release();
        }
        return added;
    }

    private DatagramPacket take() {
        DatagramPacket packet = run.take();
        taken.add(packet);
        return packet;
    }

    @Test
    void aDatagramThatStaysAloneLeavesAsItIs() {
        ByteBuf only = datagram(172, 1);

        assertThat(run.add(only, PEER)).isTrue();

        DatagramPacket packet = take();
        assertThat(packet).isNotInstanceOf(SegmentedDatagramPacket.class);
        assertThat(packet.content()).isSameAs(only);
        assertThat(packet.recipient()).isEqualTo(PEER);
        assertThat(run.isEmpty()).isTrue();
    }

    @Test
    void datagramsOfOneLengthAreJoined() {
        assertThat(add(3, 1, PEER)).isTrue();
        assertThat(add(3, 2, new InetSocketAddress("192.0.2.1", 4000))).isTrue();
        assertThat(add(3, 3, PEER)).isTrue();

        DatagramPacket packet = take();
        assertThat(packet)
                .isInstanceOfSatisfying(SegmentedDatagramPacket.class, joined -> assertThat(joined.segmentSize())
                        .isEqualTo(3));
        assertThat(packet.recipient()).isEqualTo(PEER);
        assertThat(ByteBufUtil.hexDump(packet.content())).isEqualTo("010101020202030303");
    }

    // The kernel cuts segments of one length; only what is left at the end may be shorter.
    @Test
    void aShorterDatagramIsTheLast() {
        add(3, 1, PEER);

        assertThat(add(2, 2, PEER)).isTrue();

        assertThat(run.isFull()).isTrue();
        assertThat(add(2, 3, PEER)).isFalse();
        assertThat(ByteBufUtil.hexDump(take().content())).isEqualTo("0101010202");
    }

    @Test
    void aLongerDatagramDoesNotContinueARun() {
        add(3, 1, PEER);

        assertThat(add(4, 2, PEER)).isFalse();

        assertThat(ByteBufUtil.hexDump(take().content())).isEqualTo("010101");
    }

    @Test
    void anotherDestinationDoesNotContinueARun() {
        add(3, 1, PEER);

        assertThat(add(3, 2, OTHER)).isFalse();

        take();
        assertThat(add(3, 2, OTHER)).isTrue();
    }

    // A segment without bytes would not be sent at all.
    @Test
    void anEmptyDatagramStaysAlone() {
        add(3, 1, PEER);
        assertThat(add(0, 0, PEER)).isFalse();
        take();

        assertThat(add(0, 0, PEER)).isTrue();

        assertThat(run.isFull()).isTrue();
        assertThat(add(0, 0, PEER)).isFalse();
    }

    @Test
    void atMostSixtyFourAreJoined() {
        for (int i = 0; i < 64; i++) {
            assertThat(run.isFull()).isFalse();
            assertThat(add(10, i, PEER)).isTrue();
        }

        assertThat(run.isFull()).isTrue();
        assertThat(add(10, 64, PEER)).isFalse();
        assertThat(take().content().readableBytes()).isEqualTo(640);
    }

    // What is joined must fit into one datagram's length field: 54 of 1,200 bytes do.
    @Test
    void atMostTheBytesOfOneDatagramAreJoined() {
        int added = 0;
        while (add(1_200, added, PEER)) {
            added++;
        }

        assertThat(added).isEqualTo(65_507 / 1_200);
        assertThat(run.isFull()).isTrue();
        assertThat(take().content().readableBytes()).isLessThanOrEqualTo(65_507);
    }

    @Test
    void datagramsOfWhichTwoAreTooManyBytesStayAlone() {
        add(40_000, 1, PEER);

        assertThat(run.isFull()).isTrue();
        assertThat(add(20_000, 2, PEER)).isFalse();
    }

    // RFC 8656 §12.4: data of an application, with the header of its channel.
    @Test
    void dataThatStaysTheCallersIsCopiedBehindItsPrefix() {
        ByteBuffer data = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2);

        assertThat(run.add(0x40010002, data, PEER)).isTrue();
        assertThat(run.add(0x40020002, data, PEER)).isTrue();
        assertThat(run.add(0, data, PEER)).isTrue();

        assertThat(data.position()).isEqualTo(1);
        assertThat(run.isFull()).isTrue();
        assertThat(ByteBufUtil.hexDump(take().content())).isEqualTo("400100020102400200020102" + "0102");
    }

    @Test
    void dataThatStaysAloneIsADatagramLikeOthers() {
        run.add(0, ByteBuffer.wrap(new byte[] {1, 2}), PEER);

        DatagramPacket packet = take();

        assertThat(packet).isNotInstanceOf(SegmentedDatagramPacket.class);
        assertThat(ByteBufUtil.hexDump(packet.content())).isEqualTo("0102");
    }

    @Test
    void copiedDataAndBuffersAreJoinedAlike() {
        run.add(0, ByteBuffer.wrap(new byte[] {1, 1}), PEER);
        add(2, 2, PEER);

        assertThat(run.add(0, ByteBuffer.wrap(new byte[] {3, 3}), OTHER)).isFalse();

        assertThat(run.add(0, ByteBuffer.wrap(new byte[] {3}), PEER)).isTrue();
        assertThat(ByteBufUtil.hexDump(take().content())).isEqualTo("0101020203");
    }

    @Test
    void aRunThatWasTakenIsForgotten() {
        add(3, 1, PEER);
        add(3, 2, PEER);
        take();

        assertThat(run.isEmpty()).isTrue();
        assertThat(add(5, 3, OTHER)).isTrue();
        assertThat(ByteBufUtil.hexDump(take().content())).isEqualTo("0303030303");
    }
}
