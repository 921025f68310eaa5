// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceReport;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;

/** Two phones on one network, without servers. */
class LanCallTest {

    private static final Duration SIGNALLING = Duration.ofMillis(20);

    private final VirtualNetwork network = new VirtualNetwork(1);
    private final Zone lan = network.zone("lan");

    private VirtualPhone phone(String name, String address, IceConfig config) {
        return new VirtualPhone(network, lan.host(name, address), config);
    }

    // RFC 8445 §8.1.1: with one pair that works, nothing is waited for
    @Test
    void twoPhonesOnOneLanSelectTheHostPairAtOnce() {
        IceConfig config = IceConfig.create().stream("audio", 1);
        VirtualCall call = VirtualCall.start(
                network, phone("alice", "192.168.1.10", config), phone("bob", "192.168.1.11", config), SIGNALLING);

        assertThat(call.runUntilCompleted(Duration.ofSeconds(1)))
                .as(network::dump)
                .isTrue();

        assertThat(Duration.ofNanos(network.now())).isLessThan(Duration.ofMillis(150));
        IceEvent.PathReady ready = call.caller().heard(IceEvent.PathReady.class).get(0);
        assertThat(ready.pair().remote().type()).isEqualTo(CandidateType.HOST);
    }

    // RFC 8445 §12.1: data may be sent on any valid pair, before nomination
    @Test
    void packetsFlowBothWaysFromTheFirstValidPairOn() {
        IceConfig config = IceConfig.create().stream("audio", 1, 2);
        VirtualCall call = VirtualCall.start(
                network, phone("alice", "192.168.1.10", config), phone("bob", "192.168.1.11", config), SIGNALLING);
        PacketFlow there = call.toCallee(Duration.ofMillis(1));
        PacketFlow back = call.toCaller(Duration.ofMillis(1));

        network.runFor(Duration.ofSeconds(1));
        there.stop();
        back.stop();
        network.runFor(Duration.ofSeconds(1));

        assertThat(there.sent()).isGreaterThan(900);
        assertThat(back.sent()).isGreaterThan(900);
        assertThat(there.lost() + back.lost() + there.duplicated() + back.duplicated())
                .isZero();
    }

    @Test
    void theReportNamesThePairInUse() {
        IceConfig config = IceConfig.create().stream("audio", 1);
        VirtualCall call = VirtualCall.start(
                network, phone("alice", "192.168.1.10", config), phone("bob", "192.168.1.11", config), SIGNALLING);
        call.runUntilCompleted(Duration.ofSeconds(1));

        IceReport report = call.caller().report(-1);

        assertThat(report.verdict()).startsWith("Connected: audio/1 directly").contains("192.168.1.11");
    }
}
