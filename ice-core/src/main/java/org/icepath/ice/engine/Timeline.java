// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.icepath.ice.IceReport.Moment;

/**
 * What happened in a session, in order and bounded: the beginning is kept, of the rest the latest. It is put into words when somebody
 * wants to read it, which for most sessions nobody does. Not thread-safe.
 */
final class Timeline {

    private static final int FIRST = 200;
    private static final int LATEST = 200;
    private static final int SESSION = -1;

    private final List<Entry> first = new ArrayList<>();
    private final ArrayDeque<Entry> latest = new ArrayDeque<>(0);
    private long start;
    private long dropped;

    void start(long now) {
        start = now;
    }

    long startedAt() {
        return start;
    }

    /** @param what says what happened, from immutable values: it is asked later, on any thread */
    void add(long now, Supplier<String> what) {
        add(now, SESSION, what);
    }

    /** As {@link #add(long, Supplier)}, for one peer. */
    void add(long now, int peer, Supplier<String> what) {
        Entry entry = new Entry(now, peer, what);
        if (first.size() < FIRST) {
            first.add(entry);
            return;
        }
        latest.add(entry);
        if (latest.size() > LATEST) {
            latest.remove();
            dropped++;
        }
    }

    /** How long the session has been there. */
    Duration age(long now) {
        return Duration.ofNanos(now - start);
    }

    /** All that happened so far, or what concerns one peer and the session; -1 for all. */
    Extract extract(int peer) {
        List<Entry> entries = new ArrayList<>(first.size() + latest.size() + 1);
        first.stream().filter(each -> each.concerns(peer)).forEach(entries::add);
        if (dropped > 0) {
            long left = dropped;
            entries.add(
                    new Entry(latest.getFirst().at, peer, () -> "(" + left + " moments before this one are left out)"));
        }
        latest.stream().filter(each -> each.concerns(peer)).forEach(entries::add);
        return new Extract(start, entries);
    }

    /** A part of a timeline as it was at one moment. Immutable; may be read on any thread. */
    record Extract(long start, List<Entry> entries) {

        Extract {
            entries = List.copyOf(entries);
        }

        /** The same in words. */
        List<Moment> moments() {
            return entries.stream()
                    .map(each -> new Moment(Duration.ofNanos(each.at - start), Math.max(0, each.peer), each.what.get()))
                    .toList();
        }
    }

    private record Entry(long at, int peer, Supplier<String> what) {
        boolean concerns(int wanted) {
            return wanted == SESSION || peer == SESSION || peer == wanted;
        }
    }
}
