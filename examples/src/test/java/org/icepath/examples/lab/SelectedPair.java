// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** A selected pair as two candidate lines, the way a peer's {@code selected} event tells it. */
record SelectedPair(String local, String remote) {

    static Optional<SelectedPair> read(JsonNode selected) {
        if (!selected.has("local") || !selected.has("remote")) {
            return Optional.empty();
        }
        return Optional.of(new SelectedPair(
                selected.path("local").asText(), selected.path("remote").asText()));
    }

    String localType() {
        return word(local, 7);
    }

    String remoteType() {
        return word(remote, 7);
    }

    String types() {
        return localType() + "-" + remoteType();
    }

    boolean has(String type) {
        return localType().equals(type) || remoteType().equals(type);
    }

    /** Whether both candidates are of TCP. */
    boolean isTcp() {
        return word(local, 2).equalsIgnoreCase("tcp") && word(remote, 2).equalsIgnoreCase("tcp");
    }

    /** Whether both addresses begin with a prefix. */
    boolean within(String prefix) {
        return word(local, 4).startsWith(prefix) && word(remote, 4).startsWith(prefix);
    }

    // candidate:1 1 UDP 2015363327 10.77.1.2 54691 typ host
    private static String word(String candidate, int index) {
        String[] words = candidate.split(" ", -1);
        return index < words.length ? words[index] : "?";
    }
}
