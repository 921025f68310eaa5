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
        miss(new MissingCandidate(local.stream(), local.component(), what(local, kind, server), why));
    }

    private String what(LocalBase local, Attempt.Kind kind, int server) {
        String what = kind == Attempt.Kind.BINDING
                ? "server-reflexive candidate from " + settings.stunServers().get(server)
                : "relayed candidate from " + settings.turnServers().get(server);
        return what + over(local);
    }

    private static String over(LocalBase local) {
        return " over " + local;
    }

    /** What was asked of a server from a base has come: it was missing at most for a while. */
    void came(LocalBase local, Attempt.Kind kind, int server) {
        if (!missing.isEmpty()) {
            MissingCandidate before =
                    new MissingCandidate(local.stream(), local.component(), what(local, kind, server), "");
            missing.removeIf(before::isOfOneWith);
        }
    }

    /** A base is gone: what servers have not given it concerns nobody any more. */
    void gone(LocalBase local) {
        missing.removeIf(each -> each.stream() == local.stream()
                && each.component() == local.component()
                && each.what().endsWith(over(local)));
    }

    /** Takes what is missing, as long as the list of it is not too long; what is missing still, for what was said last. */
    void miss(MissingCandidate candidate) {
        if (missing.contains(candidate)) {
            return;
        }
        missing.removeIf(candidate::isOfOneWith);
        if (missing.size() < MAX_MISSING) {
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
