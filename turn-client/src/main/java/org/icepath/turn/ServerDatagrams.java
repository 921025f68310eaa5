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
import org.icepath.turn.wire.StunFraming;

/** What comes from the server of an allocation: tells answers, indications and data of peers apart (RFC 8656 §3.7). Not thread-safe. */
final class ServerDatagrams {

    private final AllocationLifecycle lifecycle;
    private final TurnRequests requests;
    private final TurnDialogue dialogue;
    private final boolean channels;
    private final RelayPath path;
    private final PeerConnections connections;
    private final StunMessage message;

    ServerDatagrams(
            AllocationLifecycle lifecycle,
            TurnDialect dialect,
            TurnDialogue dialogue,
            RelayPath path,
            PeerConnections connections) {
        this.lifecycle = lifecycle;
        this.requests = lifecycle.requests();
        this.dialogue = dialogue;
        this.channels = dialect.peerBinding() == PeerBinding.CHANNEL;
        this.path = path;
        this.connections = connections;
        this.message = new StunMessage(dialect.stun());
    }

    /** Takes a datagram; false if it is not the server's, or of no meaning here. */
    boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        boolean fromServer = from.equals(lifecycle.server());
        if (connections.owns(base) && fromServer) {
            return connections.deliver(base, payload)
                    || (dialogue.messageAt(payload) == 0 && handleMessage(now, payload, true));
        }
        boolean heard = lifecycle.mobility().hears(base) && (fromServer || lifecycle.mayAnswer(from));
        if (!heard || lifecycle.state().isFinal() || !payload.hasRemaining()) {
            return false;
        }
        lifecycle.connection().heard(now);
        int at = dialogue.messageAt(payload);
        if (at >= 0) {
            boolean taken = handleMessage(now, payload, at, fromServer);
            if (taken || !dialogue.mayBeData(payload)) {
                return taken;
            }
        }
        return fromServer && (handleData(payload) || isMisspoken(now, base, payload));
    }

    private boolean isMisspoken(long now, Base base, ByteBuffer payload) {
        return StunFraming.isStray(payload) && lifecycle.mobility().misspoken(now, base);
    }

    private boolean handleData(ByteBuffer payload) {
        if (channels && Demux.of(payload) == PacketKind.TURN_CHANNEL) {
            path.receiveChannelData(payload);
            return true;
        }
        return path.receiveBare(payload);
    }

    private boolean handleMessage(long now, ByteBuffer payload, int at, boolean fromServer) {
        int position = payload.position();
        try {
            return handleMessage(now, payload.position(position + at), fromServer);
        } finally {
            payload.position(position);
        }
    }

    // The one place that catches what cannot be read: it is as if it had not come (RFC 8489 §6.3).
    private boolean handleMessage(long now, ByteBuffer payload, boolean fromServer) {
        try {
            dialogue.read(message, payload);
            if (dialogue.isData(message)) {
                if (fromServer) {
                    path.receiveIndication(message, payload);
                }
                return fromServer;
            }
            return switch (message.messageClass()) {
                case SUCCESS, ERROR -> requests.handleAnswer(now, message);
                case INDICATION -> handleIndication();
                case REQUEST -> false;
            };
        } catch (StunParseException unreadable) {
            requests.disbelieve("something unreadable, " + unreadable.getMessage());
            return !dialogue.mayBeData(payload);
        }
    }

    private boolean handleIndication() {
        boolean attempt = message.method().equals(StunMethod.CONNECTION_ATTEMPT) && connections.areRelayed();
        if (attempt) {
            connections.attempted(message);
        }
        return attempt;
    }
}
