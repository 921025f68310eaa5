// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Transport;

/**
 * A bound UDP socket: the base of one host candidate (RFC 8445 §5.1.1.1).
 *
 * <p>There are two ways out. {@link #send(ByteBuffer, InetSocketAddress)} is for control messages: it copies, and says of each
 * one when it could not be sent. {@link #send(ByteBuf, InetSocketAddress)} is for media: it hands the buffer to the kernel
 * without a copy and without an object of our own per packet.
 *
 * <p>Used on its event loop only, except {@link #close} and the plain accessors. Linux tells an unconnected socket of errors it
 * finds itself (no route, forbidden by a filter), but not of ICMP messages that come back later.
 */
public final class UdpSocket implements Endpoint {

    static final int DSCP_SHIFT = 2; // the two low bits of the traffic class are ECN (RFC 3168 §5)

    private static final int LONGEST_ADOPTED = 2_048;

    private final DatagramChannel channel;
    private final Base base;
    private final UdpReader reader;
    private final UdpWriter writer;

    private UdpSocket(DatagramChannel channel, long id, UdpReader reader) {
        this.channel = channel;
        this.base = new Base(id, Transport.UDP, channel.localAddress());
        this.reader = reader;
        this.writer = new UdpWriter(channel, SegmentationOffload.cuts(channel), reader::reportSendFailure);
    }

    /**
     * Binds a socket. Any thread.
     *
     * @param loops where {@code loop} came from
     * @param loop the event loop that the socket lives on
     * @param id the identifier of the socket's {@link Base}
     * @param listener hears what arrives and what fails
     * @return completed on the event loop; fails with {@link java.net.BindException} or another {@link java.io.IOException}
     *     when no port of the range could be bound
     */
    public static CompletableFuture<UdpSocket> open(
            EventLoops loops, EventLoop loop, long id, UdpSocketOptions options, UdpSocketListener listener) {
        CompletableFuture<UdpSocket> opened = new CompletableFuture<>();
        tryPort(loops, loop, id, options, listener, new PortSearch(options), opened);
        return opened;
    }

    /**
     * Takes over a socket that was bound elsewhere. Any thread.
     *
     * @param loop the event loop that the channel is registered with, or shall be
     * @param channel bound
     * @return completed on the event loop; fails as registering does
     */
    static CompletableFuture<UdpSocket> adopt(
            EventLoop loop, long id, DatagramChannel channel, UdpSocketListener listener) {
        UdpReader reader = new UdpReader(listener);
        SegmentationOffload.prepareReads(channel, LONGEST_ADOPTED)
                .config()
                .setAllocator(PooledByteBufAllocator.DEFAULT);
        CompletableFuture<UdpSocket> adopted = new CompletableFuture<>();
        ChannelFuture registered = channel.isRegistered() ? channel.newSucceededFuture() : loop.register(channel);
        registered.addListener(outcome -> {
            if (!outcome.isSuccess()) {
                adopted.completeExceptionally(outcome.cause());
                return;
            }
            UdpSocket socket = new UdpSocket(channel, id, reader);
            reader.belongTo(socket);
            channel.pipeline().addLast(reader);
            adopted.complete(socket);
        });
        return adopted;
    }

    private static void tryPort(
            EventLoops loops,
            EventLoop loop,
            long id,
            UdpSocketOptions options,
            UdpSocketListener listener,
            PortSearch ports,
            CompletableFuture<UdpSocket> opened) {
        UdpReader reader = new UdpReader(listener);
        Bootstrap bootstrap = bootstrap(loops, loop, options).handler(reader);
        bootstrap.bind(new InetSocketAddress(options.address(), ports.next())).addListener((ChannelFuture bound) -> {
            if (bound.isSuccess()) {
                UdpSocket socket = new UdpSocket((DatagramChannel) bound.channel(), id, reader);
                reader.belongTo(socket);
                if (!opened.complete(socket)) {
                    socket.close();
                }
            } else if (ports.hasNext() && !opened.isDone()) {
                tryPort(loops, loop, id, options, listener, ports, opened);
            } else {
                opened.completeExceptionally(bound.cause());
            }
        });
    }

