// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import com.fasterxml.jackson.databind.JsonNode;

/** Carries to each of two peers what the other says of itself, for as long as they live: descriptions, candidates, and their end. */
final class Courier {

    private Courier() {}

    /** Begins to carry; {@code a} controls. */
    static void between(TalkingPeer a, TalkingPeer b) {
        a.onSaid(said -> carry(said, b, "controlled"));
        b.onSaid(said -> carry(said, a, "controlling"));
    }

    private static void carry(JsonNode said, TalkingPeer to, String role) {
        switch (said.path("event").asText()) {
            case "local" -> to.tell(Talk.remote(said, role));
            case "candidate" ->
                to.tell(TalkingPeer.command("candidate")
                        .put("candidate", said.path("candidate").asText()));
            case "end-of-candidates" -> to.tell(TalkingPeer.command("end-of-candidates"));
            default -> {
                // what else they say is for the test
            }
        }
    }
}
