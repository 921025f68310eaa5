// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.icepath.ice.engine.CandidateConnection.Ends;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/** The connections of a session's TCP candidates, found by their ends and by what the shell calls them. Not thread-safe. */
final class ConnectionTable {

    // Maps are made with the first connection: most of ten thousand sessions speak UDP alone.
    private Map<Base, CandidateConnection> byBase = Map.of();
    private Map<Ends, CandidateConnection> byEnds = Map.of();

    /** Whichever leads from a candidate to a peer. */
    @Nullable
    CandidateConnection between(Ends ends) {
        return byEnds.get(ends);
    }

    /** The one that the shell, or a relay, calls so. */
    @Nullable
    CandidateConnection named(Base base) {
        return byBase.get(base);
    }

    void add(CandidateConnection connection) {
        if (byEnds.isEmpty()) {
            byBase = new HashMap<>();
            byEnds = new LinkedHashMap<>();
        }
        byEnds.put(connection.ends(), connection);
        Base base = connection.base();
        if (base != null) {
            name(base, connection);
        }
    }

    /** One of these is called so from now on. */
    void name(Base base, CandidateConnection connection) {
        byBase.put(base, connection);
    }

    void remove(CandidateConnection connection) {
        Base base = connection.base();
        if (base != null) {
            byBase.remove(base);
        }
        byEnds.remove(connection.ends(), connection);
    }

    void clear() {
        byBase = Map.of();
        byEnds = Map.of();
    }

    int size() {
        return byEnds.size();
    }

    /** All of them, the oldest first; not a live view. */
    List<CandidateConnection> all() {
        return List.copyOf(byEnds.values());
    }

    /** What they are called; a live view. */
    Collection<Base> names() {
        return byBase.keySet();
    }

    /** The oldest of those of whom nobody knows the peer. */
    Optional<CandidateConnection> oldestStranger() {
        return byEnds.values().stream()
                .filter(connection -> !connection.isIdentified())
                .findFirst();
    }
}
