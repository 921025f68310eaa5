// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import org.icepath.sansio.Base;
import org.icepath.stun.AddressFamily;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.turn.wire.RawStream;

/** Relay sockets on a host of a virtual network, with ports upwards from 60000. */
final class VirtualRelaySockets implements RelaySockets {

    private final VirtualHost host;
    private int next = 60_000;

    VirtualRelaySockets(VirtualHost host) {
        this.host = host;
    }

    @Override
    public Optional<Base> open(AddressFamily family, Port port) {
        return address(family).map(address -> {
            while (port != Port.ANY && (next & 1) != 0) {
                next++;
            }
            return host.bind(address, next++);
        });
    }

    @Override
    public Optional<Base> openAfter(Base even) {
        int port = even.address().getPort() + 1;
        next = Math.max(next, port + 1);
        return Optional.of(host.bind(even.address().getAddress(), port));
    }

    @Override
    public Optional<Base> openTcp(AddressFamily family) {
        return address(family).map(address -> host.listen(address, next++, RawStream.INSTANCE));
    }

    @Override
    public void giveBack(Base listener) {
        host.unlisten(listener.address());
    }

    @Override
    public boolean has(AddressFamily family) {
        return address(family).isPresent();
    }

    private Optional<InetAddress> address(AddressFamily family) {
        return host.addresses().stream()
                .filter(address -> address instanceof Inet4Address == (family == AddressFamily.IPV4))
                .findFirst();
    }
}
