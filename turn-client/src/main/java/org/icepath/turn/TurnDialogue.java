// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;

/**
 * How one allocation and its server speak to each other, with what has to be remembered of that. A {@link TurnDialect}, which
 * remembers nothing, makes one for each allocation.
 *
 * <p>Confined to the thread of its allocation.
 */
public interface TurnDialogue {

    /** Takes data that was unwrapped. */
    @FunctionalInterface
    interface DataSink {

        /**
         * A datagram of a peer's.
         *
         * @param in borrowed for the call
         * @param offset absolute index of its first byte
         */
        void datagram(InetSocketAddress peer, ByteBuffer in, int offset, int length);
    }

    /** How requests are signed. */
    TurnAuthentication authentication();

    /**
     * Begins a request: its header, and the attributes that go before its own.
     *
     * @param into from its position on
     */
    StunWriter begin(ByteBuffer into, StunMethod method, TransactionId id);

    /**
     * Ends what {@link #begin} has begun.
     *
     * @return what goes to the server, from position to limit
     */
    ByteBuffer end(StunWriter request);

    /** Writes what an Allocate request asks for. */
    void writeAllocate(StunWriter request, AllocationWish wish);

    /** Takes the success of a request, which is authentic. */
    void succeeded(StunMessage answer);

    /**
     * Whether a request that was refused is worth another try, with less in it than before.
     *
     * @param unknown what the server says that it does not know
     */
    boolean simplify(StunMethod method, int code, List<Integer> unknown);

    /**
     * Where a message begins in what came from the server, relative to the position; -1 where all of it is data.
     *
     * @param datagram from position to limit; not changed
     */
    int messageAt(ByteBuffer datagram);

    /**
     * Takes a datagram for a message.
     *
     * @throws org.icepath.stun.StunParseException if it is none
     */
    void read(StunMessage into, ByteBuffer datagram);

    /** Whether a datagram that begins like a message, and is no answer to anything, may be data all the same. */
    boolean mayBeData(ByteBuffer datagram);

    /** Whether a message carries what a peer has sent. */
    boolean isData(StunMessage message);

    /** Who sent what such a message carries; empty where it does not say, or in a way that cannot be taken. */
    Optional<InetSocketAddress> peerOf(StunMessage data);

    /** Whether data for a peer fits into a message. */
    boolean fits(int dataLength);

    /** Most bytes that {@link #wrap} adds. */
    int overhead();

    /**
     * Wraps data for a peer in a message (RFC 8656 §11.1).
     *
     * @param into has room for it from its position on
     * @param payload from position to limit; not changed
     * @param whole whether no router may fragment it (RFC 8656 §14)
     * @return what goes to the server, from position to limit
     */
    ByteBuffer wrap(ByteBuffer into, InetSocketAddress peer, ByteBuffer payload, boolean whole);

    /** What stands before data for the active destination, which has no message around it. */
    default BareHeader bareHeader() {
        return BareHeader.NONE;
    }

    /** Where data of the active destination begins in a datagram without a message, relative to the position; -1 if there is none. */
    int bareAt(ByteBuffer datagram);

    /**
     * Hands on what came from a peer, as the datagrams that it was sent as.
     *
     * @param in borrowed; {@code length} bytes from the absolute index {@code offset}
     */
    void unwrap(InetSocketAddress peer, ByteBuffer in, int offset, int length, DataSink sink);
}
