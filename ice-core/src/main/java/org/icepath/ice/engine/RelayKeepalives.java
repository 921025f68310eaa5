// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.icepath.ice.IceConfig;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.turn.AllocationState;

/**
 * Holds the NAT bindings open that idle relays' packets would come in by: refreshes alone are minutes apart, and NATs forget after half a
 * minute (RFC 4787 §4.3; the Binding indication is that of RFC 8445 §11). Not thread-safe.
 */
final class RelayKeepalives {

    private final IceConfig config;
    private final RandomGenerator random;
    private final RelayTable relays;
    private long at = Machine.NEVER;
    private boolean due;

    RelayKeepalives(IceConfig config, RandomGenerator random, RelayTable relays) {
        this.config = config;
        this.random = random;
        this.relays = relays;
    }

    /** There is a relay. */
    void begin(long now) {
        if (at == Machine.NEVER) {
            arm(now);
        }
    }

    private void arm(long now) {
        at = now + (long) (config.timings().keepalive().toNanos() * random.nextDouble(0.8, 1.0));
    }

    /** No relay is wanted any more. */
    void stop() {
        at = Machine.NEVER;
    }

    void handleTimeout(long now) {
        if (at <= now) {
            due = !relays.released();
            if (due) {
                arm(now);
            } else {
                stop();
            }
        }
    }

    long nextTimeout() {
        return at;
    }

    /** Sends what is due. */
    void drainTo(Output<?> out) {
        if (due) {
            due = false;
            for (int i = 0; i < relays.size(); i++) {
                if (isNeededBy(relays.get(i))) {
                    send(relays.get(i), out);
                }
            }
        }
    }

    private static boolean isNeededBy(Relay relay) {
        return relay.allocation().state() == AllocationState.ALLOCATED
                && !relay.serverBase().transport().reliable() // NATs keep connections for hours
                && relay.allocation().dialect().takesIndications();
    }

    private void send(Relay relay, Output<?> out) {
        ByteBuffer indication = Keepalive.write(config, random);
        out.transmit(relay.serverBase(), relay.allocation().serverAddress(), indication);
    }
}
