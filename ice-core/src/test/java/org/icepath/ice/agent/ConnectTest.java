// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.NatBehaviour;
import org.icepath.testkit.network.VirtualNat;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;

/** Two agents find each other. */
class ConnectTest {

    private final VirtualNetwork net = new VirtualNetwork(1);

    private static void exchange(Side offerer, Side answerer) {
        offerer.run();
        answerer.run();
        answerer.learn(offerer);
        offerer.learn(answerer);
    }

    private boolean connect(Side one, Side other, Duration limit) {
        return net.runUntil(() -> one.state() == IceState.COMPLETED && other.state() == IceState.COMPLETED, limit);
    }

    @Test
    void twoHostsOnOneLanSelectTheirHostPair() {
        Zone lan = net.zone("lan", LinkConditions.ofMillis(1));
        Side alice = new Side(lan.host("alice", "192.168.1.1"), IceRole.CONTROLLING, 1, 1).hostCandidates();
        Side bob = new Side(lan.host("bob", "192.168.1.2"), IceRole.CONTROLLED, 2, 1).hostCandidates();

        exchange(alice, bob);

        assertThat(connect(alice, bob, Duration.ofSeconds(1))).isTrue();
        assertThat(alice.events(AgentEvent.Selected.class)).hasSize(1);
        assertThat(bob.events(AgentEvent.Selected.class)).hasSize(1);
        assertThat(alice.current(0, 1).pair().local().type()).isEqualTo(CandidateType.HOST);
        assertThat(alice.current(0, 1).remote())
                .isEqualTo(bob.current(0, 1).base().address());
        assertThat(alice.events(AgentEvent.PathChanged.class))
                .extracting(AgentEvent.PathChanged::cause)
                .containsExactly(PathChange.EARLY_MEDIA);
    }

    @Test
    void dataFlowsBothWaysOnTheSelectedPair() {
        Zone lan = net.zone("lan", LinkConditions.ofMillis(1));
        Side alice = new Side(lan.host("alice", "192.168.1.1"), IceRole.CONTROLLING, 1, 1).hostCandidates();
        Side bob = new Side(lan.host("bob", "192.168.1.2"), IceRole.CONTROLLED, 2, 1).hostCandidates();
        exchange(alice, bob);
        connect(alice, bob, Duration.ofSeconds(1));

        alice.send("one", "two");
        bob.send("three");
        net.runFor(Duration.ofMillis(10));

        assertThat(bob.peer().received)
                .containsExactly("one".getBytes(StandardCharsets.UTF_8), "two".getBytes(StandardCharsets.UTF_8));
        assertThat(alice.peer().received).containsExactly("three".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void twoHomesBehindPortRestrictedNatsMeetOnTheirReflexiveAddresses() {
        VirtualNat one = net.internet().nat("one", "203.0.113.1", NatBehaviour.PORT_RESTRICTED);
        VirtualNat other = net.internet().nat("other", "198.51.100.1", NatBehaviour.PORT_RESTRICTED);
        Side alice = new Side(one.inside().host("alice", "192.168.1.10"), IceRole.CONTROLLING, 1, 2)
                .hostCandidates()
                .reflexiveCandidates("203.0.113.1");
        Side bob = new Side(other.inside().host("bob", "10.0.0.10"), IceRole.CONTROLLED, 2, 2)
                .hostCandidates()
                .reflexiveCandidates("198.51.100.1");

        exchange(alice, bob);

        assertThat(connect(alice, bob, Duration.ofSeconds(5))).isTrue();
        for (int component = 1; component <= 2; component++) {
            assertThat(alice.current(0, component).pair().local().type()).isEqualTo(CandidateType.SERVER_REFLEXIVE);
            assertThat(alice.current(0, component).pair().remote().type()).isEqualTo(CandidateType.SERVER_REFLEXIVE);
        }
    }

    @Test
    void aSymmetricNatAgainstAFullConeMeetsOnAPeerReflexiveAddress() {
        VirtualNat one = net.internet().nat("one", "203.0.113.1", NatBehaviour.SYMMETRIC);
        VirtualNat other = net.internet().nat("other", "198.51.100.1", NatBehaviour.FULL_CONE);
        Side alice = new Side(one.inside().host("alice", "192.168.1.10"), IceRole.CONTROLLING, 1, 1)
                .hostCandidates()
                .reflexiveCandidates("203.0.113.1");
        Side bob = new Side(other.inside().host("bob", "10.0.0.10"), IceRole.CONTROLLED, 2, 1)
                .hostCandidates()
                .reflexiveCandidates("198.51.100.1");
        exchange(alice, bob);

        assertThat(connect(alice, bob, Duration.ofSeconds(5))).isTrue();
        assertThat(alice.current(0, 1).pair().local().type()).isEqualTo(CandidateType.PEER_REFLEXIVE);
        assertThat(bob.current(0, 1).pair().remote().type()).isEqualTo(CandidateType.PEER_REFLEXIVE);
    }
}
