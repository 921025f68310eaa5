// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnFailure;
import org.jspecify.annotations.Nullable;

/**
 * The places of one server, tried with a head start for each earlier one (RFC 8305 §5); the first that allocates wins, and the others
 * are released. Confined to one event loop.
 *
 * @param <R> what is allocated
 */
final class AllocationRace<R> {

    private static final int MOST_NEW_PORTS = 2;

    private final ScheduledExecutorService loop;
    private final List<ServerAddress> places;
    private final Function<ServerAddress, Runner<R>> factory;
    private final Queue<ServerAddress> untried;
    private final Set<Runner<R>> running = new HashSet<>();
    private final Map<ServerAddress, TurnFailure> failures = new HashMap<>();
    private final CompletableFuture<R> winner = new CompletableFuture<>();
    private @Nullable ScheduledFuture<?> next;

    /** What is under way at one place: what comes of it, and how it is given up, before or after. */
    record Runner<R>(CompletableFuture<R> outcome, Runnable release) {}

    /** @param factory begins at one place */
    AllocationRace(
            ScheduledExecutorService loop, List<ServerAddress> places, Function<ServerAddress, Runner<R>> factory) {
        this.loop = loop;
        this.places = List.copyOf(places);
        this.factory = factory;
        this.untried = new ArrayDeque<>(places);
    }

    /** Starts, on any thread; fails with a {@link TurnException} that says the most that any place has said. */
    CompletableFuture<R> start() {
        winner.whenComplete((won, failure) -> loop.execute(this::stop));
        loop.execute(this::tryNext);
        return winner;
    }

    private void tryNext() {
        cancelNext();
        ServerAddress place = untried.poll();
        if (place == null || winner.isDone()) {
            return;
        }
        run(place, MOST_NEW_PORTS);
        ServerAddress following = untried.peek();
        if (following != null) {
            next = loop.schedule(this::tryNext, place.headStartOver(following).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void run(ServerAddress place, int newPorts) {
        Runner<R> runner = factory.apply(place);
        running.add(runner);
        runner.outcome()
                .whenComplete((made, failure) -> loop.execute(() -> finished(place, newPorts, runner, made, failure)));
    }

    private void finished(
            ServerAddress place, int newPorts, Runner<R> runner, @Nullable R made, @Nullable Throwable failure) {
        running.remove(runner);
        if (made != null && winner.complete(made)) {
            return;
        }
        runner.release().run();
        if (!winner.isDone()) {
            failed(place, newPorts, failure(failure));
        }
    }

    private static TurnFailure failure(@Nullable Throwable failure) {
        return failure instanceof TurnException known
                ? known.failure()
                : new TurnFailure(TurnFailure.Kind.OTHER, 0, String.valueOf(failure));
    }

    private void failed(ServerAddress place, int newPorts, TurnFailure failure) {
        failures.put(place, failure);
        boolean portTaken = failure.kind() == TurnFailure.Kind.NEW_LOCAL_PORT_NEEDED;
        if (portTaken && newPorts > 0) {
            run(place, newPorts - 1); // a new socket has a new port (RFC 8656 §7.4)
            return;
        }
        if (failure.code() != 0 && !portTaken) {
            untried.removeIf(each -> each.address().equals(place.address())); // that server has spoken
        }
        if (!untried.isEmpty()) {
            tryNext();
        } else if (running.isEmpty()) {
            winner.completeExceptionally(new TurnException(mostTelling()));
        }
    }

    /** What a server has said, rather than that it said nothing, rather than that nothing leads there; of equals that of the best place. */
    private TurnFailure mostTelling() {
        return places.stream()
                .flatMap(place -> Optional.ofNullable(failures.get(place)).stream())
                .min(Comparator.comparingInt(AllocationRace::silence))
                .orElse(new TurnFailure(TurnFailure.Kind.UNREACHABLE, 0, "no address was tried"));
    }

    private static int silence(TurnFailure failure) {
        if (failure.code() != 0) {
            return 0;
        }
        return switch (failure.kind()) {
            case UNREACHABLE -> 3;
            case TIMED_OUT -> 2;
            default -> 1;
        };
    }

    private void cancelNext() {
        ScheduledFuture<?> scheduled = next;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }

    private void stop() {
        untried.clear();
        cancelNext();
        List.copyOf(running).forEach(each -> each.release().run());
    }
}
