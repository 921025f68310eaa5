// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.TransportType;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.ice.gather.Gatherer;
import org.icepath.ice.gather.LocalBase;
import org.icepath.sansio.Machine;
import org.icepath.turn.TurnFailure;
import org.jspecify.annotations.Nullable;

/**
 * The relays that are not there, and when they are asked for again: those that were refused, lost or let go at an ICE restart, which is
 * when candidates are gathered afresh (RFC 8445 §9), and those of a component that has none further and further apart, until one
 * stands. Not thread-safe.
 */
final class AbsentRelays {

    /** Between two times that one is asked for; the last one from then on. */
    private static final int[] PAUSES_SECONDS = {5, 10, 30, 60, 120, 300};

    /** One that has stood for longer is lost as if for the first time; an earlier end is one more failure. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MOST = 64;

    private final RelayTable relays;
    private final Gatherer gatherer;
    private final EngineOutbox outbox;
    private final List<HostBase> hosts;
    private final RandomGenerator random;
    private Map<Source, Absence> absences = Map.of(); // most sessions miss none
    private Set<Component> bereft = Set.of();
    private boolean restart;
    private boolean stale;
    private boolean stopped;
    private long next = Machine.NEVER;

    /** The sockets on one address are one: a spare one was bound where the server took the first for another client's. */
    private record Source(Component component, TransportType transport, InetAddress address, int server) {

        static Source of(LocalBase local, int server) {
            return new Source(Component.of(local), local.transport(), addressOf(local), server);
        }

        boolean isOf(AllocationRequest request) {
            return equals(of(request.local(), request.server()));
        }
    }

    private record Component(int stream, int component) {

        static Component of(LocalBase local) {
            return new Component(local.stream(), local.component());
        }
    }

    private static final class Absence {
        private AllocationRequest last;
        private LocalBase local;
        private boolean atRestartOnly;
        private boolean wished;
        private int tries;
        private long since;
        private long at;
        private boolean stood;
        private long stoodAt;

        Absence(long now, LocalBase local, AllocationRequest last) {
            this.last = last;
            this.local = local;
            this.since = now;
            this.at = now;
            this.stoodAt = now;
        }
    }

    /** @param hosts the sockets that stand; a live view */
    AbsentRelays(
            RelayTable relays, Gatherer gatherer, EngineOutbox outbox, List<HostBase> hosts, RandomGenerator random) {
        this.relays = relays;
        this.gatherer = gatherer;
        this.outbox = outbox;
        this.hosts = hosts;
        this.random = random;
    }

    /** Whether none is missed. */
    boolean isEmpty() {
        return absences.isEmpty();
    }

    long nextTimeout() {
        return absences.isEmpty() ? Machine.NEVER : next;
    }

    /** A relay that is not needed is released. */
    void letGo(long now, Relay relay) {
        Absence absence = note(now, relay.request().local(), relay.request());
        if (absence != null) {
            absence.atRestartOnly = true;
            absence.at = now;
        }
    }

    /**
     * A relay was refused, or is lost.
     *
     * @param socket where it was spoken to from, if that still stands
     */
    void ended(long now, Relay relay, TurnFailure failure, Optional<HostBase> socket) {
        boolean stood = !relay.bases().isEmpty();
        AllocationRequest request = relay.request();
        if (stood && !stopped) {
            bereft = bereft.isEmpty() ? new HashSet<>() : bereft;
            bereft.add(Component.of(request.local()));
        }
        stale = true;
        Absence absence = socket.map(from -> note(now, from.local(), request)).orElse(null);
        if (absence == null) {
            return;
        }
        absence.stood |= stood;
        boolean renews = relay.allocation().settings().options().renewsCredentials();
        if (!mayPass(failure.kind(), absence.stood, renews)) {
            absences.values().remove(absence);
        } else {
            absence.atRestartOnly = failure.kind() == TurnFailure.Kind.UNAUTHORIZED && !absence.stood;
            absence.tries = stood && now - absence.stoodAt > SETTLED_NANOS ? 0 : absence.tries;
            absence.since = now;
            absence.at = now + pauseNanos(absence.tries);
        }
    }

    /**
     * Whether a server may say something else another time.
     *
     * @param stood whether a relay has stood: our credentials were good; wrong ones that come again look like an attack
     * @param renews whether there may be other credentials
     */
    private static boolean mayPass(TurnFailure.Kind kind, boolean stood, boolean renews) {
        return switch (kind) {
            case FAMILY_NOT_SUPPORTED, TRANSPORT_NOT_SUPPORTED, BAD_REQUEST, TOO_MANY, RELEASED -> false;
            case NEW_LOCAL_PORT_NEEDED -> stood; // others were tried: what the server still has of ours will end
            case UNAUTHORIZED -> stood || renews;
            default -> true;
        };
    }

