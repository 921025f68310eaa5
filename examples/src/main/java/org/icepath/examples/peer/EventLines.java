// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.sdp.CandidateLine;

/** What happens in the session, as lines of the protocol. Called on the session's event loop. */
final class EventLines {

    private final JsonLines out;
    private final Stopwatch stopwatch;
    private final Supplier<Optional<IceRole>> role;

    /** @param role our role towards the remote, once there is one */
    EventLines(JsonLines out, Stopwatch stopwatch, Supplier<Optional<IceRole>> role) {
        this.out = out;
        this.stopwatch = stopwatch;
        this.role = role;
    }

    void on(IceEvent event) {
        if (event instanceof IceEvent.StateChanged changed) {
            state(changed.to());
        } else if (event instanceof IceEvent.PathChanged changed) {
            selected(changed);
        } else if (event instanceof IceEvent.Failed failed) {
            out.emit(JsonLines.event("failure")
                    .put("kind", failed.failure().kind().name())
                    .put("message", failed.failure().explanation())
                    .put("t_ms", stopwatch.milliseconds()));
        } else if (event instanceof IceEvent.RoleChanged changed) {
            out.emit(JsonLines.event("role").put("role", name(changed.role())).put("t_ms", stopwatch.milliseconds()));
        }
    }

    private void state(IceState state) {
        if (state != IceState.WAITING) {
            out.emit(JsonLines.event("state")
                    .put("state", state.name().toLowerCase(Locale.ROOT))
                    .put("t_ms", stopwatch.milliseconds()));
        }
    }

    private void selected(IceEvent.PathChanged changed) {
        CandidatePair pair = changed.to();
        ObjectNode event = JsonLines.event("selected")
                .put("component", changed.component())
                .put("local", CandidateLine.format(pair.local()))
                .put("remote", CandidateLine.format(pair.remote()))
                .put("t_ms", stopwatch.milliseconds());
        role.get().ifPresent(known -> event.put("role", name(known)));
        out.emit(event.put("cause", changed.cause().name().toLowerCase(Locale.ROOT)));
    }

    private static String name(IceRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
