// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.MS;
import static org.icepath.ice.agent.Bench.host;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.CheckForm;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.OutgoingCheck;
import org.icepath.ice.PairState;
import org.icepath.ice.RemoteTraits;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.PacketEvent;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;

/** The seam for dialects: a check in several forms (architecture §5), proven with an invented second dialect. */
class CheckFormTest {

    /** Invented: the fragments stand the other way round, and PADDING marks every message. */
    static final CheckForm BACKWARDS = new CheckForm() {

        @Override
        public String username(String readerUfrag, String writerUfrag) {
            return writerUfrag + "/" + readerUfrag;
        }

        @Override
        public Optional<String> writerUfrag(String username, String readerUfrag) {
            String suffix = "/" + readerUfrag;
            return username.endsWith(suffix)
                    ? Optional.of(username.substring(0, username.length() - suffix.length()))
                    : Optional.empty();
        }

        @Override
        public boolean wrote(StunMessage request) {
            return request.has(Attributes.PADDING);
        }

        @Override
        public void decorateRequest(StunWriter request, OutgoingCheck check) {
            request.putBytes(Attributes.PADDING, new byte[4]);
        }

        @Override
        public void decorateResponse(StunWriter response, StunMessage request) {
            response.putBytes(Attributes.PADDING, new byte[4]);
        }

        @Override
        public String toString() {
            return "BACKWARDS";
        }
    };

    /** Speaks both until the peer is known to speak one. */
    static final CheckDialect BILINGUAL = new CheckDialect() {

        @Override
        public List<CheckForm> forms(RemoteTraits traits) {
            return traits.fact("speaks")
                    .map(form -> List.of(form.equals("BACKWARDS") ? BACKWARDS : CheckForm.RFC8445))
                    .orElse(List.of(CheckForm.RFC8445, BACKWARDS));
        }

        @Override
        public List<CheckForm> readableForms() {
            return List.of(BACKWARDS, CheckForm.RFC8445);
        }

        @Override
        public RemoteTraits learn(RemoteTraits known, CheckForm form, StunMessage message) {
            return known.with("speaks", form.toString());
        }
    };

    /** Speaks the invented form alone. */
    static final CheckDialect ONLY_BACKWARDS = new CheckDialect() {

        @Override
        public List<CheckForm> forms(RemoteTraits traits) {
            return List.of(BACKWARDS);
        }

        @Override
        public List<CheckForm> readableForms() {
            return List.of(BACKWARDS);
        }
    };

    private static Bench bilingual() {
        Bench bench = new Bench(IceRole.CONTROLLING, settings -> Tuned.checks(settings, BILINGUAL), 1);
        bench.local("192.0.2.1", 1);
        return bench;
    }

    private static boolean isBackwards(Bench.Sent sent) {
        return sent.message().has(Attributes.PADDING);
    }

    @Test
    void eachFormIsATransactionAndABeatOfItsOwn() {
        Bench bench = bilingual();
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.2", 6001, 1, "2", 65534))));

        bench.advance(Duration.ofMillis(160));

        assertThat(bench.requests())
                .extracting(sent -> sent.at() / MS
                        + (isBackwards(sent) ? " backwards " : " standard ")
                        + sent.to().getAddress().getHostAddress())
                .containsExactly(
                        "0 standard 198.51.100.1",
                        "50 standard 198.51.100.2",
                        "100 backwards 198.51.100.1",
                        "150 backwards 198.51.100.2");
        assertThat(bench.requests().get(0).message().transactionId())
                .isNotEqualTo(bench.requests().get(1).message().transactionId());
    }

    @Test
    void aPairFailsOnlyWhenAllItsFormsHave() {
        Bench bench = bilingual();
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.refuse(bench.lastRequest(), 400);
        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.IN_PROGRESS);

