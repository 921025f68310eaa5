// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.time.Duration;
import java.util.List;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.Pacer;
import org.icepath.sdp.SdpDialect;
import org.icepath.stun.StunDialect;

/** Settings as a session has them that was told no others. */
final class UsualSettings {

    private UsualSettings() {}

    static GatherSettings servers(List<String> stun, List<String> turn) {
        return filtered(List.of(), stun, turn);
    }

    static GatherSettings filtered(List<CandidateFilter> filters, List<String> stun, List<String> turn) {
        return of(filters, stun, turn, 20, SdpDialect.RFC8839);
    }

    static GatherSettings of(
            List<CandidateFilter> filters, List<String> stun, List<String> turn, int maxCandidates, SdpDialect sdp) {
        return new GatherSettings(
                filters,
                stun,
                turn,
                StunDialect.RFC8489,
                Pacer.shared(),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofSeconds(15),
                Duration.ofMillis(500),
                false,
                maxCandidates,
                List.of(),
                sdp,
                false);
    }
}
