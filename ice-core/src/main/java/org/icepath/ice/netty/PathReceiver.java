// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.icepath.ice.IcePacket;
import org.jspecify.annotations.Nullable;

/** The way in of a path: packets go to whoever was named last to take them, and are held while there is nobody. */
final class PathReceiver {

    private final SessionShell shell;
    private final ReceivedPacket packet = new ReceivedPacket();

    private @Nullable HeldPackets held; // on the event loop

    private volatile @Nullable Consumer<? super IcePacket> taker;

    PathReceiver(SessionShell shell) {
        this.shell = shell;
    }

    /** Names who takes what arrives; hands over what is held. Any thread. */
    void onReceive(Consumer<? super IcePacket> newTaker) {
        taker = newTaker;
        try {
            shell.execute(this::releaseHeld);
        } catch (RejectedExecutionException loopHasEnded) {
            // nothing arrives any more, and what was held went with the loop
            return;
        }
    }

    /** Nobody takes what arrives, if this one did. Any thread. */
    void forget(Consumer<? super IcePacket> former) {
        if (former.equals(taker)) {
            taker = null;
        }
    }

    /** Nobody takes what arrives. Any thread. */
    void stop() {
        taker = null;
    }

    /** Takes a packet that arrived. On the event loop. */
    void received(InetSocketAddress from, ByteBuffer payload) {
        Consumer<? super IcePacket> present = taker;
        if (present == null) {
            hold(from, payload);
            return;
        }
        releaseHeld();
        lend(from, payload, present);
    }

    private void hold(InetSocketAddress from, ByteBuffer payload) {
        HeldPackets packets = held;
        if (packets == null) {
            packets = new HeldPackets();
            held = packets;
        }
        packets.hold(from, payload);
    }

    private void releaseHeld() {
        HeldPackets packets = held;
        Consumer<? super IcePacket> present = taker;
        if (packets != null && present != null) {
            held = null;
            packets.release((from, payload) -> lend(from, payload, present));
        }
    }

    private void lend(InetSocketAddress from, ByteBuffer payload, Consumer<? super IcePacket> receiver) {
        try {
            packet.lend(from, payload, receiver);
        } catch (Throwable thrown) {
            shell.log().callbackThrew(thrown);
        }
    }
}
