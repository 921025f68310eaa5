// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;

/**
 * A machine on a host: gives it its packets and timers, drains it after every input that it does not call quiet, and keeps what it reports.
 *
 * @param <E> the machine's events
 */
public final class VirtualNode<E> {

    private static final int MOST_TIMEOUTS_AT_ONE_INSTANT = 10;
    private static final int HEADROOM = 40;
    private static final byte POISON = (byte) 0xDD;

    private final VirtualNetwork network;
    private final VirtualHost host;
    private final Machine<E> machine;
    private final List<TimedEvent<E>> events = new ArrayList<>();
    private final List<Unclaimed> unclaimed = new ArrayList<>();
    private final Output<E> output = new Driver();
    private Consumer<E> listener = event -> {};
    private long armed = Machine.NEVER;
    private long lastTimeout = Long.MIN_VALUE;
    private int timeoutsAtThisInstant;
    private boolean stopped;
    private boolean draining;

    VirtualNode(VirtualNetwork network, VirtualHost host, Machine<E> machine) {
        this.network = network;
        this.host = host;
        this.machine = machine;
    }

    /** What a test tells a machine: a command with its time. */
    @FunctionalInterface
    public interface Act<M> {

        /** Does it. */
        void on(long now, M machine);
    }

    /** A datagram that the machine said was not its own. */
    public record Unclaimed(long at, Base base, InetSocketAddress from, ByteBuffer payload) {}

    /** The machine. To command it, use {@link #act}, so that it is drained. */
    public Machine<E> machine() {
        return machine;
    }

    /** Gives the machine an input from the test, and drains it. */
    public void act(Act<? super Machine<E>> act) {
        input(act);
    }

    /** Gives a machine of a known class an input from the test, and drains it. */
    public <M extends Machine<E>> void act(Class<M> type, Act<? super M> act) {
        input((now, each) -> act.on(now, type.cast(each)));
    }

    /** Calls {@code consumer} with each event from now on, after the step that reported it. */
    public VirtualNode<E> onEvent(Consumer<E> consumer) {
        listener = listener.andThen(consumer);
        return this;
    }

    /** All events with their times, oldest first; a live view. */
    public List<TimedEvent<E>> timedEvents() {
        return Collections.unmodifiableList(events);
    }

    /** All events, oldest first. */
    public List<E> events() {
        return events.stream().map(TimedEvent::event).toList();
    }

