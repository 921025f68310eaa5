// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** A datagram channel whose kernel takes what it is told to take. It writes down each datagram, and each system call's worth of them. */
final class KernelDouble extends EmbeddedChannel {

    static final int EIO = 5;
    static final int EINVAL = 22;
    static final int ENETUNREACH = 101;

    final List<String> calls = new ArrayList<>();
    final List<String> datagrams = new ArrayList<>();

    private Predicate<DatagramPacket> room = packet -> true;
    private Function<DatagramPacket, Integer> refusal = packet -> 0;

    KernelDouble(ChannelHandler... handlers) {
        super(handlers);
    }

    /** Its buffer is full, or free again. */
    void full(boolean full) {
        room = packet -> !full;
    }

    /** Refuses joined datagrams with this error; 0 takes them. */
    void refuseJoined(int errno) {
        refusal = packet -> packet instanceof SegmentedDatagramPacket ? errno : 0;
    }

    /** Refuses everything with this error. */
    void refuse(int errno) {
        refusal = packet -> errno;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        for (Object message = in.current(); message != null; message = in.current()) {
            DatagramPacket packet = (DatagramPacket) message;
            if (!room.test(packet)) {
                return;
            }
            int errno = refusal.apply(packet);
            if (errno != 0) {
                in.remove(new Errors.NativeIoException("sendmmsg", -errno));
            } else {
                take(packet);
                in.remove();
            }
        }
    }

    private void take(DatagramPacket packet) {
        ByteBuf bytes = packet.content();
        int segment = packet instanceof SegmentedDatagramPacket joined ? joined.segmentSize() : bytes.readableBytes();
        List<String> cut = new ArrayList<>();
        for (int at = bytes.readerIndex(); at < bytes.writerIndex(); at += segment) {
            int length = Math.min(segment, bytes.writerIndex() - at);
            cut.add(bytes.toString(at, length, java.nio.charset.StandardCharsets.US_ASCII));
        }
        datagrams.addAll(cut);
        calls.add(String.join("|", cut));
    }
}
