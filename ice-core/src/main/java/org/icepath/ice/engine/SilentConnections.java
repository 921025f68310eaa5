// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.icepath.candidate.CandidateAddress;
import org.icepath.ice.engine.CandidateConnection.Ends;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/**
 * The connections that peers have opened to ports of ours, and over which nothing has come yet: between which candidate and whom they are
 * shows with their first datagram. A port is open to everybody, so these are bounded in number and in time. Not thread-safe.
 */
final class SilentConnections {

    /** Time to say who one is: a check of some agent's must have come by then. */
    static final int IDENTIFY_SECONDS = 10;

    /** The oldest makes room for one more. */
    private static final int MOST = 32;

    private static final long IDENTIFY_NANOS = TimeUnit.SECONDS.toNanos(IDENTIFY_SECONDS);

    private final Timeline timeline;
    private final Consumer<Base> closing;
    private final List<HostBase> ports = new ArrayList<>(1);
    private final Map<Base, Long> deadlines = new LinkedHashMap<>();
    private long next = Machine.NEVER;

    /** @param closing has the shell close a connection */
    SilentConnections(Timeline timeline, Consumer<Base> closing) {
        this.timeline = timeline;
        this.closing = closing;
    }

    /** Until when whoever connects now may say who he is. */
    static long deadlineFrom(long now) {
        return now + IDENTIFY_NANOS;
    }

    /** Whether there is something of a candidate that peers can connect to. */
    static boolean isPort(HostBase host) {
        return host.transport().isTcp() && host.transport().tcpType().accepts();
    }

    void addPort(HostBase port) {
        ports.add(port);
    }

    /** A port is no longer used: nobody will ask for what was accepted there. */
    void removePort(Base port) {
        ports.removeIf(each -> each.base().equals(port));
        for (Base connection : List.copyOf(deadlines.keySet())) {
            if (!isAtPort(connection)) {
                deadlines.remove(connection);
                closing.accept(connection);
            }
        }
    }

    /** Whether a connection was accepted at one of the ports. */
    boolean isAtPort(Base connection) {
        return portOf(connection) != null;
    }

    private @Nullable HostBase portOf(Base connection) {
        for (HostBase port : ports) {
            if (port.base().address().equals(connection.address())) {
                return port;
            }
        }
        return null;
    }

    /** Takes a connection that was accepted at one of the ports. */
    void accepted(long now, Base connection) {
        if (deadlines.size() >= MOST) {
            Base oldest = deadlines.keySet().iterator().next();
            deadlines.remove(oldest);
            closing.accept(oldest);
        }
        deadlines.put(connection, deadlineFrom(now));
        next = Math.min(next, deadlineFrom(now));
    }

    /**
     * Gives away a connection over which the first datagram has come.
     *
     * @return null when it is none of these
     */
    @Nullable
    CandidateConnection heard(Base connection, InetSocketAddress from) {
        Long deadline = deadlines.remove(connection);
        HostBase port = deadline == null ? null : portOf(connection);
        return deadline == null || port == null
                ? null
                : CandidateConnection.accepted(connection, new Ends(port.base(), from), deadline);
    }

    /** Takes the fact that a connection has ended; returns false when it is none of these. */
    boolean closed(Base connection) {
        return deadlines.remove(connection) != null;
    }

    /** Ends all of them. */
    void close() {
        deadlines.keySet().forEach(closing);
        deadlines.clear();
        next = Machine.NEVER;
    }

    void handleTimeout(long now) {
        if (now < next) {
            return;
        }
        next = Machine.NEVER;
        for (Map.Entry<Base, Long> each : List.copyOf(deadlines.entrySet())) {
            if (now >= each.getValue()) {
                expire(now, each.getKey());
            } else {
                next = Math.min(next, each.getValue());
            }
        }
    }

    private void expire(long now, Base connection) {
        deadlines.remove(connection);
        closing.accept(connection);
        timeline.add(now, () -> "a connection to " + CandidateAddress.of(connection.address()) + " said nothing");
    }

    /** When {@link #handleTimeout} should be called next, or {@link Machine#NEVER}. */
    long nextTimeout() {
        return next;
    }
}
