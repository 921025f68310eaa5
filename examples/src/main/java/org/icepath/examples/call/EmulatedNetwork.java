// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Routers, and a firewall between them, as a forwarder of datagrams between loopback sockets. A datagram of a phone to the other's
 * outside address is translated twice, as two routers in its way would, and dropped where one of them, or the firewall, would.
 * One thread carries it all.
 */
final class EmulatedNetwork implements AutoCloseable {

    private static final int LARGEST_DATAGRAM = 65_535;
    private static final int SOCKET_BUFFER = 1 << 20;

    private final Selector selector;
    private final Map<InetAddress, Router> routers = new HashMap<>();
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
    private final Thread thread = new Thread(this::run, "emulated-network");
    private final Object turn = new Object();
    private final DelayLine line = new DelayLine();
    private final Duration toServer;
    private final Duration direct;
    private volatile boolean open;
    private final AtomicLong blocked = new AtomicLong();
    private volatile boolean closed;

    /** A socket and where it is bound. */
    record Bound(DatagramChannel channel, InetSocketAddress address) {}

    /** Something that may fail as sockets do. */
    interface Action<T, E extends Exception> {
        T run() throws E;
    }

    private EmulatedNetwork(Selector selector, Duration toServer, Duration direct) {
        this.selector = selector;
        this.toServer = toServer;
        this.direct = direct;
    }

    /**
     * Starts it.
     *
     * @param toServer how long a datagram takes from a phone to a server, or back
     * @param direct how long it takes from router to router
     */
    static EmulatedNetwork start(Duration toServer, Duration direct) {
        try {
            EmulatedNetwork network = new EmulatedNetwork(Selector.open(), toServer, direct);
            network.thread.setDaemon(true);
            network.thread.start();
            return network;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Puts a router before a phone.
     *
     * @param phone where the phone's sockets are bound
     * @param inside the router's address towards the phone
     * @param outside the router's address towards the world
     */
    Router router(InetAddress phone, InetAddress inside, InetAddress outside, NatKind kind) {
        return add(new Router(this, phone, inside, outside, kind, false));
    }

    /** Puts the way into the VPN before a phone's address there. */
    Router tunnel(InetAddress phone, InetAddress inside, InetAddress outside) {
        return add(new Router(this, phone, inside, outside, NatKind.PORT_RESTRICTED, true));
    }

    private Router add(Router router) {
        confined(() -> routers.put(router.phone(), router));
        return router;
    }

    /** Lets datagrams pass between the phones. */
    void openFirewall() {
        open = true;
    }

    /** How many datagrams are on their way, in no socket's buffer. */
    int onTheWay() {
        return line.size();
    }

    /** Drops all datagrams between the phones, in silence. */
    void shutFirewall() {
        open = false;
    }

    /** How many datagrams between the phones the firewall has dropped. */
    long blockedByFirewall() {
        return blocked.get();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    <T, E extends Exception> T confined(Action<T, E> action) throws E {
        synchronized (turn) {
            return action.run();
        }
    }

    Bound bind(InetAddress address) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
        channel.bind(new InetSocketAddress(address, 0));
        return new Bound(channel, (InetSocketAddress) channel.getLocalAddress());
    }

    void watch(DatagramChannel channel, Object purpose) throws IOException {
        channel.register(selector, SelectionKey.OP_READ, purpose);
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::readable, confined(line::millisToNext));
                confined(this::deliver);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean deliver() {
        try {
            line.deliver();
            return true;
        } catch (IOException e) {
            // a datagram that cannot be passed on is lost, as on any network
            return false;
        }
    }

    private void readable(SelectionKey key) {
        DatagramChannel channel = (DatagramChannel) key.channel();
        synchronized (turn) {
            try {
                datagram.clear();
                InetSocketAddress source = (InetSocketAddress) channel.receive(datagram);
                while (source != null) {
                    datagram.flip();
                    forward(key.attachment(), source);
                    datagram.clear();
                    source = (InetSocketAddress) channel.receive(datagram);
                }
            } catch (IOException e) {
                // a datagram that cannot be passed on is lost, as on any network
                return;
            }
        }
    }

    private void forward(Object purpose, InetSocketAddress source) throws IOException {
        if (purpose instanceof Gateway gateway) {
            if (!source.getAddress().equals(gateway.router().phone())) {
                // from the phone's other interface, which does not lead here
                return;
            }
            Mapping mapping = gateway.router().mapping(source, gateway.server());
            mapping.contact(gateway.server());
            line.send(toServer, mapping.channel(), datagram, gateway.server());
        } else if (purpose instanceof Mapping mapping) {
            inbound(mapping, source);
        }
    }

    private void inbound(Mapping mapping, InetSocketAddress source) throws IOException {
        Gateway gateway = mapping.router().gatewayOf(source).orElse(null);
        if (gateway != null) {
            line.send(toServer, gateway.channel(), datagram, mapping.inside());
            return;
        }
        Router other = routers.get(source.getAddress());
        if (other == null
                || other == mapping.router()
                || other.tunnel() != mapping.router().tunnel()) {
            return;
        }
        Mapping sender = other.mapping(source, mapping.outside());
        sender.contact(mapping.outside());
        if (!open && !other.tunnel()) {
            blocked.incrementAndGet();
        } else if (mapping.admits(sender.outside())) {
            line.send(direct, sender.channel(), datagram, mapping.inside());
        }
    }
}
