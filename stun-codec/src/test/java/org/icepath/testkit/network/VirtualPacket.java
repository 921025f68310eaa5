// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Cause;
import org.jspecify.annotations.Nullable;

/** A datagram, or a segment of TCP, on its way, with the addresses that it has at this point of it. */
public final class VirtualPacket {

    private final long id;
    private final Origin origin;
    private final InetSocketAddress source;
    private final InetSocketAddress destination;
    private final @Nullable Segment segment;
    private final byte[] payload;

    private VirtualPacket(
            long id,
            Origin origin,
            InetSocketAddress source,
            InetSocketAddress destination,
            @Nullable Segment segment,
            byte[] payload) {
        this.segment = segment;
        this.id = id;
        this.origin = origin;
        this.source = source;
        this.destination = destination;
        this.payload = payload;
    }

    static VirtualPacket first(long id, Endpoint sender, InetSocketAddress to, byte[] payload) {
        return new VirtualPacket(id, new Origin(sender, to), sender.address(), to, null, payload);
    }

    static VirtualPacket tcp(long id, Endpoint sender, InetSocketAddress to, Segment segment, byte[] payload) {
        return new VirtualPacket(id, new Origin(sender, to), sender.address(), to, segment, payload);
    }

    /** Whether it is a segment of TCP; otherwise it is a datagram of UDP. */
    public boolean isTcp() {
        return segment != null;
    }

    /** Null in a datagram. */
    @Nullable
    Segment segment() {
        return segment;
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
        return new VirtualPacket(id, origin, translated, destination, segment, payload);
    }

    VirtualPacket to(InetSocketAddress translated) {
        return new VirtualPacket(id, origin, source, translated, segment, payload);
    }

    /** Tells the sender that the packet did not get there. */
    void fail(Cause cause) {
        origin.sender().sendFailed(origin.to(), cause);
    }

    @Override
    public String toString() {
        String what = segment == null ? "" : ", " + segment;
        return "#" + id + " " + source + " -> " + destination + what + ", " + payload.length + " bytes";
    }

    private record Origin(Endpoint sender, InetSocketAddress to) {}
}
