// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.concurrent.atomic.AtomicInteger;
import org.icepath.ice.IceEvent;
import org.icepath.ice.engine.EventText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one session writes to the log, under its name: changes of state at INFO, what the application has to mend at WARN, all
 * else at DEBUG. Thread-safe.
 *
 * <p>Passwords and keys never get here: the values that carry them do not print them.
 */
final class SessionLog {

    private static final Logger LOG = LoggerFactory.getLogger("org.icepath.session");

    // An application whose receiver throws for each packet must not fill the disk.
    private static final int MOST_COMPLAINTS = 20;

    private final Logger log;
    private final String session;
    private final AtomicInteger complaints = new AtomicInteger();

    SessionLog(String session) {
        this(LOG, session);
    }

    SessionLog(Logger log, String session) {
        this.log = log;
        this.session = session;
    }

    /** An event that concerns all peers. */
    void event(IceEvent event) {
        write("", event);
    }

    /** An event of one peer. */
    void event(int peer, IceEvent event) {
        write(" peer " + peer, event);
    }

    private void write(String who, IceEvent event) {
        if (event instanceof IceEvent.StateChanged changed) {
            log.info("{}{}: {} -> {}", session, who, changed.from(), changed.to());
        } else if (event instanceof IceEvent.Overruled) {
            log.warn("{}{}: {}", session, who, EventText.of(event));
        } else if (log.isDebugEnabled()) {
            log.debug("{}{}: {}", session, who, EventText.of(event));
        }
    }

    void debug(String what) {
        log.debug("{}: {}", session, what);
    }

    void callbackThrew(Throwable thrown) {
        int number = complaints.incrementAndGet();
        if (number <= MOST_COMPLAINTS) {
            log.warn("{}: a callback of the application threw; the session goes on", session, thrown);
        }
    }
}
