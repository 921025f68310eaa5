// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.icepath.ice.IcePacket;
import org.jspecify.annotations.Nullable;

/** The one packet object of a path, filled anew for each packet that arrives. Confined to the event loop. */
final class ReceivedPacket implements IcePacket {

    private @Nullable InetSocketAddress from;
    private @Nullable ByteBuffer payload;

    /** Lends a packet to {@code receiver} for the duration of the call. */
    void lend(InetSocketAddress sender, ByteBuffer packet, Consumer<? super IcePacket> receiver) {
        from = sender;
        payload = packet;
        try {
            receiver.accept(this);
        } finally {
            from = null;
            payload = null;
        }
    }

    @Override
    public ByteBuffer payload() {
        return required(payload);
    }

    @Override
    public InetSocketAddress from() {
        return required(from);
    }

    // Kept packets would show the bytes of later ones: better to say so at once.
    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException(
                    "a packet is borrowed for the callback that receives it; keep packet.copy()");
        }
        return value;
    }
}
