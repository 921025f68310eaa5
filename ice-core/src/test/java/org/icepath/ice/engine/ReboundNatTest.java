// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.testkit.call.PacketFlow;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualNat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls without a relay whose NAT forgets its bindings, as a router does that restarts, or is given another address. */
class ReboundNatTest {

    private static final Duration EVERY_20_MS = Duration.ofMillis(20);

    private final CallScene scene = new CallScene(53);
    private final VirtualNat nat = scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED);

    private VirtualCall connected(IceConfig config) {
        VirtualPhone alice = scene.behind(nat, "alice", "192.168.1.10", config);
        VirtualPhone bob =
                scene.behind(scene.nat("203.0.113.2", NatBehaviour.PORT_RESTRICTED), "bob", "192.168.2.10", config);
        VirtualCall call = scene.call(alice, bob);
        assertThat(call.runUntilCompleted(Duration.ofSeconds(10))).isTrue();
        scene.network().runFor(Duration.ofSeconds(20));
        return call;
    }

    private static List<CandidateAddress> reflexive(VirtualPhone phone) {
        return phone.heard(IceEvent.CandidateGathered.class).stream()
                .map(IceEvent.CandidateGathered::candidate)
                .filter(each -> each.type().equals(CandidateType.SERVER_REFLEXIVE))
                .map(Candidate::address)
                .toList();
    }

    // The other NAT lets nothing in from the new address, so that no check of ours tells the peer of it.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallThroughItIsAudibleAgain(boolean moved) {
        VirtualCall call = connected(withStun(audio()));
        if (moved) {
            nat.moveTo("203.0.113.9");
        } else {
            nat.rebind();
        }
        scene.network().runFor(Duration.ofSeconds(12));
        PacketFlow there = call.toCallee(EVERY_20_MS);
        PacketFlow back = call.toCaller(EVERY_20_MS);
        scene.network().runFor(Duration.ofSeconds(5));

        assertThat(there.sent()).isGreaterThan(200);
        assertThat(there.lost() + back.lost())
                .as("lost, but for the last on the way")
                .isLessThan(10);
        assertThat(reflexive(call.caller())).hasSize(2);
        assertThat(call.caller().report(-1).candidates())
                .as("the address that nobody has any more")
                .noneMatch(each -> each.ours()
                        && each.what().endsWith(reflexive(call.caller()).get(0).toString()));
    }
}
