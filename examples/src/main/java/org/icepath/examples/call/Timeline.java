// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.PrintWriter;
import java.util.Locale;

/** What happens in a call, printed when it happens. Thread-safe. */
final class Timeline {

    private final PrintWriter out;
    private volatile long begunAt = System.nanoTime();

    Timeline(PrintWriter out) {
        this.out = out;
    }

    /** Sets the time to zero. */
    void begin() {
        begunAt = System.nanoTime();
    }

    /**
     * Prints a moment.
     *
     * @param who a phone, or empty when nobody did it
     */
    void say(String who, String what) {
        synchronized (out) { // so that times stand in their order
            line(String.format(Locale.ROOT, "  %8.3f s  %-7s %s", (System.nanoTime() - begunAt) / 1e9, who, what));
        }
    }

    /** Prints a line without a time. */
    void line(String text) {
        synchronized (out) {
            out.println(text);
            out.flush();
        }
    }
}
