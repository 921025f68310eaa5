// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import org.icepath.sansio.Machine;

/** Where a session stands, and the time of its latest input. Mutable; not thread-safe. */
final class SessionLife {

    private State state = State.NEW;
    private long now;
    private long deadline = Machine.NEVER;

    private enum State {
        NEW,
        OPEN,
        CLOSING,
        CLOSED
    }

    /** Takes the time of an input. */
    void enter(long at) {
        now = at;
    }

    /** The time of the latest input. */
    long now() {
        return now;
    }

    boolean isNew() {
        return state == State.NEW;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether the end has begun, or has come. */
    boolean isEnding() {
        return state == State.CLOSING || state == State.CLOSED;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** When closing waits no longer; {@link Machine#NEVER} at other times. */
    long deadline() {
        return deadline;
    }

    void open() {
        state = State.OPEN;
    }

    /** @param until when closing waits no longer */
    void closing(long until) {
        state = State.CLOSING;
        deadline = until;
    }

    void closed() {
        state = State.CLOSED;
        deadline = Machine.NEVER;
    }
}
