// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 8445 §7.3.1.1 and §7.2.5.1: two agents that claim the same role. */
class RoleConflictTest {

    private static Base started(Bench bench) {
        Base base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        return base;
    }

    // Our tie-breaker is 1000. The side with the larger one ends up controlling, and equal counts as larger.
    @ParameterizedTest
    @CsvSource({
        "CONTROLLING, 999, CONTROLLING, true",
        "CONTROLLING, 1000, CONTROLLING, true",
        "CONTROLLING, 1001, CONTROLLED, false",
        "CONTROLLING, -1, CONTROLLED, false",
        "CONTROLLED, 999, CONTROLLING, false",
        "CONTROLLED, 1000, CONTROLLING, false",
        "CONTROLLED, 1001, CONTROLLED, true",
        "CONTROLLED, -1, CONTROLLED, true",
    })
    void theLargerTieBreakerControls(IceRole ours, long theirTieBreaker, IceRole after, boolean refuses) {
        Bench bench = new Bench(ours, 1);
        Base base = started(bench);
        bench.sent.clear();

        bench.receive(base, at("198.51.100.1", 6001), bench.sealed(bench.check(ours, theirTieBreaker)));

        Bench.Sent answer = bench.sent.get(0);
        assertThat(bench.agent.role()).isEqualTo(after);
        assertThat(bench.isOurs(answer, refuses ? StunClass.ERROR : StunClass.SUCCESS))
                .isTrue();
        if (refuses) {
            assertThat(answer.message().get(Attributes.ERROR_CODE).orElseThrow().code())
                    .isEqualTo(ErrorCode.ROLE_CONFLICT);
        }
    }

    @ParameterizedTest
    @EnumSource(IceRole.class)
    void oppositeRolesAreNoConflict(IceRole ours) {
        Bench bench = new Bench(ours, 1);
        Base base = started(bench);

        bench.receive(base, at("198.51.100.1", 6001), bench.sealed(bench.check(ours.other(), -1)));

        assertThat(bench.agent.role()).isEqualTo(ours);
        assertThat(bench.events(AgentEvent.RoleChanged.class)).isEmpty();
    }

    // §7.2.5.1: switch, draw a new tie-breaker, check the pair again
    @Test
    void a487SwitchesTheRoleAndRepeatsTheCheckInTheNewOne() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        started(bench);

        bench.refuse(bench.lastRequest(), ErrorCode.ROLE_CONFLICT);
        bench.advance(Duration.ofMillis(60));

        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLED);
        assertThat(bench.events(AgentEvent.RoleChanged.class))
                .containsExactly(new AgentEvent.RoleChanged(IceRole.CONTROLLED));
        assertThat(bench.requests()).hasSize(2);
        assertThat(bench.lastRequest().message().get(Attributes.ICE_CONTROLLED))
                .isPresent()
                .isNotEqualTo(Optional.of(1000L));
        assertThat(bench.pairs().get(0).outcome())
                .as("one refusal is worth telling")
                .contains(", 1 refused");
    }

    // §7.2.5.1 speaks of the role in the request: an old request's 487 must not switch the role back
    @Test
    void the487OfAnOldRequestDoesNotSwitchTheRoleBack() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        Base base = started(bench);
        Bench.Sent old = bench.lastRequest();
        bench.receive(base, at("198.51.100.1", 6001), bench.sealed(bench.check(IceRole.CONTROLLING, 5000)));
        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLED);

        bench.refuse(old, ErrorCode.ROLE_CONFLICT);
        bench.advance(Duration.ofMillis(110));

        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLED);
        assertThat(bench.events(AgentEvent.RoleChanged.class)).hasSize(1);
        assertThat(bench.lastRequest().message().has(Attributes.ICE_CONTROLLED)).isTrue();
    }

    // Browsers claim to control what they restart, and may yield once they have nominated: they wait for our word then.
    @Test
    void whoeverComesToControlNominatesWhatThePeerHasNominated() {
        Bench bench = new Bench(IceRole.CONTROLLED, 1);
        Base base = started(bench);
        bench.answer(bench.lastRequest());
        bench.receive(
                base,
                at("198.51.100.1", 6001),
                bench.sealed(bench.check(IceRole.CONTROLLING, 5000).put(Attributes.USE_CANDIDATE)));
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
        bench.advance(Duration.ofSeconds(6)); // a renewal of consent
        bench.refuse(bench.lastRequest(), ErrorCode.ROLE_CONFLICT);
        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLING);

        bench.advance(Duration.ofMillis(60));

        Bench.Sent nomination = bench.lastRequest();
        assertThat(nomination.message().has(Attributes.ICE_CONTROLLING)).isTrue();
        assertThat(nomination.message().has(Attributes.USE_CANDIDATE)).isTrue();
        bench.answer(nomination);
        bench.sent.clear();
        bench.advance(Duration.ofMillis(900));
        assertThat(bench.requests()).isEmpty();
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    @Test
    void aRetransmittedRequestThatMadeUsYieldIsAnsweredWithSuccessAgain() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        Base base = started(bench);
        ByteBuffer request = bench.sealed(bench.check(IceRole.CONTROLLING, 5000));
        bench.receive(base, at("198.51.100.1", 6001), request);
        bench.sent.clear();

        bench.receive(base, at("198.51.100.1", 6001), request);

        assertThat(bench.isOurs(bench.sent.get(0), StunClass.SUCCESS)).isTrue();
        assertThat(bench.agent.role()).isEqualTo(IceRole.CONTROLLED);
    }

    // A peer that answers 487 whatever we claim must not keep us busy for ever.
    @Test
    void endless487sEndInAFailedPair() {
        Bench bench = new Bench(IceRole.CONTROLLING, 1);
        started(bench);

        for (int i = 0; i < 100 && bench.pairs().get(0).state() != PairState.FAILED; i++) {
            bench.refuse(bench.lastRequest(), ErrorCode.ROLE_CONFLICT);
            bench.advance(Duration.ofMillis(60));
        }

        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.FAILED);
        assertThat(bench.requests()).hasSizeLessThan(25);
    }

    @ParameterizedTest
    @EnumSource(IceRole.class)
    void twoAgentsOfOneRoleConnectAndEndInDifferentRoles(IceRole both) {
        for (long seed = 1; seed <= 20; seed++) {
            VirtualNetwork net = new VirtualNetwork(seed);
            Zone lan = net.zone("lan", LinkConditions.ofMillis(5).withLoss(0.05));
            Side alice = new Side(lan.host("alice", "192.168.1.1"), both, seed, 2).hostCandidates();
            Side bob = new Side(lan.host("bob", "192.168.1.2"), both, seed + 1000, 2).hostCandidates();
            alice.run();
            bob.run();
            bob.learn(alice);
            alice.learn(bob);

            boolean connected = net.runUntil(
                    () -> alice.state() == IceState.COMPLETED && bob.state() == IceState.COMPLETED,
                    Duration.ofSeconds(38));

            assertThat(connected).as("seed " + seed).isTrue();
            assertThat(alice.agent().role()).isNotEqualTo(bob.agent().role());
            for (int component = 1; component <= 2; component++) {
                assertThat(alice.current(0, component).remote())
                        .isEqualTo(bob.current(0, component).base().address());
            }
        }
    }
}
