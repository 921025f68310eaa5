// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.icepath.ice.IceConfig;
import org.icepath.sansio.Machine;

/**
 * When something is sent to a peer without ICE so that the NATs on the way stay open (RFC 8445 §11): a Binding indication (RFC 6263
 * §4.4), each Tr, whatever else leaves. Not thread-safe.
 */
final class PlainKeepalives {

    private final IceConfig config;
    private final RandomGenerator random;
    private long at = Machine.NEVER;
    private boolean due;

    PlainKeepalives(IceConfig config, RandomGenerator random) {
        this.config = config;
        this.random = random;
    }

    /** There are paths, or none any more. */
    void used(long now, boolean some) {
        if (!some) {
            at = Machine.NEVER;
            due = false;
        } else if (at == Machine.NEVER) {
            arm(now);
        }
    }

    private void arm(long now) {
        at = now + config.timings().keepalive().toNanos();
    }

    long nextTimeout() {
        return at;
    }

    void handleTimeout(long now) {
        if (now >= at) {
            due = true;
            arm(now);
        }
    }

    /** Whether one is due on each path; asked once. */
    boolean takeDue() {
        boolean taken = due;
        due = false;
        return taken;
    }

    ByteBuffer write() {
        return Keepalive.write(config, random);
    }
}
