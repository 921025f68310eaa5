// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.icepath.net.MachineDriver;
import org.icepath.net.UdpSocketOptions;
import org.icepath.sansio.Base;
import org.icepath.stun.AddressFamily;
import org.icepath.turn.wire.RawStream;
import org.jspecify.annotations.Nullable;

/**
 * Relay sockets that were bound in advance, because binding takes a turn of the event loop and a machine cannot wait; each one that is
 * taken is replaced. Used on the event loop only.
 */
final class SocketPool implements RelaySockets {

    private static final int READY = 16;
    private static final int READY_PAIRS = 2;
    private static final int MOST_TRIES = 8;

    /** All calls of a test meet in one socket: where the machine stands still for a while, what they sent must not overflow it. */
    private static final int RECEIVE_BUFFER = 1 << 20;

    /** Large enough for any datagram of media and its header, whatever the client's path lets through. */
    private static final int LONGEST_DATAGRAM = 4_096;

    private final Map<AddressFamily, Shelf> shelves = new EnumMap<>(AddressFamily.class);
    private final Map<Base, Base> nextOf = new HashMap<>();
    private @Nullable MachineDriver<EdgeEvent> driver;

    /** @param pairs two sockets each, on an even port and on the next */
    private record Shelf(InetAddress address, Deque<Base> ready, Deque<PortPair> pairs, Deque<Base> listeners) {}

    private record PortPair(Base even, Base next) {

        static PortPair of(Base one, Base other) {
            boolean ordered = one.address().getPort() < other.address().getPort();
            return ordered ? new PortPair(one, other) : new PortPair(other, one);
        }
    }

    SocketPool(List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            AddressFamily family = address instanceof Inet4Address ? AddressFamily.IPV4 : AddressFamily.IPV6;
            shelves.putIfAbsent(family, new Shelf(address, new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>()));
        }
    }

    static UdpSocketOptions options(InetAddress address) {
        return UdpSocketOptions.at(address).withBuffers(RECEIVE_BUFFER, 0).withMaxDatagramBytes(LONGEST_DATAGRAM);
    }

    /** Fills the pool; completes on the event loop when it is full. */
    CompletableFuture<Void> fillFrom(MachineDriver<EdgeEvent> source) {
        driver = source;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Shelf shelf : shelves.values()) {
            for (int i = 0; i < READY; i++) {
                all.add(addOne(source, shelf));
            }
            for (int i = 0; i < READY_PAIRS; i++) {
                all.add(addPair(source, shelf, MOST_TRIES));
            }
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    /** Listens over TCP on so many ports of each address, from which connections are opened, too. */
    CompletableFuture<Void> listen(MachineDriver<EdgeEvent> source, int count) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Shelf shelf : shelves.values()) {
            for (int i = 0; i < count; i++) {
                all.add(source.accept(new InetSocketAddress(shelf.address, 0), RawStream.INSTANCE, true)
                        .thenAccept(shelf.listeners::add));
            }
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public Optional<Base> openTcp(AddressFamily family) {
        Shelf shelf = shelves.get(family);
        return shelf == null ? Optional.empty() : Optional.ofNullable(shelf.listeners.poll());
    }

    /** A port is used again as late as possible: what is still on its way to it is somebody else's. */
    @Override
    public void giveBack(Base listener) {
        Shelf shelf = shelves.get(RelaySockets.family(listener));
        if (shelf != null) {
            shelf.listeners.add(listener);
        }
    }

    private static CompletableFuture<Void> addOne(MachineDriver<EdgeEvent> source, Shelf shelf) {
        return source.open(options(shelf.address)).thenAccept(socket -> shelf.ready.add(socket.base()));
    }

    /** Where the port beside is somebody else's, another one is tried; after the last the pool has one pair less. */
    private static CompletableFuture<Void> addPair(MachineDriver<EdgeEvent> source, Shelf shelf, int tries) {
        UdpSocketOptions anywhere = options(shelf.address);
        return source.open(anywhere).thenCompose(one -> {
            int beside = one.base().address().getPort() ^ 1;
            return source.open(anywhere.withPort(beside))
                    .thenAccept(other -> shelf.pairs.add(PortPair.of(one.base(), other.base())))
                    .exceptionallyCompose(taken -> {
                        source.release(one.base());
                        return tries > 1 ? addPair(source, shelf, tries - 1) : CompletableFuture.completedFuture(null);
                    });
        });
    }

    @Override
    public Optional<Base> open(AddressFamily family, Port port) {
        Shelf shelf = shelves.get(family);
        if (shelf == null) {
            return Optional.empty();
        }
        if (port == Port.EVEN_WITH_NEXT) {
            return openPair(shelf);
        }
        Optional<Base> found = shelf.ready.stream()
                .filter(base -> port == Port.ANY || (base.address().getPort() & 1) == 0)
                .findFirst();
        found.ifPresent(base -> replace(shelf, base));
        return found;
    }

    private Optional<Base> openPair(Shelf shelf) {
        PortPair pair = shelf.pairs.poll();
        if (pair == null) {
            return Optional.empty();
        }
        nextOf.put(pair.even, pair.next);
        if (driver != null) {
            CompletableFuture<Void> ignored = addPair(driver, shelf, MOST_TRIES);
        }
        return Optional.of(pair.even);
    }

    @Override
    public Optional<Base> openAfter(Base even) {
        return Optional.ofNullable(nextOf.remove(even));
    }

    /** A socket that cannot be bound now leaves the pool smaller; the last one gone, clients are told 508. */
    private void replace(Shelf shelf, Base taken) {
        shelf.ready.remove(taken);
        if (driver != null) {
            CompletableFuture<Void> ignored = addOne(driver, shelf);
        }
    }

    @Override
    public boolean has(AddressFamily family) {
        return shelves.containsKey(family);
    }
}
