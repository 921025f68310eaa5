// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.icepath.ice.IcePacket;
import org.icepath.ice.SendResult;
import org.jspecify.annotations.Nullable;

/** A path as a socket of {@code java.net}, see {@link org.icepath.ice.IcePath#datagramSocket}. Thread-safe. */
final class PathSocket extends DatagramSocket {

    private final NettyIcePath path;
    private final ReceiveQueue queue = new ReceiveQueue();
    private final Consumer<IcePacket> taker = packet -> queue.add(packet.from(), packet.payload());
    private final PacketLengths lengths = new PacketLengths();

    private volatile int timeoutMillis;
    private volatile boolean closed;

    PathSocket(NettyIcePath path) {
        super(new SocketHints());
        this.path = path;
    }

    void begin() {
        path.receiver().onReceive(taker);
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
        requireOpen();
        SendResult result = path.send(ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength()));
        if (result == SendResult.NO_CONSENT) {
            throw new PortUnreachableException("the peer's consent to receive has expired (RFC 7675 §5.1)");
        }
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
        ReceiveQueue.Datagram datagram = take();
        synchronized (packet) {
            int length = Math.min(datagram.bytes().length, lengths.limitOf(packet));
            System.arraycopy(datagram.bytes(), 0, packet.getData(), packet.getOffset(), length);
            packet.setSocketAddress(datagram.from());
            lengths.received(packet, length);
        }
    }

    private ReceiveQueue.Datagram take() throws IOException {
        requireOpen();
        int timeout = timeoutMillis;
        if (queue.isEmpty()) {
            path.requireMayWait();
        }
        ReceiveQueue.Datagram datagram = take(timeout == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeout));
        if (datagram == null) {
            requireOpen();
            throw new SocketTimeoutException("nothing arrived within " + timeout + " ms");
        }
        return datagram;
    }

    private ReceiveQueue.@Nullable Datagram take(long nanos) throws InterruptedIOException {
        try {
            return queue.take(nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a packet");
        }
    }

    private void requireOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }

    @Override
    public void setSoTimeout(int milliseconds) throws SocketException {
        requireOpen();
        if (milliseconds < 0) {
            throw new IllegalArgumentException("timeout " + milliseconds + ", expected 0 or more");
        }
        timeoutMillis = milliseconds;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        requireOpen();
        return timeoutMillis;
    }

    @Override
    public void bind(@Nullable SocketAddress address) throws SocketException {
        throw new SocketException("Already bound"); // ICE has done so
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public void connect(InetAddress address, int port) {
        // a path is connected by ICE, to wherever its pair leads
    }

    @Override
    public void connect(SocketAddress address) {
        // as above
    }

    @Override
    public void disconnect() {
        // as above
    }

    @Override
    public boolean isConnected() {
        return path.remoteAddress().isPresent();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return path.remoteAddress().map(InetSocketAddress::getAddress).orElse(null);
    }

    @Override
    public int getPort() {
        return path.remoteAddress().map(InetSocketAddress::getPort).orElse(-1);
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return path.remoteAddress().orElse(null);
    }

    @Override
    public @Nullable InetAddress getLocalAddress() {
        return closed ? null : local().getAddress();
    }

    @Override
    public int getLocalPort() {
        return closed ? -1 : local().getPort();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return closed ? null : local();
    }

    // Until a pair answers there may be many addresses: what a socket says that is bound to all of them.
    private InetSocketAddress local() {
        return path.localAddress().orElseGet(() -> new InetSocketAddress(0));
    }

    @Override
    public void close() {
        closed = true;
        super.close();
        path.receiver().forget(taker);
        queue.close();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }
}
