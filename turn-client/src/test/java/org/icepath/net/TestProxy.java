// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An HTTP proxy (CONNECT) and SOCKS 5 proxy in one, which finds every name on the loopback address. */
public final class TestProxy implements AutoCloseable {

    private static final byte[] CONNECTED = "HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII);
    private static final byte[] WHO =
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);
    private static final byte SOCKS_ANYBODY = 0;
    private static final byte SOCKS_BY_PASSWORD = 2;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Queue<Channel> clients = new ConcurrentLinkedQueue<>();
    private final Channel listening;
    private final String user;
    private final String password;
    private final byte[] first;

    /** One that asks nobody who he is. */
    public TestProxy() {
        this("", "", "");
    }

    /** One that lets a single user through, by HTTP's Basic or RFC 1929. */
    public TestProxy(String user, String password) {
        this(user, password, "");
    }

    /** @param first what servers seem to say at once: it comes in one packet with the proxy's answer */
    TestProxy(String user, String password, String first) {
        this.user = user;
        this.password = password;
        this.first = first.getBytes(US_ASCII);
        listening = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        clients.add(made);
                        made.pipeline().addLast(new Greeting());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    /** Where it listens, on the loopback address. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** The names and ports that it was asked to connect to. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** Ends all connections that there are. */
    public void cut() {
        clients.forEach(Channel::close);
        clients.clear();
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Until it is known where to connect to; each message comes in one piece over the loopback interface. */
    private final class Greeting extends ChannelInboundHandlerAdapter {

        private static final String HEADER = "proxy-authorization: basic ";

        private boolean proven;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            try {
                switch (bytes.getByte(0)) {
                    case 5 -> socks(context, bytes);
                    case 1 -> answerPassword(context, bytes);
                    default -> http(context, bytes.toString(US_ASCII));
                }
            } finally {
                bytes.release();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
            context.close();
        }

        private void http(ChannelHandlerContext context, String request) {
            String proof = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(US_ASCII));
            if (user.isEmpty()
                    || request.toLowerCase(Locale.ROOT).contains(HEADER) && request.contains(proof + "\r\n")) {
                String[] target = request.split(" ", 3)[1].split(":", 2);
                connect(context, target[0], Integer.parseInt(target[1]), CONNECTED);
            } else {
                context.writeAndFlush(Unpooled.wrappedBuffer(WHO));
            }
        }

        // RFC 1928 §3: version, how many methods, the methods; §4: version, command, zero, kind of address, address,
        // port
        private void socks(ChannelHandlerContext context, ByteBuf bytes) {
            if (bytes.readableBytes() == 2 + bytes.getByte(1)) {
                byte wanted = user.isEmpty() ? SOCKS_ANYBODY : SOCKS_BY_PASSWORD;
                boolean offered = bytes.indexOf(2, bytes.readableBytes(), wanted) >= 0;
                context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {5, offered ? wanted : (byte) 0xFF}));
            } else if (user.isEmpty() || proven) {
                int length = bytes.getUnsignedByte(4);
                String host = bytes.toString(5, length, US_ASCII);
                connect(context, host, bytes.getUnsignedShort(5 + length), new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            }
        }

        // RFC 1929 §2: version, a name and its length before it, a password likewise
        private void answerPassword(ChannelHandlerContext context, ByteBuf bytes) {
            int length = bytes.getUnsignedByte(1);
            String said = bytes.toString(2, length, US_ASCII);
            String secret = bytes.toString(3 + length, bytes.getUnsignedByte(2 + length), US_ASCII);
            proven = said.equals(user) && secret.equals(password);
            context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1, (byte) (proven ? 0 : 1)}));
        }

        private void connect(ChannelHandlerContext client, String host, int port, byte[] yes) {
            asked.add(host + ":" + port);
            new Bootstrap()
                    .group(client.channel().eventLoop())
                    .channel(NioSocketChannel.class)
                    .handler(new Pipe(client.channel()))
                    .connect(InetAddress.getLoopbackAddress(), port)
                    .addListener((ChannelFuture made) -> {
                        if (made.isSuccess()) {
                            client.pipeline().replace(this, "pipe", new Pipe(made.channel()));
                            client.writeAndFlush(Unpooled.wrappedBuffer(yes, first));
                        } else {
                            client.close();
                        }
                    });
        }
    }

    private static final class Pipe extends ChannelInboundHandlerAdapter {
        private final Channel other;

        Pipe(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            other.writeAndFlush(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(bytes)));
            bytes.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            other.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
            context.close();
        }
    }
}
