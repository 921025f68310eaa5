// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Cause;

/** A datagram on its way, with the addresses that it has at this point of it. */
public final class VirtualPacket {

    private final long id;
    private final Origin origin;
    private final InetSocketAddress source;
    private final InetSocketAddress destination;
    private final byte[] payload;

    private VirtualPacket(
            long id, Origin origin, InetSocketAddress source, InetSocketAddress destination, byte[] payload) {
        this.id = id;
        this.origin = origin;
        this.source = source;
        this.destination = destination;
        this.payload = payload;
    }

    static VirtualPacket first(long id, Endpoint sender, InetSocketAddress to, byte[] payload) {
        return new VirtualPacket(id, new Origin(sender, to), sender.address(), to, payload);
    }

    /** Numbers the datagrams of a network in the order of their sending; copies and translations keep it. */
    public long id() {
        return id;
    }

    /** The name of the host that sent it. */
    public String sender() {
        return origin.sender().hostName();
    }

    /** Who sent it, as the last NAT on its way until here tells. */
    public InetSocketAddress source() {
        return source;
    }

    /** Where it goes, as the last NAT on its way until here tells. */
    public InetSocketAddress destination() {
        return destination;
    }

    /** The length of the datagram in bytes. */
    public int length() {
        return payload.length;
    }

    /** A read-only view of the datagram, position 0 to its length. */
    public ByteBuffer payload() {
        return ByteBuffer.wrap(payload).asReadOnlyBuffer();
    }

    byte[] bytes() {
        return payload;
    }

    VirtualPacket from(InetSocketAddress translated) {
        return new VirtualPacket(id, origin, translated, destination, payload);
    }

    VirtualPacket to(InetSocketAddress translated) {
        return new VirtualPacket(id, origin, source, translated, payload);
    }

    /** Tells the sender that the packet did not get there. */
    void fail(Cause cause) {
        origin.sender().sendFailed(origin.to(), cause);
    }

    @Override
    public String toString() {
        return "#" + id + " " + source + " -> " + destination + ", " + payload.length + " bytes";
    }

    private record Origin(Endpoint sender, InetSocketAddress to) {}
}
