// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/** The datagram that a machine is given: one object for all of them, so that the packet path allocates nothing. */
final class DatagramInput implements LongConsumer {

    private final Machine<?> machine;

    private @Nullable Base base;
    private @Nullable InetSocketAddress from;
    private @Nullable ByteBuffer payload;
    private long received;
    private long ignored;

    DatagramInput(Machine<?> machine) {
        this.machine = machine;
    }

    /** The next datagram; borrowed until it was given. */
    void is(Base at, InetSocketAddress sender, ByteBuffer datagram) {
        received++;
        base = at;
        from = sender;
        payload = datagram;
    }

    @Override
    public void accept(long now) {
        Base at = base;
        InetSocketAddress sender = from;
        ByteBuffer datagram = payload;
        if (at != null && sender != null && datagram != null && !machine.handle(now, at, sender, datagram)) {
            ignored++;
        }
    }

    /** How many there were. */
    long received() {
        return received;
    }

    /** How many of them the machine said were not its own. */
    long ignored() {
        return ignored;
    }
}
