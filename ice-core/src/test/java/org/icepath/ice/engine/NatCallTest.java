// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.engine.CallScene.audio;
import static org.icepath.ice.engine.CallScene.withStun;
import static org.icepath.ice.engine.CallScene.withTurn;

import java.util.List;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceEvent;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.network.NatBehaviour;
import org.junit.jupiter.api.Test;

/** The classic meetings across NATs. */
class NatCallTest {

    private final CallScene scene = new CallScene(7);

    private static CandidatePair last(VirtualPhone phone) {
        List<IceEvent.PathChanged> changes = phone.heard(IceEvent.PathChanged.class);
        return changes.get(changes.size() - 1).to();
    }

    @Test
    void twoHomesBehindPortRestrictedNatsMeetDirectly() {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED),
                "alice",
                "192.168.1.10",
                withTurn(withStun(audio())));
        VirtualPhone bob = scene.behind(
                scene.nat("203.0.113.2", NatBehaviour.PORT_RESTRICTED),
                "bob",
                "192.168.1.10",
                withTurn(withStun(audio())));

        scene.completesWithMedia(scene.call(alice, bob));

        assertThat(last(alice).local().type()).isNotEqualTo(CandidateType.RELAYED);
        assertThat(last(alice).remote().type()).isNotEqualTo(CandidateType.RELAYED);
    }

    // RFC 5128 §3.3.5: hole punching fails between a symmetric and a port-restricted NAT
    @Test
    void aHomeAndAnEnterpriseBehindASymmetricNatMeetOverARelay() {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED),
                "alice",
                "192.168.1.10",
                withTurn(withStun(audio())));
        VirtualPhone bob =
                scene.behind(scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC), "bob", "10.0.0.5", withStun(audio()));

        scene.completesWithMedia(scene.call(alice, bob));

        assertThat(List.of(last(alice).local().type(), last(bob).remote().type()))
                .contains(CandidateType.RELAYED);
    }

    @Test
    void fullConeAndSymmetricNatsMeetDirectly() {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.FULL_CONE), "alice", "192.168.1.10", withTurn(withStun(audio())));
        VirtualPhone bob = scene.behind(
                scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC), "bob", "10.0.0.5", withTurn(withStun(audio())));

        scene.completesWithMedia(scene.call(alice, bob));

        assertThat(last(alice).local().type()).isNotEqualTo(CandidateType.RELAYED);
        assertThat(last(bob).remote().type()).isNotEqualTo(CandidateType.RELAYED);
    }

    @Test
    void twoSymmetricNatsMeetOverTheirRelays() {
        VirtualPhone alice = scene.behind(
                scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC), "alice", "192.168.1.10", withTurn(withStun(audio())));
        VirtualPhone bob = scene.behind(
                scene.nat("203.0.113.2", NatBehaviour.SYMMETRIC), "bob", "10.0.0.5", withTurn(withStun(audio())));

        scene.completesWithMedia(scene.call(alice, bob));

        assertThat(List.of(last(alice).local().type(), last(alice).remote().type()))
                .contains(CandidateType.RELAYED);
    }

    @Test
    void aClientBehindANatReachesAPublicServerWithoutAnyServer() {
        VirtualPhone alice =
                scene.behind(scene.nat("203.0.113.1", NatBehaviour.SYMMETRIC), "alice", "192.168.1.10", audio());
        VirtualPhone server = scene.publicly("server", "198.51.100.9", audio());

        scene.completesWithMedia(scene.call(alice, server));
    }

    // both LANs use the same prefix, and a stranger sits on the peer's private address
    @Test
    void overlappingPrivatePrefixesDoNotConfuseTheCall() {
        var nat = scene.nat("203.0.113.1", NatBehaviour.PORT_RESTRICTED);
        nat.inside().host("stranger", "192.168.1.11").refuseClosedPorts(true);
        VirtualPhone alice = scene.behind(nat, "alice", "192.168.1.10", withStun(audio()));
        VirtualPhone bob = scene.behind(
                scene.nat("203.0.113.2", NatBehaviour.PORT_RESTRICTED), "bob", "192.168.1.11", withStun(audio()));

        scene.completesWithMedia(scene.call(alice, bob));
    }
}
