// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.icepath.sansio.Cause;

/** What the sockets of one machine say, as its inputs. Everything here on the event loop. */
final class SocketInputs implements UdpSocketListener {

    private final EventLoop loop;
    private final Sockets sockets;
    private final MachineSteps<?> steps;

    private Consumer<? super Endpoint> writability = endpoint -> {};

    SocketInputs(EventLoop loop, Sockets sockets, MachineSteps<?> steps) {
        this.loop = loop;
        this.sockets = sockets;
        this.steps = steps;
    }

    /** Names who hears, beside the machine, that a socket or a connection takes no more datagrams, or does again. */
    void onWritabilityChanged(Consumer<? super Endpoint> listener) {
        writability = listener;
    }

    @Override
    public void received(UdpSocket socket, InetSocketAddress from, ByteBuffer payload) {
        steps.receive(socket.base(), from, payload, socket.read());
    }

    // Always later: it is heard from within a send, and so from within a step or from the midst of the application.
    @Override
    public void sendFailed(UdpSocket socket, InetSocketAddress to, Cause cause) {
        loop.execute(() -> steps.step(now -> steps.machine().sendFailed(now, socket.base(), to, cause)));
    }

    // Later, too: the application that has just filled the socket must not be called back before its send returns.
    @Override
    public void writabilityChanged(UdpSocket socket) {
        loop.execute(() -> tellWritability(socket));
    }

    /** Tells the application, and the machine where datagrams are taken again. */
    void tellWritability(Endpoint endpoint) {
        writability.accept(endpoint);
        if (endpoint.isWritable()) {
            steps.step(now -> steps.machine().writable(now, endpoint.base()));
        }
    }

    @Override
    public void lost(UdpSocket socket, Cause cause) {
        loop.execute(() -> {
            sockets.forget(socket.base());
            steps.step(now -> steps.machine().baseLost(now, socket.base(), cause));
        });
    }
}
