// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;

/**
 * What a machine wants done. Everything here on the event loop.
 *
 * @param <E> the machine's events
 */
final class Effects<E> implements Output<E> {

    private final MachineDriver<E> driver;
    private final Consumer<? super E> events;

    private long dropped;
    private boolean transmitted;

    Effects(MachineDriver<E> driver, Consumer<? super E> events) {
        this.driver = driver;
        this.events = events;
    }

    /** Whether something has left since this was asked last. */
    boolean takeTransmitted() {
        boolean some = transmitted;
        transmitted = false;
        return some;
    }

    /** How many datagrams were to leave from a base whose socket is gone. */
    long dropped() {
        return dropped;
    }

    @Override
    public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
        if (driver.transmit(base, to, payload)) {
            transmitted = true;
        } else {
            dropped++;
        }
    }

    @Override
    public void event(E event) {
        try {
            events.accept(event);
        } catch (Throwable thrown) {
            driver.fault(thrown); // what the machine wants besides is to be done all the same
        }
    }

    @Override
    public void open(Base base, InetSocketAddress to, Framing framing) {
        driver.connections().open(base, to, framing);
    }

    @Override
    public void reframe(Base base, Framing framing) {
        driver.connections().reframe(base, framing);
    }

    @Override
    public void close(Base base) {
        driver.release(base);
    }
}
