// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.icepath.connection.ConnectionSettings;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/** The connections that one machine has opened, and what they say. Confined to their event loop. */
final class Connections implements Connection.Listener {

    /** Of what a listener has accepted; more are closed at once. */
    private static final int MOST_ACCEPTED = 10_000;

    private final EventLoops loops;
    private final EventLoop loop;
    private final ConnectionSettings settings;
    private final Facts facts;
    private final Map<Base, Connection> open = new HashMap<>();
    private final Set<Connection> untold = new HashSet<>();
    private final Ports ports = new Ports();
    private boolean closed;

    /** What the machine must know of. */
    interface Facts {

        void received(Base base, InetSocketAddress from, ByteBuffer payload);

        void opened(Base base);

        void writabilityChanged(Endpoint connection);

        void closed(Base base, Cause cause);
    }

    Connections(EventLoops loops, EventLoop loop, ConnectionSettings settings, Facts facts) {
        this.loops = loops;
        this.loop = loop;
        this.settings = settings;
        this.facts = facts;
    }

    /** Where the machine accepts connections. */
    Ports ports() {
        return ports;
    }

    /** Opens a connection; one that the base had before is closed. */
    void open(Base base, InetSocketAddress to, Framing framing) {
        close(base);
        Connection connection = base.transport() == Transport.DTLS
                ? new DtlsConnection(loops, loop, base, to, settings, this)
                : new StreamConnection(loops, loop, base, to, framing, settings, this);
        open.put(base, connection);
        connection.start();
    }

    /**
     * Accepts connections at an address; each is a base of its own, and is told like those that were opened.
     *
     * @param tls null over TCP
     * @param opensToo whether connections are opened from the port, too
     * @param ids makes the identifiers of their bases
     */
    CompletableFuture<StreamListener> listen(
            InetSocketAddress at, @Nullable SslContext tls, Framing framing, boolean opensToo, LongSupplier ids) {
        Transport transport = tls == null ? Transport.TCP : Transport.TLS;
        return StreamListener.open(loops, loop, at, opensToo, channel -> {
            if (closed || open.size() >= MOST_ACCEPTED) {
                channel.close();
                return;
            }
            Base base = new Base(ids.getAsLong(), transport, (InetSocketAddress) channel.localAddress());
            InetSocketAddress from = (InetSocketAddress) channel.remoteAddress();
            StreamConnection connection =
                    new StreamConnection(loops, loop, base, from, framing, settings, Connections.this);
            open.put(base, connection);
            connection.start(channel, tls);
        });
    }

    /** Takes over a connection that stands, with the first datagram that has come over it. */
    void take(StreamConnection connection, ByteBuffer first) {
        if (closed) {
            connection.close();
            return;
        }
        connection.handTo(this);
        open.put(connection.base(), connection);
        facts.opened(connection.base());
        received(connection, first);
    }

    void close(Base base) {
        Connection connection = open.remove(base);
        if (connection != null) {
            untold.remove(connection);
            connection.close();
        }
    }

    void reframe(Base base, Framing framing) {
        if (open.get(base) instanceof StreamConnection stream) {
            stream.reframe(framing);
        }
    }

    void closeAll() {
        closed = true;
        new ArrayList<>(open.values()).forEach(Connection::close);
        open.clear();
    }

    /** The connection of a base, null if it has none. */
    @Nullable
    Endpoint find(Base base) {
        return open.get(base);
    }

    private boolean isOurs(Connection connection) {
        return connection.equals(open.get(connection.base()));
    }

    @Override
    public void opened(Connection connection) {
        if (isOurs(connection)) {
            untold.add(connection);
            loop.execute(() -> tellOpened(connection));
        }
    }

    // Later, since it may be heard from within a step; but before the first datagram, which never is.
    private void tellOpened(Connection connection) {
        if (untold.remove(connection) && isOurs(connection)) {
            facts.opened(connection.base());
        }
    }

    @Override
    public void received(Connection connection, ByteBuffer payload) {
        tellOpened(connection);
        if (isOurs(connection)) {
            facts.received(connection.base(), connection.remote(), payload);
        }
    }

    @Override
    public void writabilityChanged(Connection connection) {
        loop.execute(() -> {
            if (isOurs(connection)) {
                facts.writabilityChanged(connection);
            }
        });
    }

    // Always later: it may be heard from within a send, and so from within a step.
    @Override
    public void closed(Connection connection, Cause cause) {
        loop.execute(() -> {
            if (isOurs(connection)) {
                open.remove(connection.base());
                untold.remove(connection);
                facts.closed(connection.base(), cause);
            }
        });
    }
}