    /** The events of one class, oldest first. */
    public <T> List<T> events(Class<T> type) {
        return events.stream()
                .map(TimedEvent::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** The first event of a class with its time. */
    public <T> Optional<TimedEvent<T>> first(Class<T> type) {
        return events.stream()
                .filter(timed -> type.isInstance(timed.event()))
                .findFirst()
                .map(timed -> new TimedEvent<>(timed.at(), type.cast(timed.event())));
    }

    /** Whether an event of this class has come. */
    public boolean has(Class<?> type) {
        return events.stream().anyMatch(timed -> type.isInstance(timed.event()));
    }

    /** The datagrams that the machine did not take, oldest first; a live view. */
    public List<Unclaimed> unclaimed() {
        return Collections.unmodifiableList(unclaimed);
    }

    /** Stops driving the machine, as if its process had died: its sockets stay bound and silent. */
    public void kill() {
        stopped = true;
    }

    void receive(Base base, InetSocketAddress from, byte[] payload) {
        input(
                (now, each) -> {
                    if (!lend(now, base, from, payload)) {
                        unclaimed.add(new Unclaimed(now, base, from, ByteBuffer.wrap(payload)));
                    }
                },
                machine::isQuiet);
    }

    void input(Act<? super Machine<E>> act) {
        input(act, () -> false);
    }

    private void input(Act<? super Machine<E>> act, BooleanSupplier quiet) {
        if (stopped) {
            return;
        }
        if (draining) {
            throw network.failure("input to " + this + " from within its own output");
        }
        host.stepping(this);
        int known = events.size();
        try {
            act.on(network.now(), machine);
            if (quiet.getAsBoolean()) {
                requireNoEarlierDeadline();
                return;
            }
            draining = true;
            machine.drainTo(output);
        } finally {
            draining = false;
            host.stepping(null);
        }
        arm();
        for (TimedEvent<E> timed : List.copyOf(events.subList(known, events.size()))) {
            listener.accept(timed.event());
        }
    }

    /** Lends a buffer that does not begin at 0, and sees to it that the machine neither changes nor keeps it. */
    private boolean lend(long now, Base base, InetSocketAddress from, byte[] payload) {
        ByteBuffer lent = ByteBuffer.allocate(payload.length + 2 * HEADROOM);
        lent.put(HEADROOM, payload).position(HEADROOM).limit(HEADROOM + payload.length);
        boolean taken = machine.handle(now, base, from, lent);
        boolean moved = lent.position() != HEADROOM || lent.limit() != HEADROOM + payload.length;
        if (moved || !Arrays.equals(lent.array(), HEADROOM, HEADROOM + payload.length, payload, 0, payload.length)) {
            throw network.failure(this + " changed a borrowed buffer");
        }
        Arrays.fill(lent.array(), POISON);
        return taken;
    }

    private void requireNoEarlierDeadline() {
        if (machine.nextTimeout() < armed) {
            throw network.failure(this + " says that it is quiet, and has an earlier deadline");
        }
    }

    private void arm() {
        long next = machine.nextTimeout();
        if (next == Machine.NEVER || (next >= armed && armed >= network.now())) {
            return;
        }
        armed = Math.max(next, network.now());
        long mine = armed;
        network.at(mine, () -> fire(mine));
    }

    private void fire(long at) {
        if (armed != at) {
            return;
        }
        armed = Machine.NEVER;
        if (machine.nextTimeout() > at) {
            arm();
            return;
        }
        timeoutsAtThisInstant = lastTimeout == at ? timeoutsAtThisInstant + 1 : 1;
        lastTimeout = at;
        if (timeoutsAtThisInstant > MOST_TIMEOUTS_AT_ONE_INSTANT) {
            throw network.failure(this + " has a deadline that handleTimeout does not move");
        }
        input((now, each) -> each.handleTimeout(now));
    }

    @Override
    public String toString() {
        long next = machine.nextTimeout();
        return machine.getClass().getSimpleName() + "@" + host + (stopped ? " (stopped)" : "") + ", next timeout "
                + (next == Machine.NEVER ? "never" : next + " ns") + ", events " + events;
    }

    private final class Driver implements Output<E> {

        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            if (base.transport().reliable()) {
                BaseStream stream = host.stream(base);
                if (stream != null) {
                    stream.send(payload);
                }
                return; // without a stream it has just ended; closed is on its way
            }
            Endpoint endpoint = host.endpoint(base.address());
            if (endpoint == null) {
                return; // the interface has just gone; baseLost is on its way
            }
            if (!(endpoint instanceof BaseSocket socket)
                    || socket.owner() != VirtualNode.this
                    || !socket.base().equals(base)) {
                throw network.failure(VirtualNode.this + " sends from " + base + ", which is not its own");
            }
            byte[] bytes = new byte[payload.remaining()];
            payload.get(payload.position(), bytes);
            host.send(socket, to, bytes);
        }

        @Override
        public void event(E event) {
            events.add(new TimedEvent<>(network.now(), event));
        }

        @Override
        public void open(Base base, InetSocketAddress to, Framing framing) {
            host.open(VirtualNode.this, base, to, framing);
        }

        @Override
        public void reframe(Base base, Framing framing) {
            BaseStream stream = host.stream(base);
            if (stream != null) {
                stream.reframe(framing);
            }
        }

        @Override
        public void close(Base base) {
            if (base.transport().reliable()) {
                host.closeTcp(base);
                return;
            }
            if (host.endpoint(base.address()) instanceof BaseSocket socket
                    && socket.base().equals(base)) {
                host.unbind(socket);
            }
        }
    }
}
