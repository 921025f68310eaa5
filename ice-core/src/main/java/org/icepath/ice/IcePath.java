// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import io.netty.channel.Channel;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The way of one component's packets to one peer: it exists from the start, may send once {@link #ready}, and goes on sending
 * while the pair beneath it changes. Thread-safe.
 */
public interface IcePath {

    /**
     * Bytes in front of a packet that a relay or a stream may need: a buffer that leaves them free is sent without a copy where the
     * shell's buffers are used.
     */
    int HEADROOM = 36;

    /** Most bytes of a packet: with all that goes in front it still fits into a datagram, and into the frame of a stream (RFC 4571 §2). */
    int MAX_PACKET = 65_507 - HEADROOM;

    /** The stream, as named in {@link IceConfig#stream}. */
    String stream();

    /** The component, 1 and up: 1 for RTP, 2 for RTCP. */
    int component();

    /**
     * Completes when a check of ours on this component has succeeded: from now on packets can be sent, before anything is nominated
     * (RFC 8445 §12.1). Fails with {@link IceException}; another future takes its place once a restart leads the peer out of
     * {@link IceState#FAILED}, or, where only this stream had failed, once the stream works.
     */
    CompletableFuture<Void> ready();

    /** Completes when every component of this path's stream has its selected pair. Fails with {@link IceException}, likewise. */
    CompletableFuture<Void> selected();

    /**
     * Sends one packet to the peer; never blocks.
     *
     * @param packet the packet from position to limit; copied before the call returns, position and limit are left as they were
     * @throws IllegalArgumentException when the first two bits and the cookie make it a STUN message, which ICE would swallow, or when
     *     it is longer than {@link #MAX_PACKET}
     */
    SendResult send(ByteBuffer packet);

    /**
     * Sends packets in their order as one burst, such as those of one picture; never blocks. Up to 64 of one length, the last of which may
     * be shorter, leave by one system call where the kernel can cut them apart: they arrive as they would have otherwise, at a tenth of the
     * cost.
     *
     * @param packets each from position to limit; copied before the call returns, positions and limits are left as they were
     * @return how many were taken; the one after these was refused as {@link #send} would have, and later ones were not tried. On a
     *     connection that takes no more now all are taken, and the packets that have waited longest are dropped for them
     * @throws IllegalArgumentException when one of them is a STUN message or longer than {@link #MAX_PACKET}; nothing is sent then
     */
    int sendBurst(List<ByteBuffer> packets);

    /**
     * Whether {@link #send} would take a packet now: there is a path, consent stands and the queue has room. {@link
     * IceEvent.WritabilityChanged} tells when the answer changes.
     */
    boolean isWritable();

    /**
     * Names who takes the packets that arrive, in place of whoever did before. Packets that arrived before anybody was named, from
     * the peer's first on, are handed over first: the last of them, up to 64 packets and 64 KiB.
     *
     * @param receiver called on the session's event loop
     */
    void onReceive(Consumer<? super IcePacket> receiver);

    /**
     * This path as a channel of Netty, for stacks that are built on it. It stands on the session's event loop and is active until the
     * path ends; closing it closes nothing else. The same one until it is closed.
     *
     * <p>It reads {@code io.netty.channel.socket.DatagramPacket}s, as other datagram channels do, each in a pooled buffer that is the
     * handler's; the last 64 wait until there is a handler. It writes a {@code ByteBuf} without a copy (over a relay: where {@link
     * #HEADROOM} bytes are free before it), and a {@code DatagramPacket} whose recipient counts for nothing: where packets go is
     * ICE's choice. What is written before a flush leaves as a burst: by one system call for up to 64 packets of one length, where the
     * kernel can. A write that {@link #send} would refuse fails; on a connection that takes no more now it succeeds, and the packet that
     * has waited longest is dropped for it. The channel is writable as the path is. The addresses are those of the pair in use, null while
     * there is none.
     *
     * <p>It takes the packets from whoever took them before, as {@link #onReceive} does.
     */
    Channel channel();

    /**
     * This path as a socket, for stacks that block. It is bound and connected by ICE: {@code bind} throws, {@code connect} and
     * {@code disconnect} do nothing, and the address of a packet that is sent counts for nothing. The same one until it is closed, which
     * closes nothing else; when the path ends it is closed.
     *
     * <p>{@code send} never blocks; a packet for which there is no path or no room is lost as on any network, and without the peer's
     * consent {@link java.net.PortUnreachableException} is thrown. {@code receive} waits at most for the {@code SO_TIMEOUT}; up to 256
     * packets and 1 MiB wait for it, then the oldest give way. It throws {@link IllegalStateException} where an event loop would have
     * to wait. Options such as buffer sizes are hints without effect. The local address is the wildcard while no pair has answered.
     *
     * <p>It takes the packets from whoever took them before, as {@link #onReceive} does.
     */
    DatagramSocket datagramSocket();

    /** The pair that carries our packets now; empty while there is none. */
    Optional<CandidatePair> current();

    /** What has passed so far. */
    PathStatistics statistics();
}
