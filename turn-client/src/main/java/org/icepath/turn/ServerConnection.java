// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The connection that an allocation over TCP, TLS or DTLS hangs on, and the one that it moves to (RFC 8016): asks for them, and knows
 * whether they stand. Not thread-safe.
 *
 * <p>Over UDP there is none to be opened, and it stands always.
 */
final class ServerConnection {

    private final Framing framing;
    private Base base;
    private @Nullable Base next;
    private @Nullable Base left;
    private boolean open;
    private boolean used;
    private @Nullable InetSocketAddress openDue;
    private List<Base> closeDue = List.of();
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

    /**
     * Asks for a connection beside the one there may be, in place of another such.
     *
     * @return false over UDP, where nothing is to be opened
     */
    boolean openNext(Base wanted, InetSocketAddress to, String host) {
        if (base.transport() == Transport.UDP) {
            return false;
        }
        leaveNext();
        next = wanted;
        openDue = named(to, host);
        return true;
    }

    boolean isNext(Base other) {
        Base wanted = next;
        return wanted != null && wanted.id() == other.id();
    }

    /** The next one is that of the allocation, and stands; the one before, if it does, is left and still heard. */
    void useNext() {
        Base wanted = next;
        if (wanted != null) {
            closeLeft();
            left = used ? base : null;
            base = wanted;
            next = null;
            open = true;
            used = true;
        }
    }

    /** Takes the fact that the next one could not be opened, or has ended. */
    void nextEnded() {
        next = null;
    }

    /** The next one is not needed. */
    void leaveNext() {
        Base wanted = next;
        if (wanted != null) {
            next = null;
            openDue = null;
            closeLater(wanted);
        }
    }

    /** Takes the fact that a connection has ended, perhaps the one that was left. */
    void leftEnded(Base ended) {
        Base before = left;
        if (before != null && before.id() == ended.id()) {
            left = null;
        }
    }

    /** Gives up the one that was left, if it still stands. */
    void closeLeft() {
        Base before = left;
        if (before != null) {
            left = null;
            closeLater(before);
        }
    }

    private void closeLater(Base each) {
        closeDue = closeDue.isEmpty() ? new ArrayList<>(2) : closeDue;
        closeDue.add(each);
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

    /** Gives it up, and the next one and the one that was left, as far as there are such. */
    void close() {
        leaveNext();
        closeLeft();
        closeCurrent();
    }

    /** Gives it up, if there is one, and not the next one. */
    void closeCurrent() {
        if (used) {
            ended();
            openDue = next == null ? null : openDue;
            closeLater(base);
        }
    }

    void drainTo(Output<?> out) {
        InetSocketAddress to = openDue;
        if (to != null) {
            openDue = null;
            Base wanted = next;
            out.open(wanted == null ? base : wanted, to, framing);
        }
    }

    /** Closes what is given up; last of all, since what goes before may still be on its way out. */
    void drainCloseTo(Output<?> out) {
        if (!closeDue.isEmpty()) {
            List<Base> due = closeDue;
            closeDue = List.of();
            due.forEach(out::close);
        }
    }
}
