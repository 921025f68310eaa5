// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;

/**
 * What came of a meeting, as {@code meet} saw it.
 *
 * @param connected whether both sides were connected
 * @param milliseconds from the remote descriptions until both were; -1 if they were not
 * @param a the pair that the controlling side selected, as it says
 * @param b the pair that the controlled side selected
 * @param complaint why it is not as it must be for every meeting that connects; empty if it is
 * @param log every line that the two programs said
 */
record Outcome(
        boolean connected,
        double milliseconds,
        Optional<SelectedPair> a,
        Optional<SelectedPair> b,
        String complaint,
        String log) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Outcome of(Command.Result result) {
        JsonNode said;
        try {
            said = JSON.readTree(result.output());
        } catch (JsonProcessingException e) {
            said = JSON.missingNode();
        }
        if (!said.has("connected")) {
            String why = result.exit() < 0 ? "the meeting did not end" : "meet broke: " + lastLine(result.errors());
            return new Outcome(false, -1, Optional.empty(), Optional.empty(), why, result.errors());
        }
        boolean connected = said.path("connected").asBoolean();
        double ms = Math.max(
                said.at("/a/connected_ms").asDouble(-1),
                said.at("/b/connected_ms").asDouble(-1));
        return new Outcome(
                connected,
                connected ? ms : -1,
                SelectedPair.read(said.at("/a/selected/1")),
                SelectedPair.read(said.at("/b/selected/1")),
                complaint(said),
                result.errors());
    }

    private static String complaint(JsonNode said) {
        if (!said.path("connected").asBoolean()) {
            return "not connected: " + said.path("why").asText("no reason given");
        }
        for (String way : new String[] {"a_to_b", "b_to_a"}) {
            // null: a side cannot send, or is not able to receive
            JsonNode crossed = said.path("data").path(way);
            if (crossed.isBoolean() && !crossed.asBoolean()) {
                return "no data " + way.replace('_', ' ');
            }
        }
        if (said.has("held") && !said.path("held").asBoolean()) {
            return "did not stay connected";
        }
        return "";
    }

    private static String lastLine(String text) {
        String[] lines = text.strip().split("\n", -1);
        return lines[lines.length - 1];
    }

    /** The selected pair in short, for tables: {@code srflx-srflx}, the controlling side's view. */
    String types() {
        return a.or(() -> b).map(SelectedPair::types).orElse("none");
    }
}
