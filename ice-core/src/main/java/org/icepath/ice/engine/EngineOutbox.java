// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayDeque;
import org.icepath.ice.IceEvent;
import org.icepath.sansio.Output;

/** What an engine has to tell its shell at the next drain; writes the timeline on the way. Not thread-safe. */
final class EngineOutbox {

    private final ArrayDeque<EngineEvent> events = new ArrayDeque<>(1);
    private final Timeline timeline = new Timeline();

    Timeline timeline() {
        return timeline;
    }

    void tell(EngineEvent event) {
        events.add(event);
    }

    void session(long now, IceEvent event) {
        timeline.add(now, () -> EventText.of(event));
        events.add(new EngineEvent.SessionEvent(event));
    }

    void peer(long now, int peer, IceEvent event) {
        timeline.add(now, peer, () -> EventText.of(event));
        events.add(new EngineEvent.PeerEvent(peer, event));
    }

    void drainTo(Output<? super EngineEvent> out) {
        for (EngineEvent event = events.poll(); event != null; event = events.poll()) {
            out.event(event);
        }
    }
}
