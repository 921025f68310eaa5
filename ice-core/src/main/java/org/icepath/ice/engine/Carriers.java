// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.PathChange;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.agent.AgentEvent;
import org.icepath.ice.agent.PairSnapshot;

/**
 * Which generation carries each path of a peer. An earlier one does until a later one has selected its pairs (RFC 8445 §9), or until
 * it has no pair left and a later one has. What the others say of their paths is not heard. Not thread-safe.
 */
final class Carriers {

    private final PeerPaths paths;
    private final Generations generations;
    private final Map<Place, PeerGeneration> carriers = new HashMap<>(2);

    private record Place(int stream, int component) {}

    Carriers(PeerPaths paths, Generations generations) {
        this.paths = paths;
        this.generations = generations;
    }

    /** Another stream takes a place. */
    void forget(int stream) {
        carriers.keySet().removeIf(place -> place.stream() == stream);
    }

    /** No generation carries anything any more. */
    void clear() {
        carriers.clear();
    }

    void ready(long now, PeerGeneration generation, AgentEvent.Ready event) {
        if (claims(generation, event.stream(), event.component())) {
            paths.ready(now, event.stream(), event.component(), event.pair().of(generation.number()));
        }
    }

    void changed(long now, PeerGeneration generation, AgentEvent.PathChanged event) {
        if (claims(generation, event.stream(), event.component())) {
            Optional<CandidatePair> from = event.from().map(ActivePair::pair);
            ActivePair to = event.to().of(generation.number());
            paths.change(now, event.stream(), event.component(), from, to, event.cause());
        }
    }

    void consentLost(long now, PeerGeneration generation, AgentEvent.ConsentLost event) {
        if (carries(generation, event.stream(), event.component())) {
            paths.consentLost(
                    now, event.stream(), event.component(), event.pair().of(generation.number()));
        }
    }

    /** The carrier has nothing left: a later generation goes on, if it has a valid pair. */
    void lost(long now, PeerGeneration generation, AgentEvent.NoPath event) {
        if (!carries(generation, event.stream(), event.component())) {
            return;
        }
        paths.lost(event.stream(), event.component());
        for (PeerGeneration later : generations.all()) {
            if (later.number() > generation.number()) {
                carryOn(now, later, event.stream(), event.component(), PathChange.FAILOVER);
            }
        }
    }

    /** A stream is selected in a generation that is in force from now on: all its components move together. */
    void takeOver(long now, PeerGeneration generation, int stream) {
        generation.streams().stream()
                .filter(layout -> layout.index() == stream)
                .flatMap(layout -> layout.components().stream())
                .filter(component -> !carries(generation, stream, component))
                .forEach(component -> carryOn(now, generation, stream, component, PathChange.RESTART));
    }

    /** All pairs, those of the latest generation first; of those that agents use, the ones that carry packets are in use. */
    List<PairSnapshot> pairs(long now) {
        List<PairSnapshot> pairs = new ArrayList<>();
        for (int i = generations.all().size() - 1; i >= 0; i--) {
            PeerGeneration generation = generations.all().get(i);
            for (PairSnapshot pair : generation.agent().snapshot(now).pairs()) {
                pairs.add(pair.of(generation.number(), carries(generation, pair.stream(), pair.component())));
            }
        }
        return pairs;
    }

    private void carryOn(long now, PeerGeneration generation, int stream, int component, PathChange cause) {
        generation.agent().current(stream, component).ifPresent(pair -> {
            Optional<CandidatePair> from = paths.active(stream, component).map(ActivePair::pair);
            carriers.put(new Place(stream, component), generation);
            paths.change(now, stream, component, from, pair.of(generation.number()), cause);
        });
    }

    private boolean carries(PeerGeneration generation, int stream, int component) {
        return generation == carriers.get(new Place(stream, component));
    }

    private boolean claims(PeerGeneration generation, int stream, int component) {
        Place place = new Place(stream, component);
        PeerGeneration carrier = carriers.get(place);
        boolean free = carrier == null
                || carrier.number() < generation.number()
                        && paths.active(stream, component).isEmpty();
        if (free) {
            carriers.put(place, generation);
        }
        return free || Objects.equals(carrier, generation);
    }
}