    private static Bootstrap bootstrap(EventLoops loops, EventLoop loop, UdpSocketOptions options) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channelFactory(() -> SegmentationOffload.prepareReads(
                        loops.newDatagramChannel(options.address()), options.maxDatagramBytes()))
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT);
        if (options.dscp() != 0) {
            bootstrap.option(ChannelOption.IP_TOS, options.dscp() << DSCP_SHIFT);
        }
        if (options.receiveBufferBytes() != 0) {
            bootstrap.option(ChannelOption.SO_RCVBUF, options.receiveBufferBytes());
        }
        if (options.sendBufferBytes() != 0) {
            bootstrap.option(ChannelOption.SO_SNDBUF, options.sendBufferBytes());
        }
        return bootstrap;
    }

    @Override
    public Base base() {
        return base;
    }

    @Override
    public InetSocketAddress localAddress() {
        return base.address();
    }

    /** The number of the system call by which the datagram came that is being handed over, on this event loop; 0 when it is not known. */
    long read() {
        return reader.read();
    }

    /** The way of media out. */
    UdpWriter writer() {
        return writer;
    }

    /** The event loop that this socket lives on. */
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Whether the socket is open. Any thread. */
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public ByteBuf allocate(int capacity) {
        return channel.alloc().directBuffer(capacity, capacity);
    }

    /**
     * Sends a control message; a failure is reported with its destination.
     *
     * @param payload the datagram from position to limit; copied, its position does not move
     */
    @Override
    public void send(ByteBuffer payload, InetSocketAddress to) {
        ByteBuf copy = allocate(payload.remaining());
        copy.setBytes(0, payload.duplicate()).writerIndex(payload.remaining());
        // at once even while datagrams are being read: the driver takes it for sent, and the peer waits for it
        writer.sendKnown(copy, to);
    }

    /**
     * Sends a media datagram; while datagrams are being read, at the end of the read, since what answers a burst is one.
     *
     * <p>A failure that the kernel reports at once is reported with its destination. One that comes after the kernel's buffer was
     * full is counted only: nothing says which datagram it was, and keeping that would cost an object for each packet.
     *
     * @param datagram readable bytes; ownership passes to the socket
     * @return true: {@link #isWritable} tells before whether there is room
     */
    @Override
    public boolean send(ByteBuf datagram, InetSocketAddress to) {
        if (reader.isReading()) {
            writer.write(datagram, to);
        } else {
            writer.send(datagram, to);
        }
        return true;
    }

    /**
     * Sends a media datagram with the next {@link #flush}, or before. Consecutive ones to one destination and of one length, the last of
     * which may be shorter, leave by one system call where the kernel cuts them apart (Linux' UDP_SEGMENT), up to 64 of them or 65,507
     * bytes; they arrive as they would have otherwise.
     *
     * @param datagram readable bytes; ownership passes to the socket
     * @return true
     */
    @Override
    public boolean write(ByteBuf datagram, InetSocketAddress to) {
        writer.write(datagram, to);
        return true;
    }

    // Whether there is room is asked once for those that leave together: before they do, it does not change.
    @Override
    public boolean write(int prefix, ByteBuffer data, InetSocketAddress to) {
        if (!writer.holds() && !channel.isWritable()) {
            return false;
        }
        if (!writer.write(prefix, data, to)) {
            return Endpoint.super.write(prefix, data, to);
        }
        return true;
    }

    @Override
    public void flush() {
        if (!reader.isReading()) {
            writer.flush();
        }
    }

    /** How many media datagrams failed without a known destination. On the event loop. */
    public long unattributedFailures() {
        return reader.unattributedFailures();
    }

    @Override
    public void close() {
        reader.closing();
        channel.close();
    }

    /** Completed when the socket is closed, whoever closed it. Any thread. */
    public CompletableFuture<Void> closed() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        channel.closeFuture().addListener(done -> closed.complete(null));
        return closed;
    }

    /** The local end vanished under the socket. */
    static Cause gone() {
        return new Cause(Cause.Kind.LOCAL_GONE, "the socket was closed");
    }

    @Override
    public String toString() {
        return "UdpSocket[" + base.id() + " " + base.address() + "]";
    }
}
