// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * their first datagram, and have {@value #IDENTIFY_SECONDS} s until an agent has taken one. A connection on which nothing passes for
 * {@value #IDLE_SECONDS} s carries no pair that anybody looks after, and is closed. Not thread-safe.
 */
final class CandidateConnections {

    /** Time to say who one is: a check of some agent's must have come by then. */
    static final int IDENTIFY_SECONDS = 10;

    /** Pairs in use are checked every 5 s, reserves every 15 s. */
    static final int IDLE_SECONDS = 60;

    /** Most that carry something, opened by us and by others; strangers are the first to go. */
    static final int MOST = 128;

    /** Most over which nothing has come yet. */
    static final int MOST_SILENT = 32;

    /** Ids of connections that we open; sockets of the shell count from 1. */
    private static final long FIRST_ID = 1L << 30;

    private static final long IDENTIFY_NANOS = TimeUnit.SECONDS.toNanos(IDENTIFY_SECONDS);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(IDLE_SECONDS);

    /** Hears what becomes of the connections that agents send on. */
    interface Listener {

        void connected(long now, Base candidate, InetSocketAddress remote);

        void disconnected(long now, Base candidate, InetSocketAddress remote, Cause cause);
    }

    /** Has servers make and end the connections of relayed candidates (RFC 6062). */
    interface Relaying {

        /** Answered by {@link #stands} or {@link #failed}. */
        void connect(long now, Base candidate, InetSocketAddress remote);

        void disconnect(long now, Base connection);

        /** Sends over a connection that all peers share; answers false for any other one. */
        boolean transmitShared(long now, Base connection, InetSocketAddress peer, ByteBuffer payload, Output<?> out);
    }

    private final Framing framing;
    private final Timeline timeline;
    private final Relaying relaying;
    private final List<HostBase> hosts = new ArrayList<>();
    private final Map<Base, CandidateConnection> byBase = new HashMap<>();
    private final Map<Ends, CandidateConnection> byEnds = new LinkedHashMap<>();
    private final Map<Base, Long> silent = new LinkedHashMap<>();
    private final ArrayDeque<Wish> wishes = new ArrayDeque<>(1);
    private @Nullable Listener listener;
    private long nextId = FIRST_ID;
    private long next = Machine.NEVER;
    private boolean closed;

    /** What is wanted of the shell, and what agents are to be told, in order. */
    private interface Wish {
        void carryOut(Output<?> out);
    }

    CandidateConnections(Framing framing, Timeline timeline, Relaying relaying) {
        this.framing = framing;
        this.timeline = timeline;
        this.relaying = relaying;
    }

    /** Names who hears of connections, once. */
    void follow(Listener peers) {
        listener = peers;
    }

    private void tell(long now, CandidateConnection connection, @Nullable Cause cause) {
        Listener hearing = listener;
        if (hearing == null) {
            return;
        }
        if (cause == null) {
            hearing.connected(
                    now, connection.ends().candidate(), connection.ends().remote());
        } else {
            hearing.disconnected(
                    now, connection.ends().candidate(), connection.ends().remote(), cause);
        }
    }

    /** Takes what connections are opened from, and accepted at. */
    void add(HostBase host) {
        if (host.transport().isTcp()) {
            hosts.add(host);
        }
    }

    /** A candidate's base is no longer used, nor are its connections. */
    void remove(long now, Base candidate, Cause cause) {
        hosts.removeIf(host -> host.base().equals(candidate));
        for (CandidateConnection connection : List.copyOf(byEnds.values())) {
            if (connection.ends().candidate().equals(candidate)) {
                end(now, connection, cause);
            }
        }
    }

    /** Ends everything; nobody is told. */
    void close(long now) {
        closed = true;
        byBase.keySet().forEach(base -> drop(now, base));
        silent.keySet().forEach(base -> drop(now, base));
        byBase.clear();
        byEnds.clear();
        silent.clear();
        next = Machine.NEVER;
    }

    /** An agent needs a connection; it is told when there is one, at once where there is one already. */
    void want(long now, Base candidate, InetSocketAddress remote) {
        Ends ends = new Ends(candidate, remote);
        CandidateConnection known = byEnds.get(ends);
        if (known != null) {
            if (known.isOpen()) {
                wishes.add(out -> tell(now, known, null));
            }
            return;
        }
        if (closed || (byEnds.size() >= MOST && !makeRoom(now))) {
            Cause cause = new Cause(Cause.Kind.CONGESTED, "there are " + MOST + " connections already");
            wishes.add(out -> tell(now, CandidateConnection.asked(null, ends, Machine.NEVER), cause));
            return;
        }
        if (Relays.isRelay(candidate)) {
            put(CandidateConnection.asked(null, ends, Machine.NEVER));
            wishes.add(out -> relaying.connect(now, candidate, remote));
        } else {
            Base base = new Base(nextId++, Transport.TCP, from(candidate));
            put(CandidateConnection.asked(base, ends, Machine.NEVER));
            wishes.add(out -> out.open(base, remote, framing));
        }
    }

    /** An active candidate has no port of its own (RFC 6544 §7.1); from one that opens and accepts, its port is the point. */
    private InetSocketAddress from(Base candidate) {
        boolean active = candidate.address().getPort() == HostBase.ACTIVE_PORT;
        return active ? new InetSocketAddress(candidate.address().getAddress(), 0) : candidate.address();
    }

    private void put(CandidateConnection connection) {
        Base base = connection.base();
        if (base != null) {
            byBase.put(base, connection);
        }
        byEnds.put(connection.ends(), connection);
        next = Math.min(next, connection.deadline());
    }

    /** Gives up what an end of a connection is called towards the shell. */
    private void drop(long now, Base base) {
        if (Relays.isRelay(base)) {
            wishes.add(out -> relaying.disconnect(now, base));
        } else {
            wishes.add(out -> out.close(base));
        }
    }

    private void dropBase(long now, CandidateConnection connection) {
        Base base = connection.base();
        if (base != null) {
            drop(now, base);
        }
    }

    /** A stranger makes room for somebody who is wanted. */
    private boolean makeRoom(long now) {
        for (CandidateConnection connection : byEnds.values()) {
            if (!connection.isIdentified()) {
                end(now, connection, new Cause(Cause.Kind.CONGESTED, "others are wanted more"));
                return true;
            }
        }
        return false;
    }

    /** Takes the fact that a connection stands; returns false for one of somebody else's. */
    boolean opened(long now, Base base) {
        CandidateConnection connection = byBase.get(base);
        if (connection != null) {
            stands(now, connection, base);
            return true;
        }
        return accepted(now, base);
    }

    private void stands(long now, CandidateConnection connection, Base base) {
        connection.opened(base);
        passed(now, connection);
        tell(now, connection, null);
    }

    /**
     * Takes the fact that a server has connected a relayed candidate with a peer (RFC 6062 §4.3, §4.4).
     *
     * @param base our end of it
     * @param candidate the base that it was asked for from, or that the peer has connected to
     */
    void relayed(long now, Base base, Base candidate, InetSocketAddress remote, boolean incoming) {
        CandidateConnection asked = byEnds.get(new Ends(candidate, remote));
        if (incoming && !closed) {
            accept(now, base, new Ends(candidate, remote), now + IDENTIFY_NANOS);
        } else if (asked == null || asked.isOpen()) {
            drop(now, base); // nobody waits for it any more
        } else {
            byBase.put(base, asked);
            stands(now, asked, base);
        }
    }

    /** Takes the fact that a server cannot connect a relayed candidate with a peer. */
    void failed(long now, Base candidate, InetSocketAddress remote, Cause cause) {
        CandidateConnection asked = byEnds.get(new Ends(candidate, remote));
        if (asked != null && !asked.isOpen()) {
            ended(now, asked, cause);
        }
    }

    /** A connection that a peer has opened; whose it is shows with its first datagram. */
    private boolean accepted(long now, Base base) {
        if (acceptedAt(base) == null) {
            return false;
        }
        if (closed) {
            wishes.add(out -> out.close(base));
            return true;
        }
        if (silent.size() >= MOST_SILENT) {
            Base oldest = silent.keySet().iterator().next();
            silent.remove(oldest);
            wishes.add(out -> out.close(oldest));
        }
        silent.put(base, now + IDENTIFY_NANOS);
        next = Math.min(next, now + IDENTIFY_NANOS);
        return true;
    }

    private @Nullable HostBase acceptedAt(Base base) {
        for (HostBase host : hosts) {
            boolean here = host.transport().tcpType().accepts()
                    && host.base().address().equals(base.address());
            if (here) {
                return host;
            }
        }
        return null;
    }

    /**
     * The base of the candidate that a datagram belongs to.
     *
     * @return null when the connection is nobody's
     */
    @Nullable
    Base candidateOf(long now, Base base, InetSocketAddress from) {
        CandidateConnection known = byBase.get(base);
        CandidateConnection connection = known == null ? heard(now, base, from) : known;
        return connection == null ? null : connection.ends().candidate();
    }

    private @Nullable CandidateConnection heard(long now, Base base, InetSocketAddress from) {
        Long deadline = silent.remove(base);
        HostBase host = deadline == null ? null : acceptedAt(base);
        if (deadline == null || host == null) {
            return null;
        }
        return accept(now, base, new Ends(host.base(), from), deadline);
    }

    /** @return null where there is no room */
    private @Nullable CandidateConnection accept(long now, Base base, Ends ends, long deadline) {
        CandidateConnection before = byEnds.get(ends);
        boolean crossed = before != null && !before.isOpen();
        if (before != null && before.isOpen()) {
            // the port is used again: what there was before is over, though nobody has said so
            end(now, before, new Cause(Cause.Kind.OTHER, "the peer has opened another in its place"));
        } else if (before != null) {
            // of two that open at the same time one may come to be accepted (RFC 6544 §7.1): it will do
            forget(before);
            dropBase(now, before);
        }
        if (byEnds.size() >= MOST && !makeRoom(now)) {
            drop(now, base);
            return null;
        }
        CandidateConnection accepted = CandidateConnection.accepted(base, ends, deadline);
        put(accepted);
        if (crossed) {
            identified(now, base);
        }
        return accepted;
    }

    /** A datagram was taken: the connection is a peer's. */
    void identified(long now, Base base) {
        CandidateConnection connection = byBase.get(base);
        if (connection == null) {
            return;
        }
        if (!connection.isIdentified()) {
            connection.identified();
            tell(now, connection, null);
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
        CandidateConnection connection = byBase.get(base);
        if (connection == null) {
            return silent.remove(base) != null;
        }
        ended(now, connection, cause);
        return true;
    }

    private void ended(long now, CandidateConnection connection, Cause cause) {
        forget(connection);
        report(now, connection, cause);
        tell(now, connection, cause);
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
        forget(connection);
        dropBase(now, connection);
        wishes.add(out -> tell(now, connection, cause));
        if (connection.isIdentified()) {
            report(now, connection, cause);
        }
    }

    private void forget(CandidateConnection connection) {
        Base base = connection.base();
        if (base != null) {
            byBase.remove(base);
        }
        byEnds.remove(connection.ends(), connection);
    }

    /** Sends on the connection between a candidate and a peer; where there is none, nothing leaves. */
    void transmit(long now, Base candidate, InetSocketAddress to, ByteBuffer payload, Output<?> out) {
        CandidateConnection connection = byEnds.get(new Ends(candidate, to));
        Base base = connection == null ? null : connection.base();
        if (connection != null && base != null && connection.isOpen()) {
            connection.passedAt(now);
            if (!relaying.transmitShared(now, base, to, payload, out)) {
                out.transmit(base, to, payload);
            }
        }
    }

    /** What leads from a candidate to a peer; the candidate's own base where nothing does. */
    Base connection(Base candidate, InetSocketAddress remote) {
        CandidateConnection connection = byEnds.get(new Ends(candidate, remote));
        Base base = connection == null ? null : connection.base();
        return base == null ? candidate : base;
    }

    void handleTimeout(long now) {
        if (now < next) {
            return;
        }
        next = Machine.NEVER;
        for (Base base : List.copyOf(silent.keySet())) {
            expire(now, base);
        }
        for (CandidateConnection connection : List.copyOf(byEnds.values())) {
            expire(now, connection);
        }
    }

    private void expire(long now, Base base) {
        long deadline = silent.getOrDefault(base, Machine.NEVER);
        if (now >= deadline) {
            silent.remove(base);
            wishes.add(out -> out.close(base));
            timeline.add(now, () -> "a connection to " + CandidateAddress.of(base.address()) + " said nothing");
        } else {
            next = Math.min(next, deadline);
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
        return next;
    }

    /** Whether there is something to carry out. */
    boolean hasWishes() {
        return !wishes.isEmpty();
    }

    void drainTo(Output<?> out) {
        for (Wish wish = wishes.poll(); wish != null; wish = wishes.poll()) {
            wish.carryOut(out);
        }
    }
}
