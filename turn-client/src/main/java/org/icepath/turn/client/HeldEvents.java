// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.icepath.turn.TurnEvent;
import org.jspecify.annotations.Nullable;

/**
 * What an allocation has reported before anybody could listen: what the server has refused is told together with the relayed address.
 * Confined to the event loop.
 */
final class HeldEvents {

    private static final int MOST_HELD = 64;

    private final Queue<TurnEvent> held = new ArrayDeque<>();
    private @Nullable Consumer<TurnEvent> listener;

    /** Tells the listener, or keeps it for the first one; of more than 64 those that came first. */
    void tell(TurnEvent event) {
        Consumer<TurnEvent> known = listener;
        if (known != null) {
            known.accept(event);
        } else if (held.size() < MOST_HELD) {
            held.add(event);
        }
    }

    /** Tells {@code next} what is held, and what comes from now on. */
    void listen(Consumer<TurnEvent> next) {
        listener = next;
        for (TurnEvent event = held.poll(); event != null; event = held.poll()) {
            next.accept(event);
        }
    }
}
