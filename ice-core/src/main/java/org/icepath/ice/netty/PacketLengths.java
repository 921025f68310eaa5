// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.lang.ref.WeakReference;
import java.net.DatagramPacket;

/**
 * How much a packet of {@code java.net} may receive. The JDK's own sockets keep the room of a packet apart from the length of what it
 * received last, so that callers receive into the same packet again and again; elsewhere one number is both. Thread-safe.
 */
final class PacketLengths {

    private WeakReference<DatagramPacket> last = new WeakReference<>(null);
    private WeakReference<byte[]> data = new WeakReference<>(null);
    private int offset;
    private int room;
    private int received;

    /** The bytes that fit into {@code packet} from its offset on. */
    synchronized int limitOf(DatagramPacket packet) {
        boolean untouched = last.refersTo(packet)
                && data.refersTo(packet.getData())
                && packet.getOffset() == offset
                && packet.getLength() == received;
        return untouched ? room : packet.getLength();
    }

    /** Sets the length of what {@code packet} has received. */
    synchronized void received(DatagramPacket packet, int length) {
        room = limitOf(packet);
        if (!last.refersTo(packet)) {
            last = new WeakReference<>(packet);
        }
        if (!data.refersTo(packet.getData())) {
            data = new WeakReference<>(packet.getData());
        }
        offset = packet.getOffset();
        received = length;
        packet.setLength(length);
    }
}
