// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.icepath.ice.IceReport.Moment;

/** What happened in a session, in order and bounded: the beginning is kept, of the rest the latest. Not thread-safe. */
final class Timeline {

    private static final int FIRST = 200;
    private static final int LATEST = 200;
    private static final int SESSION = -1;

    private final List<Entry> first = new ArrayList<>();
    private final ArrayDeque<Entry> latest = new ArrayDeque<>();
    private long start;
    private long dropped;

    void start(long now) {
        start = now;
    }

    long startedAt() {
        return start;
    }

    void add(long now, String what) {
        add(now, SESSION, what);
    }

    void add(long now, int peer, String what) {
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

    /** All moments, or those of one peer and of the session; -1 for all. */
    List<Moment> moments(int peer) {
        List<Moment> moments = new ArrayList<>();
        first.stream().filter(each -> each.concerns(peer)).forEach(each -> moments.add(moment(each)));
        if (dropped > 0) {
            moments.add(
                    new Moment(age(latest.getFirst().at), "(" + dropped + " moments before this one are left out)"));
        }
        latest.stream().filter(each -> each.concerns(peer)).forEach(each -> moments.add(moment(each)));
        return moments;
    }

    private Moment moment(Entry entry) {
        return new Moment(age(entry.at), entry.what);
    }

    private record Entry(long at, int peer, String what) {
        boolean concerns(int wanted) {
            return wanted == SESSION || peer == SESSION || peer == wanted;
        }
    }
}
