// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.jspecify.annotations.Nullable;

/** A connection whose datagrams go to a machine. */
final class BaseStream implements TcpFlow.Owner {

    private static final int LARGEST_FRAME = 1 << 17;

    private final VirtualHost host;
    private final VirtualNode<?> node;
    private final Base base;
    private Framing framing;
    private @Nullable TcpFlow flow;
    private byte[] kept = new byte[0];

    BaseStream(VirtualHost host, VirtualNode<?> node, Base base, Framing framing) {
        this.host = host;
        this.node = node;
        this.base = base;
        this.framing = framing;
    }

    Base base() {
        return base;
    }

    VirtualNode<?> node() {
        return node;
    }

    void begin(TcpFlow made) {
        flow = made;
    }

    void reframe(Framing next) {
        framing = next;
    }

    @Override
    public void opened(TcpFlow made) {
        flow = made;
        node.input((now, machine) -> machine.opened(now, base));
    }

    void send(ByteBuffer datagram) {
        TcpFlow made = flow;
        if (made == null || !made.isOpen()) {
            return;
        }
        int length = datagram.remaining();
        int header = framing.headerLength(length);
        ByteBuffer frame = ByteBuffer.allocate(header + length + framing.trailerLength(length));
        framing.writeHeader(frame.slice(0, header), datagram.slice());
        frame.put(header, datagram, datagram.position(), length);
        made.send(frame.array());
    }

    @Override
    public void received(TcpFlow made, byte[] bytes) {
        int before = kept.length;
        kept = Arrays.copyOf(kept, before + bytes.length);
        System.arraycopy(bytes, 0, kept, before, bytes.length);
        deliver(made.remote());
    }

    private void deliver(InetSocketAddress from) {
        while (kept.length > 0 && host.stream(base) == this) {
            ByteBuffer stream = ByteBuffer.wrap(kept).asReadOnlyBuffer();
            int length = framing.frameLength(stream);
            if (length == Framing.BROKEN || length > LARGEST_FRAME) {
                broken();
                return;
            }
            if (length == Framing.NEED_MORE || length > kept.length) {
                return;
            }
            ByteBuffer frame = stream.limit(length);
            int start = framing.payloadOffset(frame);
            byte[] payload = Arrays.copyOfRange(kept, start, start + framing.payloadLength(frame));
            kept = Arrays.copyOfRange(kept, length, kept.length);
            node.receive(base, from, payload);
        }
    }

    private void broken() {
        TcpFlow made = flow;
        if (made != null) {
            made.close();
        }
        fail(new Cause(Cause.Kind.OTHER, "what came is no message, and its end cannot be told"));
    }

    @Override
    public void closed(TcpFlow made, Cause cause) {
        fail(cause);
    }

    /** It could not be opened, or has ended. */
    void fail(Cause cause) {
        if (host.stream(base) == this) {
            host.forget(this);
            node.input((now, machine) -> machine.closed(now, base, cause));
        }
    }

    /** Its machine gives it up. */
    void close() {
        TcpFlow made = flow;
        if (made != null) {
            made.close();
        }
    }
}
