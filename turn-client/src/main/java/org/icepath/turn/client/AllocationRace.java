// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.icepath.net.LocalAddresses;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnFailure;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one server, tried with a head start for each earlier one (RFC 8305 §5); the first that allocates wins, and the
 * others are released. Confined to one event loop.
 */
final class AllocationRace {

    private static final long HEAD_START_MILLIS = 250; // RFC 8305 §5, connection attempt delay
    private static final int MOST_NEW_PORTS = 2;

    private final ScheduledExecutorService loop;
    private final Function<ServerAddress, TurnRelay> factory;
    private final Queue<ServerAddress> untried;
    private final Set<TurnRelay> running = new HashSet<>();
    private final CompletableFuture<TurnRelay> winner = new CompletableFuture<>();
    private @Nullable ScheduledFuture<?> next;
    private TurnFailure lastFailure = new TurnFailure(TurnFailure.Kind.UNREACHABLE, 0, "no address was tried");
    private int newPorts;

    AllocationRace(
            ScheduledExecutorService loop, List<ServerAddress> addresses, Function<ServerAddress, TurnRelay> factory) {
        this.loop = loop;
        this.factory = factory;
        this.untried = new ArrayDeque<>(addresses);
    }

    /** Starts, on any thread. */
    CompletableFuture<TurnRelay> start() {
        winner.whenComplete((won, failure) -> loop.execute(() -> stop(won)));
        loop.execute(this::tryNext);
        return winner;
    }

    private void tryNext() {
        ScheduledFuture<?> scheduled = next;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        ServerAddress address = untried.poll();
        if (address == null || winner.isDone()) {
            return;
        }
        run(address);
        if (!untried.isEmpty()) {
            next = loop.schedule(this::tryNext, HEAD_START_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void run(ServerAddress address) {
        TurnRelay relay = factory.apply(address);
        running.add(relay);
        relay.open(LocalAddresses.anyFor(address.address().getAddress()))
                .whenComplete((made, failure) -> loop.execute(() -> finished(address, relay, made, failure)));
    }

    private void finished(
            ServerAddress address, TurnRelay relay, @Nullable TurnRelay made, @Nullable Throwable failure) {
        running.remove(relay);
        if (made != null) {
            if (!winner.complete(made)) {
                made.release();
            }
            return;
        }
        relay.release();
        if (failure instanceof TurnException known) {
            lastFailure = known.failure();
        }
        boolean portTaken = lastFailure.kind() == TurnFailure.Kind.NEW_LOCAL_PORT_NEEDED;
        if (portTaken && newPorts++ < MOST_NEW_PORTS && !winner.isDone()) {
            run(address); // a new socket has a new port (RFC 8656 §7.4)
        } else if (!untried.isEmpty()) {
            tryNext();
        } else if (running.isEmpty()) {
            winner.completeExceptionally(new TurnException(lastFailure));
        }
    }

    private void stop(@Nullable TurnRelay won) {
        untried.clear();
        ScheduledFuture<?> scheduled = next;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        List.copyOf(running).stream().filter(each -> each != won).forEach(TurnRelay::release);
    }
}
