// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;

/** Events as JSON objects, one a line. Thread-safe: lines never mix. */
final class JsonLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;

    JsonLines(PrintStream out) {
        this.out = out;
    }

    /** A new event, to be filled and given to {@link #emit}. */
    static ObjectNode event(String name) {
        return JSON.createObjectNode().put("event", name);
    }

    /** Writes an event. */
    void emit(ObjectNode event) {
        synchronized (out) {
            out.println(event);
            out.flush();
        }
    }

    /** Writes an {@code error} event. */
    void error(String message) {
        emit(event("error").put("message", message));
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is not a JSON object
     */
    static JsonNode read(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("not a JSON object");
    }
}
