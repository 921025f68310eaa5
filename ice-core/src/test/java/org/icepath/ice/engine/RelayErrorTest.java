// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceEvent;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.VirtualHost;
import org.junit.jupiter.api.Test;

/** ICMP that comes to a relay (RFC 8656 §11.5). */
class RelayErrorTest {

    private final CallScene scene = new CallScene(91);

    // One of the peer's sockets is closed: its machine says so
    // to the relay, and nobody waits for three unanswered checks
    @Test
    void aPortThatIsClosedIsLeftAtOnce() {
        VirtualPhone alice =
                scene.publicly("alice", "198.51.100.10", withTurn(audio()).relayOnly());
        VirtualHost host = scene.network().internet().host("bob", "198.51.100.11");
        host.attach(scene.network().internet(), "198.51.100.12").refuseClosedPorts(true);
        VirtualPhone bob = new VirtualPhone(scene.network(), host, audio());
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(5))).isTrue();
        PacketFlow flow = call.toCallee(Duration.ofMillis(20));
        scene.network().runFor(Duration.ofSeconds(3));
        CandidatePair before = usedBy(alice);

        host.close(bob.bases().stream()
                .map(HostBase::base)
                .filter(base -> base.address()
                        .equals(before.remote().address().socketAddress().orElseThrow()))
                .findFirst()
                .orElseThrow());
        scene.network().runFor(Duration.ofSeconds(1));
        flow.stop();
        scene.network().runFor(Duration.ofSeconds(1));

        assertThat(alice.report(-1).text()).contains("cannot send to 198.51.100.1", "ICMP type 3 code 3");
        assertThat(usedBy(alice).remote()).isNotEqualTo(before.remote());
        assertThat(flow.lost()).isLessThanOrEqualTo(5);
    }

    private static CandidatePair usedBy(VirtualPhone phone) {
        List<CandidatePair> used = new ArrayList<>();
        phone.heard(IceEvent.PathReady.class).forEach(ready -> used.add(ready.pair()));
        phone.heard(IceEvent.PathChanged.class).forEach(changed -> used.add(changed.to()));
        return used.get(used.size() - 1);
    }
}
