// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of one peer's implementation beyond its candidates, learnt from its description and from messages that have
 * authenticated. Immutable. The names belong to the dialect that learns them.
 *
 * @param facts name to value; never null, unmodifiable
 */
public record RemoteTraits(Map<String, String> facts) {

    /** Nothing is known. */
    public static final RemoteTraits NONE = new RemoteTraits(Map.of());

    public RemoteTraits {
        facts = Map.copyOf(facts);
    }

    /** What is known under {@code name}. */
    public Optional<String> fact(String name) {
        return Optional.ofNullable(facts.get(name));
    }

    /** The same with {@code name} known to be {@code value}. */
    public RemoteTraits with(String name, String value) {
        if (value.equals(facts.get(name))) {
            return this;
        }
        Map<String, String> more = new TreeMap<>(facts);
        more.put(name, value);
        return new RemoteTraits(more);
    }
}
