// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.icepath.candidate.Candidate;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceState;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.junit.jupiter.api.Test;

/** Calls over TCP (RFC 6544) in virtual time. */
class TcpCallTest {

    private static final Duration SIGNALLING = Duration.ofMillis(50);
    private static final IceConfig AUDIO = IceConfig.create().stream("audio", Candidate.RTP);

    private final VirtualNetwork net = new VirtualNetwork(6544);

    private VirtualCall call(VirtualHost alice, IceConfig alices, VirtualHost bob, IceConfig bobs) {
        return VirtualCall.start(
                net, new VirtualPhone(net, alice, alices), new VirtualPhone(net, bob, bobs), SIGNALLING);
    }

    private VirtualCall onLan(IceConfig alices, IceConfig bobs) {
        return call(host("alice", "192.0.2.1"), alices, host("bob", "192.0.2.2"), bobs);
    }

    private VirtualHost host(String name, String address) {
        return net.internet().host(name, address);
    }

    @Test
    void aCallOverTcpAloneLosesNothing() {
        VirtualCall call = onLan(AUDIO.tcpOnly(), AUDIO.tcpOnly());

        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        PacketFlow there = call.toCallee(Duration.ofMillis(20));
        PacketFlow back = call.toCaller(Duration.ofMillis(20));
        net.runFor(Duration.ofMinutes(5));
        there.stop();
        back.stop();
        net.runFor(Duration.ofSeconds(2));

        assertThat(there.sent()).isGreaterThan(10_000);
        assertThat(there.lost()).isZero();
        assertThat(back.lost()).isZero();
        assertThat(call.isAt(IceState.COMPLETED)).isTrue();
    }
}
