// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.testkit.edge.Exchange.FiveTuple;
import org.jspecify.annotations.Nullable;

/** The allocations of MS-TURN of a server, by their connection ids, clients and relayed addresses. */
final class MsEdgeAllocations {

    private final Map<ByteBuffer, MsEdgeAllocation> byId = new LinkedHashMap<>();
    private final Map<FiveTuple, MsEdgeAllocation> byTuple = new HashMap<>();
    private final Map<InetSocketAddress, MsEdgeAllocation> byRelay = new HashMap<>();
    private final RelaySockets sockets;
    private final Outbox outbox;

    MsEdgeAllocations(RelaySockets sockets, Outbox outbox) {
        this.sockets = sockets;
        this.outbox = outbox;
    }

    /** Adds one; of a client that has one already this is the latest. */
    void add(MsEdgeAllocation allocation) {
        byId.put(ByteBuffer.wrap(allocation.connectionId()), allocation);
        byTuple.put(allocation.tuple(), allocation);
        allocation.relays().forEach(relay -> byRelay.put(relay.address(), allocation));
    }

    @Nullable
    MsEdgeAllocation of(byte[] connectionId) {
        return byId.get(ByteBuffer.wrap(connectionId));
    }

    /** The latest allocation of a client. */
    @Nullable
    MsEdgeAllocation of(FiveTuple tuple) {
        return byTuple.get(tuple);
    }

    /** The allocation that has a relayed address. */
    @Nullable
    MsEdgeAllocation at(InetSocketAddress relayed) {
        return byRelay.get(relayed);
    }

    Collection<MsEdgeAllocation> all() {
        return List.copyOf(byId.values());
    }

    void remove(MsEdgeAllocation allocation, boolean expired) {
        byId.remove(ByteBuffer.wrap(allocation.connectionId()));
        byTuple.remove(allocation.tuple(), allocation);
        allocation.relays().forEach(relay -> byRelay.remove(relay.address()));
        if (allocation.overTcp()) {
            sockets.giveBack(allocation.relay());
        } else {
            allocation.relays().forEach(outbox::close);
        }
        List<InetSocketAddress> relayed =
                allocation.relays().stream().map(Base::address).toList();
        outbox.event(new EdgeEvent.Released(allocation.tuple().client(), relayed, expired));
    }

    void removeOn(Base connection) {
        all().stream()
                .filter(allocation -> allocation.tuple().base().equals(connection))
                .forEach(allocation -> remove(allocation, false));
    }

    void handleTimeout(long now) {
        all().stream()
                .filter(allocation -> allocation.expiresAt() <= now)
                .forEach(allocation -> remove(allocation, true));
    }

    long nextTimeout() {
        return byId.values().stream()
                .mapToLong(MsEdgeAllocation::expiresAt)
                .min()
                .orElse(Machine.NEVER);
    }
}
