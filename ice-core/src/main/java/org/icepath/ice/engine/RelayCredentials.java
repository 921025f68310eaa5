// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnEvent;

/**
 * The credentials of TURN servers that last only for a while: whoever supplies them is asked once for all allocations of a session, and
 * what he says serves those that stand and those to come. Not thread-safe.
 */
final class RelayCredentials {

    /** As long as an allocation waits for them. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final EngineOutbox outbox;
    private final RelayTable relays;
    private final Map<Integer, Supplied> latest = new HashMap<>();
    private final Map<Integer, Long> askedAt = new HashMap<>();

    /** What was supplied, and when. */
    private record Supplied(TurnCredentials credentials, long at) {

        /** With the time that is left until they are to be renewed. */
        TurnCredentials remaining(long now) {
            return credentials
                    .renewAfter()
                    .map(time -> credentials.renewedAfter(Duration.ofNanos(Math.max(0, time.toNanos() - (now - at)))))
                    .orElse(credentials);
        }
    }

    RelayCredentials(EngineOutbox outbox, RelayTable relays) {
        this.outbox = outbox;
        this.relays = relays;
    }

    /** An allocation waits for other credentials, or is to have others soon. */
    void wanted(long now, Relay relay, TurnEvent.CredentialsWanted wanted) {
        int server = relay.request().server();
        Long before = askedAt.get(server);
        if (before == null || now - before >= PATIENCE_NANOS) {
            askedAt.put(server, now);
            outbox.timeline()
                    .add(
                            now,
                            () -> relay + " wants credentials: "
                                    + wanted.failure().detail());
            outbox.tell(new EngineEvent.CredentialsWanted(server, wanted));
        }
    }

    void supplied(long now, int server, TurnCredentials credentials) {
        askedAt.remove(server);
        latest.put(server, new Supplied(credentials, now));
        toAll(now, server, (allocation, at) -> allocation.use(at, credentials));
    }

    void refused(long now, int server, String why) {
        askedAt.remove(server);
        toAll(now, server, (allocation, at) -> allocation.useNone(at, why));
    }

    private void toAll(long now, int server, ObjLongConsumer<TurnAllocation> answer) {
        relays.standingOrAsked().stream()
                .filter(relay -> relay.request().server() == server)
                .forEach(relay -> answer.accept(relay.allocation(), now));
    }

    /** Gives an allocation that is about to be asked for what its server has taken last. */
    void prime(long now, Relay relay) {
        Supplied known = latest.get(relay.request().server());
        if (known != null) {
            relay.allocation().use(now, known.remaining(now));
        }
    }
}
