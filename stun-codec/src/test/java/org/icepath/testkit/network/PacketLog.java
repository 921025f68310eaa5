// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.icepath.testkit.network.PacketEvent.Fate;

/** All that happened to packets, in the order of time, and taps that hear of it as it happens. */
public final class PacketLog {

    private final List<PacketEvent> events = new ArrayList<>();
    private final List<Consumer<PacketEvent>> taps = new ArrayList<>();
    private int capacity = 1_000_000;

    PacketLog() {}

    /**
     * Calls {@code tap} with every event from now on. A tap must not send or drive machines; {@link VirtualNetwork#at} can do that.
     */
    public void tap(Consumer<PacketEvent> tap) {
        taps.add(tap);
    }

    /** Keeps at most so many events, by forgetting the older half when it is full; 0 keeps none. A million by default. */
    public void capacity(int most) {
        capacity = most;
    }

    /** All events that are kept; a live view. */
    public List<PacketEvent> events() {
        return Collections.unmodifiableList(events);
    }

    /** The events of one kind. */
    public List<PacketEvent> events(Fate fate) {
        return select(event -> event.fate() == fate);
    }

    /** What the host of this name handed to the network. */
    public List<PacketEvent> sentBy(String host) {
        return select(event -> event.fate() == Fate.SENT && event.where().equals(host));
    }

    /** What sockets of the host of this name received. */
    public List<PacketEvent> deliveredTo(String host) {
        return select(event -> event.fate() == Fate.DELIVERED && event.where().equals(host));
    }

    /** The events that {@code condition} picks. */
    public List<PacketEvent> select(Predicate<PacketEvent> condition) {
        return events.stream().filter(condition).toList();
    }

    /** Forgets all events, to look at the next part of a run alone. */
    public void clear() {
        events.clear();
    }

    void add(PacketEvent event) {
        if (events.size() >= capacity) {
            events.subList(0, (events.size() + 1) / 2).clear();
        }
        if (capacity > 0) {
            events.add(event);
        }
        for (Consumer<PacketEvent> tap : taps) {
            tap.accept(event);
        }
    }

    /** The last events, for a dump. */
    List<PacketEvent> tail(int count) {
        return events.subList(Math.max(0, events.size() - count), events.size());
    }
}
