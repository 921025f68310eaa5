// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/** What two peers are told, so that they connect and talk. */
final class Talk {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Talk() {}

    /** Carries the descriptions over and waits until both are nominated; says what went wrong, or nothing. */
    static String connect(Disturbance.Conversation conversation) throws InterruptedException {
        Optional<JsonNode> a = conversation.a().await(PATIENCE, TalkingPeer.event("local"));
        Optional<JsonNode> b = conversation.b().await(PATIENCE, TalkingPeer.event("local"));
        if (a.isEmpty() || b.isEmpty()) {
            return "no description: " + conversation.a().text()
                    + conversation.b().text();
        }
        conversation.b().tell(remote(a.get(), "controlled"));
        conversation.a().tell(remote(b.get(), "controlling"));
        boolean connected =
                conversation.a().await(PATIENCE, TalkingPeer.state("completed")).isPresent()
                        && conversation
                                .b()
                                .await(PATIENCE, TalkingPeer.state("completed"))
                                .isPresent();
        return connected ? "" : "not connected";
    }

    /** A description as the other side is told it. */
    static JsonNode remote(JsonNode local, String role) {
        ObjectNode remote = local.deepCopy();
        remote.remove("event");
        return remote.put("cmd", "remote").put("role", role);
    }

    /** A packet each way. */
    static void speak(Disturbance.Conversation conversation) {
        JsonNode packet = TalkingPeer.command("send").put("component", 1).put("data", "gAAAAAAAAAAAAAAAAAAAAA==");
        conversation.a().speak(packet);
        conversation.b().speak(packet);
    }
}
