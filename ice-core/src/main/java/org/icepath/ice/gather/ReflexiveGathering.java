// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The server-reflexive candidates of a session: STUN servers are asked over datagrams (RFC 8445 §5.1.1.2), and over connections for
 * candidates that accept such (RFC 6544 §5.2). The addresses of a server race. Not thread-safe.
 */
final class ReflexiveGathering implements Bindings.Outcome {

    private final GatherSettings settings;
    private final RandomGenerator random;
    private final CandidateBook book;
    private final Servers servers;
    private final Findings findings;
    private final AddressRaces<Attempt> races;

    // Made when there is somebody to be asked.
    private @Nullable Bindings bindings;
    private @Nullable StreamBindings streams;

    ReflexiveGathering(
            GatherSettings settings, RandomGenerator random, CandidateBook book, Servers servers, Findings findings) {
        this.settings = settings;
        this.random = random;
        this.book = book;
        this.servers = servers;
        this.findings = findings;
        this.races = new AddressRaces<>(servers);
    }

    /** Begins an attempt whose turn has come. */
    void begin(long now, Attempt attempt) {
        races.begin(now, attempt, attempt);
        if (attempt.local().transport().isTcp()) {
            overConnections().ask(now, attempt);
        } else {
            overDatagrams().ask(now, attempt);
        }
    }

    private Bindings overDatagrams() {
        if (bindings == null) {
            bindings = new Bindings(settings, random, this);
        }
        return bindings;
    }

    private StreamBindings overConnections() {
        if (streams == null) {
            streams = new StreamBindings(settings, random, this);
        }
        return streams;
    }

    @Override
    public void mapped(long now, Attempt attempt, InetSocketAddress answered, InetSocketAddress mapped) {
        if (!races.won(attempt)) {
            return;
        }
        if (bindings != null) {
            bindings.cancel(attempt);
        }
        if (streams != null) {
            streams.cancel(attempt);
        }
        findings.came(attempt.local(), attempt.kind(), attempt.server());
        CandidateBook.Server server = new CandidateBook.Server(
                settings.stunServers().get(attempt.server()), attempt.server(), answered.getAddress());
        book.serverReflexive(now, attempt.local(), mapped, server).ifPresent(findings::found);
    }

    @Override
    public void unmapped(long now, Attempt attempt, String why) {
        if (races.lost(attempt)) {
            findings.miss(attempt.local(), attempt.kind(), attempt.server(), why);
        }
    }

    /** Whether a server is being asked from a base. */
    boolean isAsked(LocalBase local, int server) {
        return races.isAsked(local, server);
    }

    /** How many answers are awaited. */
    long open() {
        return (bindings == null ? 0 : bindings.open()) + (streams == null ? 0 : streams.open());
    }

    /** Whether a connection leads to a STUN server. */
    boolean owns(Base connection) {
        return streams != null && connection.transport() == Transport.TCP && streams.owns(connection);
    }

    /** Takes answers of STUN servers; false for all else. */
    boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        if (streams != null && owns(base)) {
            streams.handle(now, base, payload);
            return true;
        }
        return bindings != null && bindings.handle(now, base, from, payload);
    }

    void handleTimeout(long now) {
        races.handleTimeout(now);
        if (bindings != null) {
            bindings.handleTimeout(now);
        }
        if (streams != null) {
            streams.handleTimeout(now);
        }
    }

    long nextTimeout() {
        long next = races.nextTimeout();
        next = bindings == null ? next : Math.min(next, bindings.nextTimeout());
        return streams == null ? next : Math.min(next, streams.nextTimeout());
    }

    void drainTo(Output<?> out) {
        if (bindings != null) {
            bindings.drainTransmits(out);
        }
        if (streams != null) {
            streams.drainTo(out);
        }
    }

    void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        if (bindings != null) {
            bindings.sendFailed(now, base, to, cause);
        }
    }

    void opened(Base connection) {
        if (streams != null) {
            streams.opened(connection);
        }
    }

    void closed(long now, Base connection, Cause cause) {
        if (streams != null) {
            streams.closed(now, connection, cause);
        }
    }

    /** ICE has concluded: mappings are kept no longer (RFC 8445 §8.3, RFC 6544 §11.2). */
    void concluded() {
        if (bindings != null) {
            bindings.stopKeepalives();
        }
        if (streams != null) {
            streams.closeAnswered();
        }
    }

    /**
     * Forgets what was asked from bases that are gone.
     *
     * @param bases all that there were
     */
    void forget(Predicate<LocalBase> gone, List<LocalBase> bases) {
        races.forget(gone);
        Bindings asked = bindings;
        if (asked != null) {
            bases.stream().filter(gone).forEach(local -> asked.remove(local.base()));
        }
        if (streams != null) {
            streams.remove(gone);
        }
    }

    void clear() {
        races.clear();
        if (bindings != null) {
            bindings.clear();
        }
        if (streams != null) {
            streams.clear();
        }
    }
}
