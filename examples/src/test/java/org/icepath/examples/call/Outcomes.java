// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.time.Duration;
import java.util.List;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceState;

/** Calls as they may have ended. */
final class Outcomes {

    private static final IceReport NO_STORY =
            new IceReport("ice-1", IceState.CLOSED, List.of(), List.of(), List.of(), List.of(), "Nobody answered.");

    private Outcomes() {}

    /** Both said ten packets, and heard them all. */
    static CallOutcome whole() {
        return of(alice(10, 0, 1_000));
    }

    /** As the whole one but for what alice said. */
    static CallOutcome of(CallOutcome.Direction alice) {
        CallOutcome.Direction bob = new CallOutcome.Direction("bob", "alice", 10, 10, 0, 0, Duration.ofMillis(20), "");
        return new CallOutcome(true, true, "direct", List.of(alice, bob), NO_STORY);
    }

    /** What alice said: ten packets. */
    static CallOutcome.Direction alice(long received, long duplicated, long longestSilenceMillis) {
        return new CallOutcome.Direction(
                "alice",
                "bob",
                10,
                received,
                duplicated,
                2,
                Duration.ofMillis(longestSilenceMillis),
                received == 10 ? "" : received + "-9");
    }

    /** Nobody heard anything. */
    static CallOutcome silent() {
        return new CallOutcome(false, true, "nowhere", whole().directions(), NO_STORY);
    }

    /** What a dialect has to agree on in the end was not agreed on. */
    static CallOutcome disagreed() {
        return new CallOutcome(true, false, "direct", whole().directions(), NO_STORY);
    }

    static CallOutcome with(IceReport report) {
        return new CallOutcome(true, true, "direct", whole().directions(), report);
    }
}
