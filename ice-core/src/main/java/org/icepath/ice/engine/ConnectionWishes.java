// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;

/**
 * What {@link CandidateConnections} want of the shell and of relays, and what agents are to be told, in order. Not thread-safe.
 */
final class ConnectionWishes {

    private final Framing framing;
    private final RelayedConnections relayed;
    private @Nullable Queue<Wish> wishes; // from the first wish on
    private @Nullable ConnectionListener listener;

    private interface Wish {
        void carryOut(Output<?> out);
    }

    /** @param framing of what the shell opens */
    ConnectionWishes(Framing framing, RelayedConnections relayed) {
        this.framing = framing;
        this.relayed = relayed;
    }

    /** Names who hears of connections, once. */
    void follow(ConnectionListener peers) {
        listener = peers;
    }

    /** The shell is to open a connection. */
    void open(Base base, InetSocketAddress remote) {
        wish(out -> out.open(base, remote, framing));
    }

    /** A relay is to connect with a peer. */
    void connect(long now, Base candidate, InetSocketAddress remote) {
        wish(out -> relayed.connect(now, candidate, remote));
    }

    /** The shell is to close a connection. */
    void close(Base base) {
        wish(out -> out.close(base));
    }

    /** Whoever holds an end of a connection is to give it up. */
    void drop(long now, Base base) {
        if (RelayIds.isRelay(base)) {
            wish(out -> relayed.disconnect(now, base));
        } else {
            close(base);
        }
    }

    /**
     * Agents are to hear of a connection.
     *
     * @param cause why it is no more; null when it stands
     */
    void tell(long now, CandidateConnection connection, @Nullable Cause cause) {
        wish(out -> tellAtOnce(now, connection, cause));
    }

    /** As {@link #tell}, ahead of what waits. */
    void tellAtOnce(long now, CandidateConnection connection, @Nullable Cause cause) {
        ConnectionListener hearing = listener;
        if (hearing == null) {
            return;
        }
        CandidateConnection.Ends ends = connection.ends();
        if (cause == null) {
            hearing.connected(now, ends.candidate(), ends.remote());
        } else {
            hearing.disconnected(now, ends.candidate(), ends.remote(), cause);
        }
    }

    private void wish(Wish wish) {
        if (wishes == null) {
            wishes = new ArrayDeque<>();
        }
        wishes.add(wish);
    }

    boolean isEmpty() {
        return wishes == null || wishes.isEmpty();
    }

    void carryOut(Output<?> out) {
        if (wishes != null) {
            for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
                wish.carryOut(out);
            }
        }
    }
}
