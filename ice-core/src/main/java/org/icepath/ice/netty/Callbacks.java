// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.icepath.ice.IceEvent;

/**
 * Listeners of the application. Adding is thread-safe; telling is for the event loop.
 *
 * <p>{@link #call} is the one place where what an application throws is caught, errors as well: its bug, or a class that it lacks,
 * must not end the session, or the other sessions of the event loop.
 */
final class Callbacks {

    private final SessionLog log;
    private volatile List<Consumer<? super IceEvent>> listeners = List.of(); // a new one with each that is added

    Callbacks(SessionLog log) {
        this.log = log;
    }

    synchronized void add(Consumer<? super IceEvent> listener) {
        listeners = plus(listeners, listener);
    }

    /** The list with one more at its end. */
    static <T> List<T> plus(List<T> list, T another) {
        List<T> more = new ArrayList<>(list);
        more.add(another);
        return List.copyOf(more);
    }

    void tell(IceEvent event) {
        for (Consumer<? super IceEvent> listener : listeners) {
            call(log, listener, event);
        }
    }

    static <T> void call(SessionLog log, Consumer<? super T> callback, T argument) {
        try {
            callback.accept(argument);
        } catch (Throwable thrown) {
            log.callbackThrew(thrown);
        }
    }
}
