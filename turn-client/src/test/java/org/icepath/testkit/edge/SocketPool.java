// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.icepath.net.MachineDriver;
import org.icepath.net.UdpSocket;
import org.icepath.net.UdpSocketOptions;
import org.icepath.sansio.Base;
import org.icepath.stun.AddressFamily;
import org.jspecify.annotations.Nullable;

/**
 * Relay sockets that were bound in advance, because binding takes a turn of the event loop and a machine cannot wait; each one that is
 * taken is replaced. Used on the event loop only.
 */
final class SocketPool implements RelaySockets {

    private static final int READY = 16;

    /** Large enough for any datagram of media and its header, whatever the client's path lets through. */
    private static final int LONGEST_DATAGRAM = 4_096;

    private final Map<AddressFamily, InetAddress> addresses = new EnumMap<>(AddressFamily.class);
    private final Map<AddressFamily, Deque<Base>> ready = new EnumMap<>(AddressFamily.class);
    private @Nullable MachineDriver<EdgeEvent> driver;

    SocketPool(List<InetAddress> addresses) {
        for (InetAddress address : addresses) {
            AddressFamily family = address instanceof Inet4Address ? AddressFamily.IPV4 : AddressFamily.IPV6;
            this.addresses.putIfAbsent(family, address);
            this.ready.put(family, new ArrayDeque<>());
        }
    }

    static UdpSocketOptions options(InetAddress address) {
        return UdpSocketOptions.at(address).withMaxDatagramBytes(LONGEST_DATAGRAM);
    }

    /** Fills the pool; completes on the event loop when it is full. */
    CompletableFuture<Void> fillFrom(MachineDriver<EdgeEvent> source) {
        driver = source;
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (AddressFamily family : addresses.keySet()) {
            for (int i = 0; i < READY; i++) {
                all.add(addOne(source, family));
            }
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<UdpSocket> addOne(MachineDriver<EdgeEvent> source, AddressFamily family) {
        return source.open(options(addresses.get(family))).whenComplete((socket, failure) -> {
            if (socket != null) {
                ready.get(family).add(socket.base());
            }
        });
    }

    @Override
    public Optional<Base> open(AddressFamily family, Port port) {
        Optional<Base> found = ready.getOrDefault(family, new ArrayDeque<>()).stream()
                .filter(base -> port == Port.ANY || (base.address().getPort() & 1) == 0)
                .findFirst();
        found.ifPresent(base -> replace(family, base));
        return found;
    }

    private void replace(AddressFamily family, Base taken) {
        ready.get(family).remove(taken);
        if (driver != null) {
            addOne(driver, family);
        }
    }

    @Override
    public boolean has(AddressFamily family) {
        return addresses.containsKey(family);
    }
}