        bench.advance(Duration.ofMillis(50));
        assertThat(isBackwards(bench.lastRequest())).isTrue();
        bench.refuse(bench.lastRequest(), 400);

        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.FAILED);
    }

    @Test
    void aFormThatIsUnderstoodEndsTheOthersAndIsUsedFromThenOn() {
        Bench bench = bilingual();
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.advance(Duration.ofMillis(50));
        bench.answer(bench.lastRequest());
        bench.sent.clear();

        bench.advance(Duration.ofMillis(700));

        // the nomination, and no retransmission of the other form
        assertThat(bench.requests()).allMatch(CheckFormTest::isBackwards);
        assertThat(bench.requests().get(0).nominates()).isTrue();
    }

    @Test
    void anErrorThatDoesNotAuthenticateEndsNoForm() {
        Bench bench = bilingual();
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        Bench.Sent first = bench.lastRequest();
        bench.receive(
                first.base(),
                first.to(),
                StunWriter.into(ByteBuffer.allocate(100))
                        .errorResponse(first.message(), 400, "cannot read that")
                        .finish());

        bench.answer(first);

        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.SUCCEEDED);
    }

    // A check is answered in the form in which it was written
    @Test
    void aBilingualAgentMeetsPeersOfEitherForm() {
        for (CheckDialect other : List.of(CheckDialect.RFC8445, ONLY_BACKWARDS, BILINGUAL)) {
            for (IceRole role : IceRole.values()) {
                meet(other, role);
            }
        }
    }

    private static void meet(CheckDialect other, IceRole role) {
        VirtualNetwork net = new VirtualNetwork(1);
        Zone lan = net.zone("lan", LinkConditions.ofMillis(5));
        Side alice = new Side(lan.host("alice", "192.168.1.1"), role, 1, 2)
                .hostCandidates()
                .tuned(settings -> Tuned.checks(settings, BILINGUAL));
        Side bob = new Side(lan.host("bob", "192.168.1.2"), role.other(), 2, 2)
                .hostCandidates()
                .tuned(settings -> Tuned.checks(settings, other));
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);

        boolean met = net.runUntil(
                () -> alice.state() == IceState.COMPLETED && bob.state() == IceState.COMPLETED, Duration.ofSeconds(5));

        assertThat(met).as(other + " as " + role.other()).isTrue();
        net.runFor(Duration.ofMinutes(2));
        assertThat(alice.state())
                .as("consent is renewed in a form that the peer reads")
                .isEqualTo(IceState.COMPLETED);
        assertThat(net.log().events(PacketEvent.Fate.SENT)).hasSizeLessThan(250);
    }

    // Control: without the second form they do not meet
    @Test
    void agentsWithoutACommonFormDoNotMeet() {
        VirtualNetwork net = new VirtualNetwork(1);
        Zone lan = net.zone("lan", LinkConditions.ofMillis(5));
        Side alice = new Side(lan.host("alice", "192.168.1.1"), IceRole.CONTROLLING, 1, 1).hostCandidates();
        Side bob = new Side(lan.host("bob", "192.168.1.2"), IceRole.CONTROLLED, 2, 1)
                .hostCandidates()
                .tuned(settings -> Tuned.checks(settings, ONLY_BACKWARDS));
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);

        net.runFor(Duration.ofSeconds(60));

        assertThat(alice.state()).isEqualTo(IceState.FAILED);
    }

    @Test
    void anEarlyCheckInTheOtherFormIsAnsweredInIt() {
        Bench bench = bilingual();
        EarlyChecks early = new EarlyChecks(BILINGUAL, bench.ours, IceRole.CONTROLLING, 1000);
        ByteBuffer check = bench.sealed(StunWriter.into(ByteBuffer.allocate(300))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .put(Attributes.USERNAME, "them/ours")
                .put(Attributes.PRIORITY, 1000L)
                .putBytes(Attributes.PADDING, new byte[4]));

        assertThat(early.handle(0, Bench.base("192.0.2.1", 5001), Bench.at("198.51.100.1", 6001), check))
                .isTrue();
        assertThat(early.take("them")).hasSize(1);
    }

    // The dialect may keep candidates apart
    @Test
    void aDialectDecidesWhichCandidatesPair() {
        CheckDialect noRelays = new CheckDialect() {
            @Override
            public boolean mayPair(Candidate local, Candidate remote) {
                return remote.type() != CandidateType.RELAYED;
            }
        };
        Bench bench = new Bench(IceRole.CONTROLLING, settings -> Tuned.checks(settings, noRelays), 1);
        bench.local("192.0.2.1", 1);

        bench.remote(bench.description(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535),
                Bench.of(CandidateType.RELAYED, "198.51.100.2", 6001, 1, "2"))));

        assertThat(bench.pairs()).hasSize(1);
    }
}
