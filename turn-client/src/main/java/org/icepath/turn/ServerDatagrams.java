// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;

/** What comes from the server of an allocation: tells answers, indications and data of peers apart (RFC 8656 §3.7). Not thread-safe. */
final class ServerDatagrams {

    private final AllocationLifecycle lifecycle;
    private final TurnRequests requests;
    private final TurnDialect dialect;
    private final RelayPath path;
    private final PeerConnections connections;
    private final StunMessage message;

    ServerDatagrams(AllocationLifecycle lifecycle, TurnDialect dialect, RelayPath path, PeerConnections connections) {
        this.lifecycle = lifecycle;
        this.requests = lifecycle.requests();
        this.dialect = dialect;
        this.path = path;
        this.connections = connections;
        this.message = new StunMessage(dialect.stun());
    }

    /** Takes a datagram; false if it is not the server's, or of no meaning here. */
    boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        if (connections.owns(base) && from.equals(lifecycle.server())) {
            return connections.deliver(base, payload) || (dialect.isMessage(payload) && handleMessage(now, payload));
        }
        boolean fromServer = lifecycle.mobility().hears(base) && from.equals(lifecycle.server());
        if (!fromServer || lifecycle.state().isFinal() || !payload.hasRemaining()) {
            return false;
        }
        if (dialect.isMessage(payload)) {
            return handleMessage(now, payload);
        }
        if (dialect.peerBinding() == PeerBinding.CHANNEL && Demux.of(payload) == PacketKind.TURN_CHANNEL) {
            path.receiveChannelData(payload);
            return true;
        }
        return path.receiveBare(payload);
    }

    // The one place that catches what cannot be read: it is as if it had not come (RFC 8489 §6.3).
    private boolean handleMessage(long now, ByteBuffer payload) {
        try {
            message.wrap(payload);
            return switch (message.messageClass()) {
                case SUCCESS, ERROR -> requests.handleAnswer(now, message);
                case INDICATION -> handleIndication(payload);
                case REQUEST -> false;
            };
        } catch (StunParseException unreadable) {
            requests.disbelieve("something unreadable, " + unreadable.getMessage());
            return true;
        }
    }

    private boolean handleIndication(ByteBuffer payload) {
        if (message.method().equals(StunMethod.CONNECTION_ATTEMPT) && connections.areRelayed()) {
            connections.attempted(message);
            return true;
        }
        if (!message.method().equals(StunMethod.DATA)) {
            return false;
        }
        path.receiveIndication(message, payload);
        return true;
    }
}
