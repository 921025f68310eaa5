// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetSocketAddress;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.jspecify.annotations.Nullable;

/** A socket whose packets go to a machine. */
final class BaseSocket implements Endpoint {

    private final VirtualHost host;
    private final Base base;
    private @Nullable VirtualNode<?> owner;

    BaseSocket(VirtualHost host, Base base) {
        this.host = host;
        this.base = base;
    }

    Base base() {
        return base;
    }

    @Nullable
    VirtualNode<?> owner() {
        return owner;
    }

    void owner(VirtualNode<?> node) {
        owner = node;
    }

    @Override
    public String hostName() {
        return host.name();
    }

    @Override
    public InetSocketAddress address() {
        return base.address();
    }

    @Override
    public void receive(InetSocketAddress from, byte[] payload) {
        if (owner != null) {
            owner.receive(base, from, payload);
        }
    }

    @Override
    public void sendFailed(InetSocketAddress to, Cause cause) {
        VirtualNode<?> node = owner;
        if (node != null) {
            host.tell(() -> node.input((now, machine) -> machine.sendFailed(now, base, to, cause)));
        }
    }

    @Override
    public void lost(Cause cause) {
        VirtualNode<?> node = owner;
        if (node != null) {
            host.tell(() -> node.input((now, machine) -> machine.baseLost(now, base, cause)));
        }
    }
}
