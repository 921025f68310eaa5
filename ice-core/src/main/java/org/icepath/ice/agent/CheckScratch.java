// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.icepath.ice.CheckDialect;
import org.icepath.stun.auth.Integrity;

/**
 * Readers, writers and memory for the messages of checks. None is in use for longer than one call, so that all agents of one thread may
 * share them: they would be a quarter of an agent. Not thread-safe.
 */
public final class CheckScratch {

    /** Room for a check or an answer without its USERNAME, with what a dialect adds. */
    private static final int ROOM = 384;

    private final Map<CheckDialect, List<FormCodec>> codecs = new HashMap<>();
    private final Integrity integrity = new Integrity();
    private ByteBuffer buffer = ByteBuffer.allocate(ROOM);

    /** Scratch that nothing uses yet. */
    public CheckScratch() {}

    /** The forms that a dialect reads, most specific first. */
    List<FormCodec> codecs(CheckDialect dialect) {
        return codecs.computeIfAbsent(
                dialect,
                made -> made.readableForms().stream().map(FormCodec::new).toList());
    }

    Integrity integrity() {
        return integrity;
    }

    /** Memory for a message, until the next one is written. */
    ByteBuffer buffer(int usernameLength) {
        if (buffer.capacity() < ROOM + usernameLength) {
            buffer = ByteBuffer.allocate(ROOM + usernameLength);
        }
        return buffer.clear();
    }
}
