// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a peer prints, to be waited for. */
final class Lines {

    private final BlockingQueue<JsonNode> printed = new LinkedBlockingQueue<>();

    /** Where the peer prints to. */
    PrintStream stream() {
        return new PrintStream(
                new OutputStream() {
                    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

                    @Override
                    public void write(int value) {
                        if (value == '\n') {
                            printed.add(JsonLines.read(line.toString(StandardCharsets.UTF_8)));
                            line.reset();
                        } else {
                            line.write(value);
                        }
                    }
                },
                true,
                StandardCharsets.UTF_8);
    }

    /** The next event of this name; the others before it are passed over. */
    JsonNode next(String event) throws InterruptedException {
        return next(node -> node.path("event").asText().equals(event), event);
    }

    /** The next event that fits. */
    JsonNode next(Predicate<JsonNode> fits, String what) throws InterruptedException {
        for (JsonNode node = poll(); node != null; node = poll()) {
            if (fits.test(node)) {
                return node;
            }
        }
        throw new AssertionError("no " + what + " within 30 s");
    }

    private @Nullable JsonNode poll() throws InterruptedException {
        return printed.poll(30, TimeUnit.SECONDS);
    }
}
