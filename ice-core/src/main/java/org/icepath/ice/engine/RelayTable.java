// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.icepath.sansio.Base;
import org.icepath.turn.AllocationState;
import org.jspecify.annotations.Nullable;

/** The relays of a session, found by their bases: all that stand or are asked for, and the last that have ended. Not thread-safe. */
final class RelayTable {

    /** How many that have ended are remembered: what was on its way to or from them may still come. */
    private static final int MOST_ENDED = 8;

    private final List<Relay> relays = new ArrayList<>(); // oldest first

    void add(Relay relay) {
        relays.add(relay);
    }

    /** How many are remembered. */
    int size() {
        return relays.size();
    }

    /** One by its place, the oldest at 0: packet paths go through them without an iterator. */
    Relay get(int place) {
        return relays.get(place);
    }

    /** All that are remembered, the oldest first; a live view. */
    List<Relay> all() {
        return Collections.unmodifiableList(relays);
    }

    /** The relay of a relayed base, or of a connection with a peer over one; null for any other, and when it has ended long ago. */
    @Nullable
    Relay find(Base base) {
        int number = RelayIds.numberOf(base);
        for (int i = 0; i < relays.size(); i++) {
            if (relays.get(i).number() == number) {
                return relays.get(i);
            }
        }
        return null;
    }

    /** Those that have a relayed address and were not released. */
    List<Relay> standing() {
        return relays.stream()
                .filter(relay -> !relay.ended() && relay.allocation().state() == AllocationState.ALLOCATED)
                .toList();
    }

    /** Those that have a relayed address, or may get one. */
    List<Relay> standingOrAsked() {
        return relays.stream().filter(relay -> !relay.ended()).toList();
    }

    /** Those of a component that have a relayed address, or may get one. */
    List<Relay> serving(int stream, int component) {
        return relays.stream()
                .filter(relay -> !relay.ended() && relay.serves(stream, component))
                .toList();
    }

    /** Whether every allocation is gone. */
    boolean released() {
        return relays.stream().allMatch(Relay::ended);
    }

    /** A session may outlive any number of relays: all but the last of those that have ended are forgotten. */
    void forgetEnded() {
        int ended = 0;
        for (int i = relays.size() - 1; i >= 0; i--) {
            ended += relays.get(i).ended() ? 1 : 0;
            if (ended > MOST_ENDED) {
                relays.remove(i);
                ended--;
            }
        }
    }
}
