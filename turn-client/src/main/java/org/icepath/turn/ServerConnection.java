// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The connection that an allocation over TCP, TLS or DTLS hangs on: asks for it, and knows whether it stands. Not thread-safe.
 *
 * <p>Over UDP there is none to be opened, and it stands always.
 */
final class ServerConnection {

    private final Base base;
    private final Framing framing;
    private boolean open;
    private boolean used;
    private @Nullable InetSocketAddress openDue;
    private boolean closeDue;
    private long heardAt = Long.MIN_VALUE;

    ServerConnection(Base base, Framing framing) {
        this.base = base;
        this.framing = framing;
        this.open = base.transport() == Transport.UDP;
    }

    /** Whether requests can be sent. */
    boolean isOpen() {
        return open;
    }

    /**
     * Asks for a connection, in place of the one there may be.
     *
     * @param to whom to connect to
     * @param host the name that the server must prove to have (RFC 8489 §6.2.3, §10)
     * @return false over UDP, where nothing is to be opened
     */
    boolean open(InetSocketAddress to, String host) {
        if (base.transport() == Transport.UDP) {
            return false;
        }
        open = false;
        used = true;
        openDue = named(to, host);
        return true;
    }

    static InetSocketAddress named(InetSocketAddress to, String host) {
        try {
            byte[] address = to.getAddress().getAddress();
            return new InetSocketAddress(InetAddress.getByAddress(host, address), to.getPort());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of a wrong length: " + to, impossible);
        }
    }

    void opened() {
        open = true;
    }

    /** Something has come from the server. */
    void heard(long now) {
        heardAt = now;
    }

    /**
     * Whether nothing has come over a connection from that time on. A request without an answer is then proof that the connection is
     * dead, though nobody has said so; over UDP it only says that the network is away.
     */
    boolean isSilentSince(long time) {
        return base.transport() != Transport.UDP && heardAt < time;
    }

    /** Takes the fact that it has ended. */
    void ended() {
        open = false;
        used = false;
    }

    /** Gives it up, if there is one. */
    void close() {
        if (used) {
            ended();
            openDue = null;
            closeDue = true;
        }
    }

    void drainTo(Output<?> out) {
        InetSocketAddress to = openDue;
        if (to != null) {
            openDue = null;
            out.open(base, to, framing);
        }
    }

    /** Closes what is given up; last of all, since what goes before may still be on its way out. */
    void drainCloseTo(Output<?> out) {
        if (closeDue) {
            closeDue = false;
            out.close(base);
        }
    }
}
