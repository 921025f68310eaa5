// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Predicate;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualPacket;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two agents must not keep each other busy at the pace of the round trip: a check triggers a check triggers a check (pion/ice 99fbdea). */
class CheckLoopTest {

    private static final Duration TIME = Duration.ofSeconds(60);

    private final VirtualNetwork net = new VirtualNetwork(1);
    private final Zone lan = net.zone("lan", LinkConditions.of(Duration.ofNanos(500_000)));
    private final Side alice = side("alice", "192.168.1.1", IceRole.CONTROLLING, 1);
    private final Side bob = side("bob", "192.168.1.2", IceRole.CONTROLLED, 2);

    /** With two addresses, so that there are reserves. */
    private Side side(String name, String address, IceRole role, long seed) {
        return new Side(lan.host(name, address).attach(lan, address + "0"), role, seed, 2).hostCandidates();
    }

    private void connect(Duration limit) {
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);
        net.runUntil(() -> alice.state() == IceState.COMPLETED && bob.state() == IceState.COMPLETED, limit);
    }

    private long sent() {
        return net.log().sentBy("alice").size() + net.log().sentBy("bob").size();
    }

    private static Predicate<VirtualPacket> isOfClass(StunClass wanted) {
        return packet -> {
            ByteBuffer payload = packet.payload();
            return StunMessage.isStun(payload)
                    && new StunMessage().wrap(payload).messageClass() == wanted;
        };
    }

    // Each side: consent on 2 pairs each 5 s, probes on 4 reserves each 15 s, answers to as many of the other side's
    @Test
    void afterNominationThereAreOnlyConsentAndProbes() {
        connect(Duration.ofSeconds(5));
        assertThat(alice.state()).isEqualTo(IceState.COMPLETED);
        net.runFor(Duration.ofSeconds(1));
        net.log().clear();

        net.runFor(TIME);

        long cycles = 2 * (2 * 60 / 4 + 4 * 60 / 12);
        assertThat(sent()).isBetween(cycles / 2, 2 * cycles);
    }

    @Test
    void lostAnswersBeforeNominationKeepThePaceOfTheTimers() {
        net.log().clear();
        lan.block(isOfClass(StunClass.SUCCESS));

        connect(TIME);

        // 8 pairs on each side, each checked anew at most each 500 ms, and a last request of the old check with it
        assertThat(sent()).isLessThan(2 * 8 * 3 * 2 * TIME.toSeconds());
        assertThat(perSecond(alice)).isLessThan(100);
    }

    // With one pair alone nothing but this rule bounds it: Ta and other pairs' turns do not.
    @Test
    void aPairWhoseAnswersGetLostIsCheckedAnewTwiceASecondAtMost() {
        lan.block(isOfClass(StunClass.SUCCESS));
        Side dora = new Side(lan.host("dora", "192.168.1.4"), IceRole.CONTROLLING, 4, 1).hostCandidates();
        Side emil = new Side(lan.host("emil", "192.168.1.5"), IceRole.CONTROLLED, 5, 1).hostCandidates();
        dora.run();
        emil.run();
        emil.learn(dora);
        dora.learn(emil);

        net.runFor(Duration.ofSeconds(10));

        assertThat(begun("dora")).isBetween(2L, 20L);
        assertThat(begun("emil")).isBetween(2L, 20L);
    }

    private long begun(String host) {
        return net.log().sentBy(host).stream()
                .filter(event -> isOfClass(StunClass.REQUEST).test(event.packet()))
                .map(event -> new StunMessage().wrap(event.packet().payload()).transactionId())
                .distinct()
                .count();
    }

    private double perSecond(Side side) {
        return (double) net.log().sentBy(side.host.name()).size() / TIME.toSeconds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.1.1", "192.168.1.2"})
    void answersThatAreLostOneWayAfterNominationStartNoLoop(String deaf) {
        connect(Duration.ofSeconds(5));
        net.runFor(Duration.ofSeconds(1));
        net.log().clear();
        lan.block(isOfClass(StunClass.SUCCESS)
                .and(packet ->
                        packet.destination().getAddress().getHostAddress().startsWith(deaf)));

        net.runFor(TIME);

        assertThat(sent() / TIME.toSeconds()).isLessThan(60);
    }

    // Both think that they control and neither sees the other's answer: the conflict cannot be repaired
    @Test
    void aConflictThatCannotBeRepairedIsNoLoop() {
        Side other = side("carol", "192.168.1.3", IceRole.CONTROLLING, 3);
        lan.block(isOfClass(StunClass.ERROR));
        alice.run();
        other.run();
        other.learn(alice);
        alice.learn(other);

        net.runFor(TIME);

        assertThat(net.log().sentBy("alice").size() + net.log().sentBy("carol").size())
                .isLessThan((int) (2 * 8 * 3 * 2 * TIME.toSeconds()));
    }
}
