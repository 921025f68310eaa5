// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import org.icepath.sansio.Cause;

/** A plain UDP socket: keeps what it receives, and hands it to a listener if there is one. */
public final class VirtualSocket implements Endpoint {

    private final VirtualHost host;
    private final InetSocketAddress address;
    private final List<Datagram> received = new ArrayList<>();
    private final List<Cause> failures = new ArrayList<>();
    private BiConsumer<InetSocketAddress, ByteBuffer> listener = (from, payload) -> {};

    VirtualSocket(VirtualHost host, InetSocketAddress address) {
        this.host = host;
        this.address = address;
    }

    /** A datagram that arrived. */
    public record Datagram(InetSocketAddress from, ByteBuffer payload) {

        /** The payload as text. */
        public String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** Sends the bytes from position to limit, which stay as they are. */
    public void send(InetSocketAddress to, ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(payload.position(), bytes);
        host.send(this, to, bytes);
    }

    /** Sends text, for tests that do not care what it is. */
    public void send(InetSocketAddress to, String text) {
        send(to, StandardCharsets.UTF_8.encode(text));
    }

    /** Calls {@code receiver} with each datagram from now on; the buffer is its own. */
    public VirtualSocket onReceive(BiConsumer<InetSocketAddress, ByteBuffer> receiver) {
        listener = receiver;
        return this;
    }

    /** What arrived, oldest first; a live view. */
    public List<Datagram> received() {
        return Collections.unmodifiableList(received);
    }

    /** What the network said of datagrams that did not get there. */
    public List<Cause> failures() {
        return Collections.unmodifiableList(failures);
    }

    /** Gives the port back. */
    public void close() {
        host.unbind(this);
    }

    @Override
    public String hostName() {
        return host.name();
    }

    @Override
    public void receive(InetSocketAddress from, byte[] payload) {
        received.add(new Datagram(from, ByteBuffer.wrap(payload.clone())));
        listener.accept(from, ByteBuffer.wrap(payload.clone()));
    }

    @Override
    public void sendFailed(InetSocketAddress to, Cause cause) {
        failures.add(cause);
    }

    @Override
    public void lost(Cause cause) {
        failures.add(cause);
    }
}
