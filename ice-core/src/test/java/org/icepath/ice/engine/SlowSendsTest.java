// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.TransportType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.agent.ActivePair;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.junit.jupiter.api.Test;

/** Packets that wait for a drain must not grow without a bound, however fast the application sends. */
class SlowSendsTest {

    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.2", 5000);
    private static final Candidate CANDIDATE =
            Candidate.host(new Foundation("1"), Candidate.RTP, TransportType.UDP, 1, PEER);
    private static final ActivePair PAIR = new ActivePair(
            new CandidatePair(CANDIDATE, CANDIDATE, 0),
            new Base(1, Transport.UDP, new InetSocketAddress("192.0.2.1", 4000)),
            PEER);

    @Test
    void a257thPacketIsRefused() {
        SlowSends sends = new SlowSends();
        for (int i = 0; i < 256; i++) {
            assertThat(sends.add(PAIR, ByteBuffer.allocate(20))).isTrue();
        }

        assertThat(sends.add(PAIR, ByteBuffer.allocate(20))).isFalse();
    }
}
