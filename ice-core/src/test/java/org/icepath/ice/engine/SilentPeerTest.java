// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.icepath.ice.gather.MissingCandidate;
import org.junit.jupiter.api.Test;

/** Why nothing came of a peer. */
class SilentPeerTest {

    // With TCP candidates a server over UDP is missed as a relay
    // of connections at once, and of datagrams when it was silent.
    @Test
    void whatIsMissingForDatagramsIsToldBeforeWhatIsMissingForConnections() {
        SilentPeer silent = new SilentPeer(
                List.of(),
                List.of(),
                List.of(
                        new MissingCandidate(0, 1, "relayed candidate from a over TCP passive 192.0.2.1", "over UDP"),
                        new MissingCandidate(0, 1, "relayed candidate from a over 192.0.2.1", "no answer in 9.5 s")));

        assertThat(silent.why()).contains("no answer in 9.5 s");
    }
}
