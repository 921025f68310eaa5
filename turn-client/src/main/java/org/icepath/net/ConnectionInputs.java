// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;

/** What the connections of one machine say, as its inputs. Everything here on the event loop. */
final class ConnectionInputs implements Connections.Facts {

    private final MachineSteps<?> steps;
    private final SocketInputs sockets;

    /** @param sockets tells of writability */
    ConnectionInputs(MachineSteps<?> steps, SocketInputs sockets) {
        this.steps = steps;
        this.sockets = sockets;
    }

    @Override
    public void received(Base base, InetSocketAddress from, ByteBuffer payload) {
        steps.receive(base, from, payload);
    }

    @Override
    public void opened(Base base) {
        steps.step(now -> steps.machine().opened(now, base));
    }

    @Override
    public void writabilityChanged(Endpoint connection) {
        sockets.tellWritability(connection);
    }

    @Override
    public void closed(Base base, Cause cause) {
        steps.step(now -> steps.machine().closed(now, base, cause));
    }
}
