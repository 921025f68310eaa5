// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.icepath.ice.engine.SharedPortTable;
import org.icepath.net.EventLoops;
import org.icepath.net.MachineDriver;
import org.icepath.net.SharedSocket;
import org.icepath.net.UdpSocket;
import org.icepath.net.UdpSocketListener;
import org.icepath.net.UdpSocketOptions;
import org.icepath.sansio.Cause;

/**
 * One port for many sessions: a socket on each address, all on one event loop, on which its sessions live, too. So a packet goes from
 * the socket to its session without changing threads. Confined to that loop, except where a method says "any thread".
 */
final class SharedPort implements UdpSocketListener, AutoCloseable {

    /** As many as the table keeps. */
    private static final int MOST_FRAGMENTS = 256;

    /** The bases of sessions' own sockets count from 1 up. */
    private static final AtomicLong BASE_IDS = new AtomicLong(1L << 31);

    private final EventLoop loop;
    private final Map<InetAddress, UdpSocket> sockets = new HashMap<>();
    private final Map<UdpSocket, SharedPortTable<Tenant>> tables = new HashMap<>();
    private final List<InetSocketAddress> addresses = new CopyOnWriteArrayList<>();
    private volatile long strangers;

    private SharedPort(EventLoop loop) {
        this.loop = loop;
    }

    /** Where the port and its sessions live. Any thread. */
    EventLoop loop() {
        return loop;
    }

    /**
     * Binds the port on some addresses. Any thread.
     *
     * @param port 0 for any
     * @return fails when one address cannot be bound; nothing is left open then
     */
    static CompletableFuture<SharedPort> bind(EventLoops loops, List<InetAddress> addresses, int port) {
        SharedPort made = new SharedPort(loops.next());
        CompletableFuture<?>[] bound = addresses.stream()
                .map(address -> UdpSocket.open(
                                loops,
                                made.loop,
                                BASE_IDS.getAndIncrement(),
                                UdpSocketOptions.at(address).withPort(port),
                                made)
                        .thenAccept(made::add))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(bound).handle((all, failure) -> {
            if (failure != null) {
                made.close();
                throw failure instanceof CompletionException known ? known : new CompletionException(failure);
            }
            return made;
        });
    }

    private void add(UdpSocket socket) {
        addresses.add(socket.localAddress());
        sockets.put(socket.localAddress().getAddress(), socket);
        tables.put(socket, new SharedPortTable<>());
    }

    /** Where the port is bound. Any thread. */
    List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** How many datagrams have come that were for no session; they were dropped. Any thread. */
    long strangers() {
        return strangers;
    }

    @Override
    public void received(UdpSocket socket, InetSocketAddress from, ByteBuffer payload) {
        SharedPortTable<Tenant> table = tables.get(socket);
        List<Tenant> takers = table == null ? List.of() : table.find(from, payload);
        if (takers.isEmpty()) {
            countStranger();
        } else if (takers.size() == 1) {
            takers.get(0).listener.received(socket, from, payload);
        } else {
            List.copyOf(takers).forEach(taker -> taker.listener.received(socket, from, payload.duplicate()));
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void countStranger() {
        strangers++;
    }

    @Override
    public void sendFailed(UdpSocket socket, InetSocketAddress to, Cause cause) {
        SharedPortTable<Tenant> table = tables.get(socket);
        if (table != null) {
            table.sendersTo(to).forEach(tenant -> tenant.listener.sendFailed(socket, to, cause));
        }
    }

    @Override
    public void writabilityChanged(UdpSocket socket) {
        tenants(socket).forEach(tenant -> tenant.listener.writabilityChanged(socket));
    }

    @Override
    public void lost(UdpSocket socket, Cause cause) {
        tenants(socket).forEach(tenant -> tenant.listener.lost(socket, cause));
        tables.remove(socket);
        sockets.remove(socket.localAddress().getAddress());
    }

    private List<Tenant> tenants(UdpSocket socket) {
        SharedPortTable<Tenant> table = tables.get(socket);
        return table == null ? List.of() : table.all();
    }

    /** The place of a session at this port. Any thread. */
    Lodging lodge(MachineDriver<?> driver) {
        return new Lodging(driver);
    }

    /** Closes the sockets. Any thread; what comes after it is dropped. */
    @Override
    public void close() {
        if (loop.inEventLoop()) {
            closeSockets();
            return;
        }
        try {
            loop.execute(this::closeSockets);
        } catch (RejectedExecutionException loopHasEnded) {
            closeSockets(); // nobody is there to race with
        }
    }

    private void closeSockets() {
        sockets.values().forEach(UdpSocket::close);
        sockets.clear();
        tables.clear();
    }

    /** One session at the port. */
    final class Lodging {

        private final MachineDriver<?> driver;
        private final Map<UdpSocket, Tenant> taken = new HashMap<>(2);
        private final Set<String> fragments = new LinkedHashSet<>();

        private Lodging(MachineDriver<?> driver) {
            this.driver = driver;
        }

        /** Shares the socket on an address; empty when there is none. */
        Optional<UdpSocket> take(InetAddress address) {
            UdpSocket socket = sockets.get(address);
            if (socket == null) {
                return Optional.empty();
            }
            if (!taken.containsKey(socket)) {
                Tenant tenant = new Tenant(socket, driver);
                taken.put(socket, tenant);
                fragments.forEach(tenant::answers);
            }
            return Optional.of(socket);
        }

        /** The session answers checks for this username fragment from now on. */
        void answers(String fragment) {
            fragments.add(fragment);
            if (fragments.size() > MOST_FRAGMENTS) {
                fragments.remove(fragments.iterator().next());
            }
            taken.values().forEach(tenant -> tenant.answers(fragment));
        }
    }

    /** One session at one socket. */
    private final class Tenant implements SharedSocket {

        private final UdpSocket socket;
        private final UdpSocketListener listener;

        Tenant(UdpSocket socket, MachineDriver<?> driver) {
            this.socket = socket;
            this.listener = driver.share(this);
        }

        void answers(String fragment) {
            SharedPortTable<Tenant> table = tables.get(socket);
            if (table != null) {
                table.answers(this, fragment);
            }
        }

        @Override
        public UdpSocket socket() {
            return socket;
        }

        @Override
        public void sendsTo(InetSocketAddress remote) {
            SharedPortTable<Tenant> table = tables.get(socket);
            if (table != null) {
                table.sendsTo(this, remote);
            }
        }

        @Override
        public void release() {
            SharedPortTable<Tenant> table = tables.get(socket);
            if (table != null) {
                table.remove(this);
            }
        }
    }
}
