// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.engine.CandidateConnection.Ends;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The connections between TCP candidates and peers (RFC 6544 §7.1, §11.1), as the agents see them: what is sent from a candidate's base
 * to a remote address travels on the one connection between them, whoever has opened it.
 *
 * <p>Each connection has a base of its own towards the shell. Agents ask for those that we open; those that peers open are taken with
 * their first datagram, and have {@value SilentConnections#IDENTIFY_SECONDS} s until an agent has taken one. A connection on which nothing
 * passes for {@value #IDLE_SECONDS} s carries no pair that anybody looks after, and is closed. Not thread-safe.
 */
final class CandidateConnections {

    /** Pairs in use are checked every 5 s, reserves every 15 s. */
    static final int IDLE_SECONDS = 60;

    /** Most that carry something, opened by us and by others; strangers are the first to go. */
    static final int MOST = 128;

    /** Ids of connections that we open; sockets of the shell count from 1. */
    private static final long FIRST_ID = 1L << 30;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);

    private final Timeline timeline;
    private final RelayedConnections relayed;
    private final ConnectionWishes wishes;
    private final ConnectionTable table = new ConnectionTable();
    private @Nullable SilentConnections silent; // from the first port on
    private long nextId = FIRST_ID;
    private long next = Machine.NEVER;
    private boolean closed;

    CandidateConnections(Framing framing, Timeline timeline, RelayedConnections relayed) {
        this.timeline = timeline;
        this.relayed = relayed;
        this.wishes = new ConnectionWishes(framing, relayed);
    }

    /** Names who hears of connections, once. */
    void follow(ConnectionListener peers) {
        wishes.follow(peers);
    }

    /** Takes what peers may connect to; of any other host there is nothing to know. */
    void add(HostBase host) {
        if (SilentConnections.isPort(host)) {
            if (silent == null) {
                silent = new SilentConnections(timeline, wishes::close);
            }
            silent.addPort(host);
        }
    }

    /** A candidate's base is no longer used, nor are its connections. */
    void remove(long now, Base candidate, Cause cause) {
        if (silent != null) {
            silent.removePort(candidate);
        }
        for (CandidateConnection connection : table.all()) {
            if (connection.ends().candidate().equals(candidate)) {
                end(now, connection, cause);
            }
        }
    }

    /** Ends everything; nobody is told. */
    void close(long now) {
        closed = true;
        table.names().forEach(base -> wishes.drop(now, base));
        table.clear();
        if (silent != null) {
            silent.close();
        }
        next = Machine.NEVER;
    }

    /** An agent needs a connection; it is told when there is one, at once where there is one already. */
    void want(long now, Base candidate, InetSocketAddress remote) {
        Ends ends = new Ends(candidate, remote);
        CandidateConnection known = table.between(ends);
        if (known != null) {
            if (known.isOpen()) {
                wishes.tell(now, known, null);
            }
            return;
        }
        if (closed || (table.size() >= MOST && !makeRoom(now))) {
            Cause cause = new Cause(Cause.Kind.CONGESTED, "there are " + MOST + " connections already");
            wishes.tell(now, CandidateConnection.asked(null, ends, Machine.NEVER), cause);
            return;
        }
        if (RelayIds.isRelay(candidate)) {
            put(CandidateConnection.asked(null, ends, Machine.NEVER));
            wishes.connect(now, candidate, remote);
        } else {
            Base base = new Base(nextId++, Transport.TCP, from(candidate));
            put(CandidateConnection.asked(base, ends, Machine.NEVER));
            wishes.open(base, remote);
        }
    }

    /** An active candidate has no port of its own (RFC 6544 §7.1); from one that opens and accepts, its port is the point. */
    private InetSocketAddress from(Base candidate) {
        boolean active = candidate.address().getPort() == HostBase.ACTIVE_PORT;
        return active ? new InetSocketAddress(candidate.address().getAddress(), 0) : candidate.address();
    }

    private void put(CandidateConnection connection) {
        table.add(connection);
        next = Math.min(next, connection.deadline());
    }

    private void dropBase(long now, CandidateConnection connection) {
        Base base = connection.base();
        if (base != null) {
            wishes.drop(now, base);
        }
    }

    /** A stranger makes room for somebody who is wanted. */
    private boolean makeRoom(long now) {
        Optional<CandidateConnection> stranger = table.oldestStranger();
        stranger.ifPresent(
                connection -> end(now, connection, new Cause(Cause.Kind.CONGESTED, "others are wanted more")));
        return stranger.isPresent();
    }

    /** Takes the fact that a connection stands; returns false for one of somebody else's. */
    boolean opened(long now, Base base) {
        CandidateConnection connection = table.named(base);
        if (connection != null) {
            stands(now, connection, base);
            return true;
        }
        return accepted(now, base);
    }

    private void stands(long now, CandidateConnection connection, Base base) {
        connection.opened(base);
        passed(now, connection);
        wishes.tellAtOnce(now, connection, null);
    }

    /**
     * Takes the fact that a server has connected a relayed candidate with a peer (RFC 6062 §4.3, §4.4).
     *
     * @param base our end of it
     * @param candidate the base that it was asked for from, or that the peer has connected to
     */
    void relayed(long now, Base base, Base candidate, InetSocketAddress remote, boolean incoming) {
        CandidateConnection asked = table.between(new Ends(candidate, remote));
        if (incoming && !closed) {
            long deadline = SilentConnections.deadlineFrom(now);
            accept(now, base, CandidateConnection.accepted(base, new Ends(candidate, remote), deadline));
        } else if (asked == null || asked.isOpen()) {
            wishes.drop(now, base); // nobody waits for it any more
        } else {
            table.name(base, asked);
            stands(now, asked, base);
        }
    }

    /** Takes the fact that a server cannot connect a relayed candidate with a peer. */
    void failed(long now, Base candidate, InetSocketAddress remote, Cause cause) {
        CandidateConnection asked = table.between(new Ends(candidate, remote));
        if (asked != null && !asked.isOpen()) {
            ended(now, asked, cause);
        }
    }

    /** A connection that a peer has opened; whose it is shows with its first datagram. */
    private boolean accepted(long now, Base base) {
        if (silent == null || !silent.isAtPort(base)) {
            return false;
        }
        if (closed) {
            wishes.close(base);
        } else {
            silent.accepted(now, base);
        }
        return true;
    }

    /**
     * The base of the candidate that a datagram belongs to.
     *
     * @return null when the connection is nobody's
     */
    @Nullable
    Base candidateOf(long now, Base base, InetSocketAddress from) {
        CandidateConnection known = table.named(base);
        CandidateConnection connection = known == null ? heard(now, base, from) : known;
        return connection == null ? null : connection.ends().candidate();
    }

    private @Nullable CandidateConnection heard(long now, Base base, InetSocketAddress from) {
        CandidateConnection peers = silent == null ? null : silent.heard(base, from);
        return peers == null ? null : accept(now, base, peers);
    }

    /** @return null where there is no room */
    private @Nullable CandidateConnection accept(long now, Base base, CandidateConnection accepted) {
        CandidateConnection before = table.between(accepted.ends());
        boolean crossed = before != null && !before.isOpen();
        if (before != null && before.isOpen()) {
            // the port is used again: what there was before is over, though nobody has said so
            end(now, before, new Cause(Cause.Kind.OTHER, "the peer has opened another in its place"));
        } else if (before != null) {
            // of two that open at the same time one may come to be accepted (RFC 6544 §7.1): it will do
            table.remove(before);
            dropBase(now, before);
        }
        if (table.size() >= MOST && !makeRoom(now)) {
            wishes.drop(now, base);
            return null;
        }
        put(accepted);
        if (crossed) {
            identified(now, base);
        }
        return accepted;
    }

    /** A datagram was taken: the connection is a peer's. */
    void identified(long now, Base base) {
        CandidateConnection connection = table.named(base);
        if (connection == null) {
            return;
        }
        if (!connection.isIdentified()) {
            connection.identified();
            wishes.tellAtOnce(now, connection, null);
        }
        passed(now, connection);
    }

    private void passed(long now, CandidateConnection connection) {
        connection.passedAt(now);
        connection.deadline(now + IDLE_NANOS);
        next = Math.min(next, connection.deadline());
    }

    /** Takes the fact that a connection could not be opened, or has ended; returns false for one of somebody else's. */
    boolean closed(long now, Base base, Cause cause) {
        CandidateConnection connection = table.named(base);
        if (connection == null) {
            return silent != null && silent.closed(base);
        }
        ended(now, connection, cause);
        return true;
    }

    private void ended(long now, CandidateConnection connection, Cause cause) {
        table.remove(connection);
        report(now, connection, cause);
        wishes.tellAtOnce(now, connection, cause);
    }

    private void report(long now, CandidateConnection connection, Cause cause) {
        InetSocketAddress remote = connection.ends().remote();
        boolean stood = connection.isOpen();
        timeline.add(
                now,
                () -> (stood ? "the connection with " : "no connection to ")
                        + CandidateAddress.of(remote)
                        + (stood ? " has ended: " : ": ")
                        + cause.detail());
    }

    private void end(long now, CandidateConnection connection, Cause cause) {
        table.remove(connection);
        dropBase(now, connection);
        wishes.tell(now, connection, cause);
        if (connection.isIdentified()) {
            report(now, connection, cause);
        }
    }

    /** Sends on the connection between a candidate and a peer; where there is none, nothing leaves. */
    void transmit(long now, Base candidate, InetSocketAddress to, ByteBuffer payload, Output<?> out) {
        CandidateConnection connection = table.between(new Ends(candidate, to));
        Base base = connection == null ? null : connection.base();
        if (connection != null && base != null && connection.isOpen()) {
            connection.passedAt(now);
            if (!relayed.transmitShared(now, base, to, payload, out)) {
                out.transmit(base, to, payload);
            }
        }
    }

    /** What leads from a candidate to a peer; the candidate's own base where nothing does. */
    Base connection(Base candidate, InetSocketAddress remote) {
        CandidateConnection connection = table.between(new Ends(candidate, remote));
        Base base = connection == null ? null : connection.base();
        return base == null ? candidate : base;
    }

    void handleTimeout(long now) {
        if (silent != null) {
            silent.handleTimeout(now);
        }
        if (now >= next) {
            next = Machine.NEVER;
            table.all().forEach(connection -> expire(now, connection));
        }
    }

    private void expire(long now, CandidateConnection connection) {
        if (connection.isOpen() && connection.isIdentified()) {
            connection.deadline(connection.passedAt() + IDLE_NANOS);
        }
        if (now >= connection.deadline()) {
            String why =
                    connection.isIdentified() ? "nothing passed for " + IDLE_SECONDS + " s" : "nobody knows the peer";
            end(now, connection, new Cause(Cause.Kind.TIMED_OUT, why));
        } else {
            next = Math.min(next, connection.deadline());
        }
    }

    /** When {@link #handleTimeout} should be called next, or {@link Machine#NEVER}. */
    long nextTimeout() {
        return silent == null ? next : Math.min(next, silent.nextTimeout());
    }

    /** Whether there is something to carry out. */
    boolean hasWishes() {
        return !wishes.isEmpty();
    }

    void drainTo(Output<?> out) {
        wishes.carryOut(out);
    }
}
