// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;

/** What the kernel does for bursts of datagrams: Linux cuts (from 4.18 on) and joins (5.0) them, by UDP_SEGMENT and UDP_GRO. */
final class SegmentationOffload {

    private static final int MOST_IN_ONE_READ = 64;

    private SegmentationOffload() {}

    /** Whether the kernel cuts what a channel sends joined; an interface may refuse all the same. */
    static boolean cuts(DatagramChannel channel) {
        return channel instanceof EpollDatagramChannel && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    /**
     * Has the kernel join what comes, where it can, and gives the channel room for what it reads.
     *
     * @param maxDatagramBytes the longest datagram that must be read whole
     */
    static <T extends DatagramChannel> T prepareReads(T channel, int maxDatagramBytes) {
        RecvByteBufAllocator room = joins(channel)
                ? new ReadBuffers().maxMessagesPerRead(MOST_IN_ONE_READ)
                : new FixedRecvByteBufAllocator(maxDatagramBytes).maxMessagesPerRead(MOST_IN_ONE_READ);
        channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, room);
        return channel;
    }

    private static boolean joins(DatagramChannel channel) {
        if (!cuts(channel)) {
            return false;
        }
        try {
            return channel.config().setOption(EpollChannelOption.UDP_GRO, true);
        } catch (ChannelException olderKernel) {
            return false;
        }
    }
}
