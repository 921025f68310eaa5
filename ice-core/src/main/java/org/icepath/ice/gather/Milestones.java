// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.time.Duration;
import org.icepath.sansio.Timers;

/** How far gathering has come, and what is told of it: when the description is due, and when nothing more comes. Not thread-safe. */
final class Milestones {

    private enum Deadline {
        DESCRIPTION
    }

    private enum State {
        /** Nothing is asked for yet. */
        NEW,
        /** Candidates are awaited, and so is the description. */
        GATHERING,
        /** The description should be due, but there is no candidate yet. */
        OVERDUE,
        /** The description is due; candidates are still awaited. */
        DESCRIBED,
        /** Nothing more will come. */
        COMPLETE,
        /** Given up by the owner. */
        STOPPED
    }

    private final long deadlineNanos;
    private final boolean atOnce;
    private final Findings findings;
    private final Timers<Deadline> deadlines = new Timers<>(Deadline.class);
    private boolean overTime;
    private boolean full;
    private boolean fruitless;
    private State state = State.NEW;

    /**
     * Gathering has not begun.
     *
     * @param deadline when the description goes out with what there is
     * @param atOnce whether it goes out with the first candidate
     */
    Milestones(Duration deadline, boolean atOnce, Findings findings) {
        this.deadlineNanos = deadline.toNanos();
        this.atOnce = atOnce;
        this.findings = findings;
    }

    /** @throws IllegalStateException when it has begun already */
    void begin(long now) {
        if (state != State.NEW) {
            throw new IllegalStateException("gathering has begun already");
        }
        state = State.GATHERING;
        deadlines.set(Deadline.DESCRIPTION, now + deadlineNanos);
    }

    /**
     * Further candidates are awaited; when all was gathered before, it is told anew that it is. Where nothing was found so far, the
     * description is due anew, too, as if gathering began now.
     *
     * @throws IllegalStateException when gathering has not begun, or is stopped
     */
    void more(long now) {
        if (!gathers()) {
            throw new IllegalStateException("nothing is gathered: " + state);
        }
        if (fruitless) {
            fruitless = false;
            overTime = false;
            full = false;
            state = State.NEW;
            begin(now);
        } else if (state == State.COMPLETE) {
            state = State.DESCRIBED;
        }
    }

    /** Whether it was said that the description is due, and there was nothing to describe. */
    boolean isFruitless() {
        return fruitless;
    }

    void stop() {
        state = State.STOPPED;
        deadlines.clear();
    }

    boolean begun() {
        return state != State.NEW;
    }

    /** Whether it has begun and was not stopped. */
    boolean gathers() {
        return state != State.NEW && state != State.STOPPED;
    }

    /** Whether the description may go out. */
    boolean described() {
        return state == State.DESCRIBED || state == State.COMPLETE || state == State.STOPPED;
    }

    /** Whether nothing more will come. */
    boolean complete() {
        return state == State.COMPLETE || state == State.STOPPED;
    }

    long next() {
        return deadlines.next();
    }

    /**
     * Looks where gathering stands now, and tells what is new.
     *
     * @param nothingOpen whether nothing is awaited
     * @param any whether there is a candidate
     */
    void reached(long now, boolean nothingOpen, boolean any) {
        boolean done = begun() && nothingOpen;
        overTime |= deadlines.takeExpired(Deadline.DESCRIPTION, now);
        if (state == State.GATHERING && (atOnce || overTime)) {
            state = State.OVERDUE;
        }
        if (!described() && (done || state == State.OVERDUE && any)) {
            state = State.DESCRIBED;
            fruitless = !any;
            findings.tell(new GatherEvent.DescriptionDue());
        }
        if (fruitless && any && gathers()) {
            // a server that had put us off, perhaps
            fruitless = false;
            full = false;
            findings.tell(new GatherEvent.DescriptionDue());
        }
        if (!full && described() && (done || overTime)) {
            full = true;
            deadlines.clear();
            findings.tell(new GatherEvent.FullDescriptionDue());
        }
        if (state == State.DESCRIBED && done) {
            state = State.COMPLETE;
            findings.tell(new GatherEvent.Completed());
        }
    }
}
