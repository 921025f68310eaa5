// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.nio.ByteBuffer;
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

    /** The stream, as named in {@link IceConfig#stream}. */
    String stream();

    /** The component, 1 and up. */
    int component();

    /**
     * Completes when a check of ours on this component has succeeded: from now on packets can be sent, before anything is nominated
     * (RFC 8445 §12.1). Fails with {@link IceException}.
     */
    CompletableFuture<Void> ready();

    /** Completes when every component of this path's stream has its selected pair. Fails with {@link IceException}. */
    CompletableFuture<Void> selected();

    /**
     * Sends one packet to the peer; never blocks.
     *
     * @param packet the packet from position to limit; copied before the call returns, position and limit are left as they were
     * @throws IllegalArgumentException when the first two bits and the cookie make it a STUN message, which ICE would swallow
     */
    SendResult send(ByteBuffer packet);

    /**
     * Whether {@link #send} would take a packet now: there is a path, consent stands and the queue has room. {@link
     * IceEvent.WritabilityChanged} tells when the answer changes.
     */
    boolean isWritable();

    /**
     * Names who takes the packets that arrive, in place of whoever did before. Packets that arrived before anybody was named, from
     * the peer's first on, are handed over first: the last 64 of them.
     *
     * @param receiver called on the session's event loop
     */
    void onReceive(Consumer<? super IcePacket> receiver);

    /** The pair that carries our packets now. */
    Optional<CandidatePair> current();

    /** What has passed so far. */
    PathStatistics statistics();
}
