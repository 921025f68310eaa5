// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.icepath.sansio.Machine;
import org.icepath.turn.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of servers that are being asked. Of one server, asked from one base, the addresses race: each has a head start before
 * the next one, the first that answers wins, and one that fails makes way at once (RFC 8305 §5, RFC 5928 §3). A dead server in a pool
 * thus costs a quarter of a second, not its time-out. Not thread-safe.
 *
 * @param <R> what is asked at one address
 */
final class AddressRaces<R extends AddressRaces.Runner> {

    private final Servers servers;
    private Map<Runners, Race<R>> races = Map.of(); // many sessions have none
    private Set<Runners> hopeless = Set.of();

    /** Who takes part in the race of a server, asked from a base. */
    interface Runner {
        LocalBase local();

        int server();

        /** Where the server is asked. */
        ServerAddress place();
    }

    /** What races belongs together. */
    private record Runners(LocalBase local, int server) {

        static Runners with(Runner runner) {
            return new Runners(runner.local(), runner.server());
        }
    }

    private static final class Race<R> {
        /** With why each was put off, where its server has said that it has no room now; else with nothing. */
        private final Map<R, String> running = new HashMap<>();

        private @Nullable Attempt next;
        private boolean nextIsDue;
        private long nextAt = Machine.NEVER;
    }

    AddressRaces(Servers servers) {
        this.servers = servers;
    }

    /**
     * Whether a server is being asked, or will be in a moment, with some hope. One that has put us off comes back to it a minute later, or
     * more.
     */
    boolean isAwaited() {
        return races.entrySet().stream()
                .anyMatch(each -> !hopeless.contains(each.getKey()) && isAwaited(each.getValue()));
    }

    private static boolean isAwaited(Race<?> race) {
        return race.next != null || race.running.containsValue("");
    }

    /** Whether the next race of a server and a base is waited for. */
    void expect(LocalBase local, int server, boolean much) {
        Runners runners = new Runners(local, server);
        if (much && !hopeless.isEmpty()) {
            hopeless.remove(runners);
        } else if (!much) {
            hopeless = hopeless.isEmpty() ? new HashSet<>() : hopeless;
            hopeless.add(runners);
        }
    }

    private void end(Runners runners) {
        races.remove(runners);
        if (!hopeless.isEmpty()) {
            hopeless.remove(runners);
        }
    }

    /** Whether a server is asked from a base, or has put us off there. */
    boolean isAsked(LocalBase local, int server) {
        return races.containsKey(new Runners(local, server));
    }

    /** Has {@code runner} run, since the turn of its attempt has come. */
    void begin(long now, Attempt attempt, R runner) {
        if (races.isEmpty()) {
            races = new HashMap<>();
        }
        Race<R> race = races.computeIfAbsent(Runners.with(runner), added -> new Race<>());
        race.running.put(runner, "");
        Attempt next = attempt.elsewhere().orElse(null);
        race.next = next;
        race.nextIsDue = false;
        race.nextAt = next == null
                ? Machine.NEVER
                : now + attempt.place().headStartOver(next.place()).toNanos();
    }

    /** Takes a success; false when the race is over, and what it has brought is of no use. */
    boolean won(R runner) {
        Race<R> race = races.get(Runners.with(runner));
        if (race == null || !race.running.containsKey(runner)) {
            return false;
        }
        end(Runners.with(runner));
        if (race.next != null && race.nextIsDue) {
            servers.withdraw(race.next);
        }
        return true;
    }

    /** The server itself has spoken: it would say the same by another transport to the same address, which is not tried. */
    void answered(R runner) {
        Race<R> race = races.get(Runners.with(runner));
        if (race == null || race.nextIsDue || !race.running.containsKey(runner)) {
            return;
        }
        Attempt next = race.next;
        if (next != null) {
            Attempt left = next.apartFrom(runner.place().address()).orElse(null);
            race.next = left;
            race.nextAt = left == null ? Machine.NEVER : race.nextAt;
        }
    }

    /** Takes a failure; true when there is nobody left who could win. */
    boolean lost(R runner) {
        Race<R> race = races.get(Runners.with(runner));
        if (race == null || race.running.remove(runner) == null) {
            return false;
        }
        letNextRun(race);
        boolean over = race.running.isEmpty() && !race.nextIsDue;
        if (over) {
            end(Runners.with(runner));
        }
        return over;
    }

    /** Notes why a server does not allocate yet: it is asked again, and may have room later. The next one need not wait for that. */
    void postponed(R runner, String why) {
        Race<R> race = races.get(Runners.with(runner));
        if (race != null && race.running.replace(runner, why) != null) {
            letNextRun(race);
        }
    }

    private void letNextRun(Race<R> race) {
        Attempt next = race.next;
        if (next != null && !race.nextIsDue) {
            race.nextIsDue = true;
            race.nextAt = Machine.NEVER;
            servers.again(next);
        }
    }

    void handleTimeout(long now) {
        races.values().stream().filter(race -> race.nextAt <= now).forEach(this::letNextRun);
    }

    long nextTimeout() {
        long next = Machine.NEVER;
        if (races.isEmpty()) {
            return next; // asked after every packet, and then an iterator is too much
        }
        for (Race<R> race : races.values()) {
            next = Math.min(next, race.nextAt);
        }
        return next;
    }

    /** Forgets what was asked from bases that are gone. */
    void forget(Predicate<LocalBase> gone) {
        if (!races.isEmpty()) {
            races.keySet().removeIf(runners -> gone.test(runners.local()));
        }
        if (!hopeless.isEmpty()) {
            hopeless.removeIf(runners -> gone.test(runners.local()));
        }
    }

    void clear() {
        races = Map.of();
        hopeless = Set.of();
    }

    /** What is being waited for: who runs, with why it was put off, if it was. */
    <T> Set<T> awaited(BiFunction<R, String, T> words) {
        Set<T> awaited = new HashSet<>();
        races.values().forEach(race -> race.running.forEach((runner, why) -> awaited.add(words.apply(runner, why))));
        return awaited;
    }
}