    private @Nullable Absence note(long now, LocalBase local, AllocationRequest request) {
        if (stopped) {
            return null;
        }
        absences = absences.isEmpty() ? new HashMap<>(2) : absences;
        Source source = Source.of(local, request.server());
        Absence absence = absences.get(source);
        if (absence == null && absences.size() < MOST) {
            absence = new Absence(now, local, request);
            absences.put(source, absence);
        }
        if (absence != null) {
            absence.last = request;
            absence.local = local;
            stale = true;
        }
        return absence;
    }

    /** A relay stands. */
    void stands(long now, Relay relay) {
        LocalBase local = relay.request().local();
        if (!bereft.isEmpty()) {
            bereft.remove(Component.of(local));
        }
        Absence absence = absences.get(Source.of(local, relay.request().server()));
        if (absence != null) {
            absence.stood = true;
            absence.stoodAt = now;
        }
        stale = true;
    }

    /** ICE restarts: what is not there is asked for once. */
    void restarted() {
        absences.values().forEach(absence -> absence.wished = true);
        hurry();
    }

    /** Whoever was not asked for a while is asked at once. */
    private void hurry() {
        for (Absence absence : absences.values()) {
            absence.tries = 0;
            absence.at = Math.min(absence.at, absence.since + TimeUnit.SECONDS.toNanos(PAUSES_SECONDS[0]));
        }
        stale = true;
    }

    /** Session over: nothing is asked for any more. */
    void stop() {
        stopped = true;
        absences = Map.of();
        bereft = Set.of();
        next = Machine.NEVER;
    }

    /**
     * Asks for what is due.
     *
     * @param restartNeeded whether a peer can only be reached again after a restart, or the application wants one
     * @return whether something was asked for
     */
    boolean recall(long now, boolean restartNeeded) {
        if (restartNeeded && !restart) {
            hurry();
        }
        stale |= restart != restartNeeded;
        restart = restartNeeded;
        if (!stale && now < next) {
            return false;
        }
        stale = false;
        next = Machine.NEVER;
        absences.values().removeIf(absence -> hosts.stream()
                .noneMatch(host -> host.base().equals(absence.local.base())));
        boolean asked = false;
        for (Map.Entry<Source, Absence> each : absences.entrySet()) {
            if (isWanted(each.getKey(), each.getValue())) {
                asked |= each.getValue().at <= now && ask(now, each.getKey().server(), each.getValue());
                next = Math.min(next, each.getValue().at);
            }
        }
        return asked;
    }

    private boolean isWanted(Source source, Absence absence) {
        if (relays.standingOrAsked().stream().map(Relay::request).anyMatch(source::isOf)) {
            return false;
        }
        boolean deserted = noneStands(source.component(), relay -> true);
        if (!restart && !absence.wished) {
            return deserted && (!absence.atRestartOnly || bereft.contains(source.component()));
        }
        return deserted
                || !absence.atRestartOnly
                        && noneStands(
                                source.component(),
                                relay -> addressOf(relay.request().local()).equals(source.address()));
    }

    private boolean noneStands(Component component, Predicate<Relay> like) {
        return relays.standing().stream()
                .filter(relay -> relay.serves(component.stream(), component.component()))
                .noneMatch(like);
    }

    private static InetAddress addressOf(LocalBase local) {
        return local.base().address().getAddress();
    }

    private boolean ask(long now, int server, Absence absence) {
        boolean forRestart = restart || absence.wished;
        tell(now, absence, forRestart ? "a restart needs one" : "there is none");
        // while candidates are awaited, nominations wait; the peer has heard that they are at an end
        boolean awaited = forRestart && absence.tries == 0;
        absence.wished = false;
        absence.tries++;
        absence.since = now;
        absence.at = now + pauseNanos(absence.tries);
        if (awaited) {
            gatherer.allocateAgain(now, absence.local, server);
        } else {
            gatherer.allocateQuietly(now, absence.local, server);
        }
        return true;
    }

    /** The first times of a row: what a server that is gone for good is asked fills no timeline. */
    private void tell(long now, Absence absence, String why) {
        if (absence.tries < PAUSES_SECONDS.length) {
            String server =
                    CandidateAddress.of(absence.last.address().address()).toString();
            outbox.timeline().add(now, () -> "a relay on " + server + " is asked for anew: " + why);
        }
    }

    /** A fifth more or less, since a server's clients all lose their relays at once. */
    private long pauseNanos(int tries) {
        int seconds = PAUSES_SECONDS[Math.min(tries, PAUSES_SECONDS.length - 1)];
        return (long) (TimeUnit.SECONDS.toNanos(seconds) * random.nextDouble(0.8, 1.2));
    }
}
