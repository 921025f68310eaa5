// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.icepath.ice.CheckForm;
import org.icepath.ice.Envelope;
import org.icepath.sansio.Base;
import org.icepath.sansio.Borrowed;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;

/** What an agent has to say and to send until it is drained, requests apart. */
final class Outbox {

    /** How many useless datagrams and candidates are reported: the network chooses how many there are. */
    private static final int MAX_IGNORED = 64;

    private final ArrayDeque<AgentEvent> events = new ArrayDeque<>(1);
    private final ArrayDeque<Datagram> datagrams = new ArrayDeque<>(1);
    private int ignored;

    private record Datagram(Base base, InetSocketAddress to, ByteBuffer payload) {}

    void event(AgentEvent event) {
        events.add(event);
    }

    void ignored(String reason) {
        if (ignored < MAX_IGNORED) {
            ignored++;
            events.add(new AgentEvent.Ignored(reason));
        }
    }

    /**
     * Keeps a datagram for the next drain; the payload is copied.
     *
     * @param envelope what goes before it
     */
    void send(Base base, InetSocketAddress to, @Nullable Envelope envelope, ByteBuffer payload) {
        ByteBuffer whole = envelope == null ? Borrowed.copy(payload) : envelope.around(payload);
        datagrams.add(new Datagram(base, to, whole));
    }

    /** Keeps the companion of a message in this form, if it has one. */
    void sendCompanion(
            Base base, InetSocketAddress to, @Nullable Envelope envelope, CheckForm form, ByteBuffer message) {
        ByteBuffer companion = ByteBuffer.allocate(message.remaining());
        if (form.writeCompanion(message, companion)) {
            send(base, to, envelope, companion);
        }
    }

    /** Events go first: a relay must hear of an address before something is sent there. */
    void drainTo(Output<? super AgentEvent> out) {
        for (AgentEvent event = events.poll(); event != null; event = events.poll()) {
            out.event(event);
        }
        drainDatagramsTo(out);
    }

    /** Sends what was to be sent. */
    void drainDatagramsTo(Output<?> out) {
        for (Datagram next = datagrams.poll(); next != null; next = datagrams.poll()) {
            out.transmit(next.base(), next.to(), next.payload());
        }
    }

    /** Drops what was to be sent, keeps what is to be said. */
    void dropDatagrams() {
        datagrams.clear();
    }
}
