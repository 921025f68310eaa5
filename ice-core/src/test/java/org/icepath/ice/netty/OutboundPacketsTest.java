// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.icepath.ice.Envelope;
import org.icepath.ice.IcePath;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.ms.MsIce2Dialect;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.testkit.memory.AllocatedBytes;
import org.junit.jupiter.api.Test;

class OutboundPacketsTest {

    private static final int CHANNEL = 0x4001;
    private static final byte[] STUN = HexFormat.of().parseHex("000100002112a442000102030405060708090a0b");

    // RFC 8656 §12.4: number, length, data.
    @Test
    void theChannelHeaderGoesIntoTheHeadroomWithoutACopy() {
        ByteBuf packet = PooledByteBufAllocator.DEFAULT.directBuffer(40).setIndex(36, 36);
        packet.writeBytes("rtp".getBytes(StandardCharsets.US_ASCII));

        ByteBuf datagram = OutboundPackets.withChannelHeader(packet, CHANNEL, 1);

        assertThat(datagram).isSameAs(packet);
        assertThat(hex(datagram)).isEqualTo("40010003727470");
        datagram.release();
    }

    @Test
    void aPacketWithoutHeadroomIsCopiedAndReleased() {
        ByteBuf packet = Unpooled.copiedBuffer("rtp", StandardCharsets.US_ASCII);

        ByteBuf datagram = OutboundPackets.withChannelHeader(packet, CHANNEL, 1);

        assertThat(hex(datagram)).isEqualTo("40010003727470");
        assertThat(packet.refCnt()).isZero();
        datagram.release();
    }

    // One buffer fanned out to two relayed peers: the second header would overwrite the first before it is flushed.
    @Test
    void theHeadroomOfASharedBufferIsLeftAlone() {
        ByteBuf packet =
                PooledByteBufAllocator.DEFAULT.directBuffer(16).setIndex(8, 8).writeByte(0x80);
        ByteBuf first = OutboundPackets.withChannelHeader(packet.retainedDuplicate(), 0x4001, 1);
        ByteBuf second = OutboundPackets.withChannelHeader(packet.retainedDuplicate(), 0x4002, 1);

        assertThat(hex(first)).isEqualTo("4001000180");
        assertThat(hex(second)).isEqualTo("4002000180");
        first.release();
        second.release();
        assertThat(packet.refCnt()).isOne();
        packet.release();
    }

    // Media towards a peer's multiplexed relay: the frame of its
    // stream goes into the headroom, and nothing is made for it
    @Test
    void whatThePeersAddressWantsInFrontCostsNoObject() {
        StunMessage check = new StunMessage(MsIce2Dialect.VERSION_3)
                .wrap(new StunWriter(MsIce2Dialect.VERSION_3)
                        .wrap(ByteBuffer.allocate(100))
                        .request(StunMethod.BINDING, new TransactionId(1, 2))
                        .putUint64(MsTurnAttributes.MULTIPLEXED_SESSION_ID, 0x0102030405060708L)
                        .finish());
        Envelope envelope =
                MsProfiles.ICE2.checks().readableForms().get(0).envelope(check).orElseThrow();
        ByteBuffer header = ByteBuffer.allocate(envelope.length());
        ByteBuf packet = Unpooled.buffer(36 + 160);

        double bytes = AllocatedBytes.each(100_000, () -> {
            envelope.write(header.clear(), 160);
            OutboundPackets.withHeader(packet.setIndex(36, 36 + 160), header.flip(), 1);
        });

        assertThat(bytes).isLessThan(1.0);
        assertThat(hex(packet)).startsWith("ff1000a80102030405060708").hasSize(2 * (12 + 160));
    }

    // A relay of ours with a channel to a peer whose address serves many: both headers, the channel's first
    @Test
    void whatThePeersAddressWantsInFrontGoesBehindTheHeaderOfAChannel() {
        ByteBuf packet = PooledByteBufAllocator.DEFAULT.directBuffer(40).setIndex(36, 36);
        packet.writeBytes("rtp".getBytes(StandardCharsets.US_ASCII));
        ByteBuffer header = ByteBuffer.wrap(HexFormat.of().parseHex("ff10000b0102030405060708"));

        ByteBuf inside = OutboundPackets.withHeader(packet, header, 1);
        ByteBuf datagram = OutboundPackets.withChannelHeader(inside, CHANNEL, 1);

        assertThat(datagram).isSameAs(packet);
        assertThat(hex(datagram)).isEqualTo("4001000fff10000b0102030405060708727470");
        datagram.release();
    }

    // RFC 9443 §2: with the cookie it is STUN, whoever sends it.
    @Test
    void aStunMessageIsNoMedia() {
        assertThatIllegalArgumentException().isThrownBy(() -> OutboundPackets.requireMedia(ByteBuffer.wrap(STUN)));
        assertThat(OutboundPackets.objectionTo(Unpooled.wrappedBuffer(STUN))).isNotNull();
    }

    @Test
    void whatOnlyBeginsLikeStunIsMedia() {
        byte[] other = STUN.clone();
        other[7] ^= 1;

        OutboundPackets.requireMedia(ByteBuffer.wrap(other));
        assertThat(OutboundPackets.objectionTo(Unpooled.wrappedBuffer(other))).isNull();
        assertThat(OutboundPackets.objectionTo(Unpooled.EMPTY_BUFFER)).isNull();
    }

    private static String hex(ByteBuf buffer) {
        return io.netty.buffer.ByteBufUtil.hexDump(buffer);
    }

    // RFC 8656 §12.4, RFC 4571 §2: a longer one would have the wrong length in its header, or none.
    @Test
    void whatFitsIntoNoFrameIsRefusedBeforeItLeaves() {
        ByteBuffer most = ByteBuffer.allocate(IcePath.MAX_PACKET).put(0, (byte) 0x80);
        ByteBuffer more = ByteBuffer.allocate(IcePath.MAX_PACKET + 1).put(0, (byte) 0x80);

        OutboundPackets.requireMedia(most);
        assertThat(OutboundPackets.objectionTo(Unpooled.wrappedBuffer(most))).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> OutboundPackets.requireMedia(more));
        assertThat(OutboundPackets.objectionTo(Unpooled.wrappedBuffer(more))).isNotNull();
    }
}
