// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The event loops that everything of one runtime runs on: its own, or the application's.
 *
 * <p>Thread-safe. Loops made here have daemon threads named {@code icepath-N}; {@link #close} ends only those.
 */
public final class EventLoops implements AutoCloseable {

    /** Netty knows it for listeners alone; the numbers are Linux' (asm-generic/socket.h). */
    private static final ChannelOption<Integer> REUSE_PORT = new IntegerUnixChannelOption("SO_REUSEPORT", 1, 15);

    private static final int MOST_THREADS = 4;
    private static final long CLOSE_TIMEOUT_MILLIS = 3_000;

    // Media that waits in the kernel cannot be dropped any more: half a second of video, and not megabytes.
    private static final long MOST_UNSENT_IN_KERNEL = 32 << 10;

    private final EventLoopGroup group;
    private final boolean owned;
    private final DatagramTransport transport;
    private final TlsContexts tlsContexts = new TlsContexts();

    private EventLoops(EventLoopGroup group, boolean owned, DatagramTransport transport) {
        this.group = group;
        this.owned = owned;
        this.transport = transport;
    }

    /** Starts event loops of our own: one for each processor, at most four. */
    public static EventLoops start() {
        return start(Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
    }

    /**
     * Starts event loops of our own.
     *
     * @param threads how many, at least one
     */
    public static EventLoops start(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + ": at least one is needed");
        }
        DatagramTransport transport = Epoll.isAvailable() ? DatagramTransport.EPOLL : DatagramTransport.NIO;
        return new EventLoops(
                new MultiThreadIoEventLoopGroup(threads, namedDaemons(), transport.handlers()), true, transport);
    }

    /**
     * Uses the application's event loops, which {@link #close} leaves running.
     *
     * @throws IllegalArgumentException if the group drives neither epoll nor NIO channels
     */
    public static EventLoops over(EventLoopGroup group) {
        return new EventLoops(group, false, DatagramTransport.of(group));
    }

    /** The event loop for the next session, round robin. */
    public EventLoop next() {
        return group.next();
    }

    /** The name of the transport in use, {@code epoll} or {@code nio}, for reports. */
    public String transport() {
        return transport.label();
    }

    /**
     * A new unbound datagram channel of the right kind for these loops and the family of {@code local}.
     *
     * <p>Not registered yet; used by a bootstrap.
     */
    public DatagramChannel newDatagramChannel(InetAddress local) {
        return transport.open(local instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
    }

    /** A new unbound datagram channel that speaks to either family where the system can. */
    DatagramChannel newDatagramChannel() {
        return transport.open();
    }

    /** A new unconnected stream channel of the right kind for these loops. */
    SocketChannel newSocketChannel() {
        return transport.openStream();
    }

    /** A new unbound channel that accepts streams, of the right kind for these loops. */
    ServerSocketChannel newServerSocketChannel() {
        return transport.openListener();
    }

    /** Sets what streams should have where these loops know it. */
    Bootstrap streamOptions(Bootstrap bootstrap) {
        return transport == DatagramTransport.EPOLL
                ? bootstrap.option(EpollChannelOption.TCP_NOTSENT_LOWAT, MOST_UNSENT_IN_KERNEL)
                : bootstrap;
    }

    /** Sets the same on streams that are accepted. */
    ServerBootstrap acceptedOptions(ServerBootstrap bootstrap) {
        return transport == DatagramTransport.EPOLL
                ? bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, MOST_UNSENT_IN_KERNEL)
                : bootstrap;
    }

    /** Lets a connection leave from a port that accepts, as TCP's simultaneous open needs. */
    void leaveFromAcceptingPort(Bootstrap bootstrap) {
        if (transport == DatagramTransport.EPOLL) {
            bootstrap.option(REUSE_PORT, 1);
        } else {
            bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
    }

    /** The other half of {@link #leaveFromAcceptingPort}, once the port is bound: before it, two listeners could bind the same one. */
    void letConnectionsLeave(Channel listening) {
        if (transport == DatagramTransport.EPOLL) {
            listening.config().setOption(EpollChannelOption.SO_REUSEPORT, true);
        } else {
            listening.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        }
    }

    /** What TLS connections on these loops begin with. */
    TlsContexts tlsContexts() {
        return tlsContexts;
    }

    /** Whether the calling thread is one of these event loops, and so must not wait. */
    public boolean inEventLoop() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /** Ends the event loops that were started here; waits at most 3 s, and not at all on one of them. Idempotent. */
    @Override
    public void close() {
        if (!owned) {
            return;
        }
        group.shutdownGracefully(0, CLOSE_TIMEOUT_MILLIS / 2, TimeUnit.MILLISECONDS);
        if (!inEventLoop()) {
            group.terminationFuture().awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
        }
    }

    private static ThreadFactory namedDaemons() {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new FastThreadLocalThread(task, "icepath-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** The ways that datagrams reach the operating system. */
    private enum DatagramTransport {
        EPOLL("epoll") {
            @Override
            IoHandlerFactory handlers() {
                return EpollIoHandler.newFactory();
            }

            @Override
            DatagramChannel open(SocketProtocolFamily family) {
                return new EpollDatagramChannel(family);
            }

            @Override
            DatagramChannel open() {
                return new EpollDatagramChannel();
            }

            @Override
            SocketChannel openStream() {
                return new EpollSocketChannel();
            }

            @Override
            ServerSocketChannel openListener() {
                return new EpollServerSocketChannel();
            }
        },
        NIO("nio") {
            @Override
            IoHandlerFactory handlers() {
                return NioIoHandler.newFactory();
            }

            @Override
            DatagramChannel open(SocketProtocolFamily family) {
                return new NioDatagramChannel(family);
            }

            @Override
            DatagramChannel open() {
                return new NioDatagramChannel();
            }

            @Override
            SocketChannel openStream() {
                return new NioSocketChannel();
            }

            @Override
            ServerSocketChannel openListener() {
                return new NioServerSocketChannel();
            }
        };

        private final String label;

        DatagramTransport(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        abstract IoHandlerFactory handlers();

        abstract DatagramChannel open(SocketProtocolFamily family);

        abstract DatagramChannel open();

        abstract SocketChannel openStream();

        abstract ServerSocketChannel openListener();

        static DatagramTransport of(EventLoopGroup group) {
            if (group instanceof IoEventLoopGroup io) {
                if (Epoll.isAvailable() && io.isIoType(EpollIoHandler.class)) {
                    return EPOLL;
                }
                if (io.isIoType(NioIoHandler.class)) {
                    return NIO;
                }
            }
            throw new IllegalArgumentException("event loops of " + group.getClass() + " drive neither epoll nor NIO");
        }
    }
}
