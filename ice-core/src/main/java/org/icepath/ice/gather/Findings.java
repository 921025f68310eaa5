// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.icepath.sansio.Output;

/** What gathering has to tell: which candidates there are, which are missing and why, and what is due. Not thread-safe. */
final class Findings {

    private static final int MAX_MISSING = 200;

    private final GatherSettings settings;
    private final List<MissingCandidate> missing = new ArrayList<>();
    private final ArrayDeque<GatherEvent> events = new ArrayDeque<>(1);

    Findings(GatherSettings settings) {
        this.settings = settings;
    }

    void tell(GatherEvent event) {
        events.add(event);
    }

    void found(GatheredCandidate candidate) {
        tell(new GatherEvent.Found(candidate));
    }

    /** What was, or would have been, asked of a server from a base brings no candidate. */
    void miss(LocalBase local, Attempt.Kind kind, int server, String why) {
        String what = kind == Attempt.Kind.BINDING
                ? "server-reflexive candidate from " + settings.stunServers().get(server)
                : "relayed candidate from " + settings.turnServers().get(server);
        miss(new MissingCandidate(local.stream(), local.component(), what + " over " + local, why));
    }

    /** Takes what is missing, as long as the list of it is not too long; what was tried again in vain is there already. */
    void miss(MissingCandidate candidate) {
        if (missing.size() < MAX_MISSING && !missing.contains(candidate)) {
            missing.add(candidate);
            tell(new GatherEvent.Missed(candidate));
        }
    }

    /** What is not there; a view. */
    List<MissingCandidate> missing() {
        return Collections.unmodifiableList(missing);
    }

    void drainTo(Output<? super GatherEvent> out) {
        for (GatherEvent event = events.poll(); event != null; event = events.poll()) {
            out.event(event);
        }
    }
}
