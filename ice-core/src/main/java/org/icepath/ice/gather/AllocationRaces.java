// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/**
 * The relay allocations that are being asked for. Of one server, asked from one base, the addresses race: each has a head start before
 * the next one, the first that allocates wins, and one that fails makes way at once (RFC 8305 §5, RFC 5928 §3). A dead server in a pool
 * thus costs a quarter of a second, not its time-out. Not thread-safe.
 */
final class AllocationRaces {

    /** RFC 8305 §5, connection attempt delay. */
    private static final long HEAD_START = Duration.ofMillis(250).toNanos();

    private final Servers servers;
    private Map<Runners, Race> races = Map.of(); // many sessions have none

    /** What races belongs together. */
    private record Runners(LocalBase local, int server) {}

    private static final class Race {
        /** With why each was put off, where its server has said that it has no room now; else with nothing. */
        private final Map<AllocationRequest, String> running = new HashMap<>();

        private @Nullable Attempt next;
        private boolean nextIsDue;
        private long nextAt = Machine.NEVER;
    }

    AllocationRaces(Servers servers) {
        this.servers = servers;
    }

    /** Whether a server is being asked, or will be in a moment. One that has put us off comes back to it a minute later, or more. */
    boolean isAwaited() {
        return races.values().stream().anyMatch(AllocationRaces::isAwaited);
    }

    private static boolean isAwaited(Race race) {
        return race.next != null || race.running.containsValue("");
    }

    /** Whether a server is asked from a base, or has put us off there. */
    boolean isAsked(LocalBase local, int server) {
        return races.containsKey(new Runners(local, server));
    }

    /** Begins an attempt whose turn has come. */
    AllocationRequest begin(long now, Attempt attempt) {
        if (races.isEmpty()) {
            races = new HashMap<>();
        }
        Race race = races.computeIfAbsent(new Runners(attempt.local(), attempt.server()), added -> new Race());
        AllocationRequest request =
                new AllocationRequest(attempt.local(), attempt.server(), attempt.place(), attempt.port());
        race.running.put(request, "");
        race.next = attempt.elsewhere().orElse(null);
        race.nextIsDue = false;
        race.nextAt = race.next == null ? Machine.NEVER : now + HEAD_START;
        return request;
    }

    /** Takes a success; false when the race is over, and this allocation of no use. */
    boolean won(AllocationRequest request) {
        Race race = races.get(runners(request));
        if (race == null || !race.running.containsKey(request)) {
            return false;
        }
        races.remove(runners(request));
        if (race.next != null && race.nextIsDue) {
            servers.withdraw(race.next);
        }
        return true;
    }

    /** Takes a failure; true when there is nobody left who could win. */
    boolean lost(AllocationRequest request) {
        Race race = races.get(runners(request));
        if (race == null || race.running.remove(request) == null) {
            return false;
        }
        letNextRun(race);
        boolean over = race.running.isEmpty() && !race.nextIsDue;
        if (over) {
            races.remove(runners(request));
        }
        return over;
    }

    /** Notes why a server does not allocate yet: it is asked again, and may have room later. The next one need not wait for that. */
    void postponed(AllocationRequest request, String why) {
        Race race = races.get(runners(request));
        if (race != null && race.running.replace(request, why) != null) {
            letNextRun(race);
        }
    }

    private void letNextRun(Race race) {
        Attempt next = race.next;
        if (next != null && !race.nextIsDue) {
            race.nextIsDue = true;
            race.nextAt = Machine.NEVER;
            servers.again(next);
        }
    }

    private static Runners runners(AllocationRequest request) {
        return new Runners(request.local(), request.server());
    }

    void handleTimeout(long now) {
        races.values().stream().filter(race -> race.nextAt <= now).forEach(this::letNextRun);
    }

    long nextTimeout() {
        long next = Machine.NEVER;
        if (races.isEmpty()) {
            return next; // asked after every packet, and then an iterator is too much
        }
        for (Race race : races.values()) {
            next = Math.min(next, race.nextAt);
        }
        return next;
    }

    /** Forgets what was asked from bases that are gone. */
    void forget(Predicate<LocalBase> gone) {
        if (!races.isEmpty()) {
            races.keySet().removeIf(runners -> gone.test(runners.local()));
        }
    }

    void clear() {
        races = Map.of();
    }

    /** What is being waited for, in words. */
    Set<String> awaited() {
        Set<String> awaited = new HashSet<>();
        races.values().forEach(race -> race.running.forEach((request, why) -> awaited.add(words(request, why))));
        return awaited;
    }

    private static String words(AllocationRequest request, String why) {
        String what =
                "an allocation from " + CandidateAddress.of(request.address().address());
        return why.isEmpty() ? what : what + ", which has put us off: " + why;
    }
}
