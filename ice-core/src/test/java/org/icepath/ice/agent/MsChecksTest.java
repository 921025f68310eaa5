// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.MS;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.ms.CompanionMessage;
import org.icepath.stun.ms.MsIce2Dialect;
import org.icepath.stun.ms.MsIceAttributes;
import org.icepath.stun.ms.NulFilled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks of MS-ICE2, byte for byte as far as the peer can see ([MS-ICE2] §2.2.2, §3.1.4.8, §3.1.5.2). */
class MsChecksTest {

    private static final InetSocketAddress PEER = at("198.51.100.1", 6001);

    static Bench bench(IceRole role) {
        Bench bench = new Bench(
                role,
                settings -> Tuned.rules(Tuned.checks(settings, MsProfiles.ICE2.checks()), MsProfiles.ICE2.rules()),
                1);
        bench.local(0, "192.0.2.1", 5001, 1, "1", 65535);
        return bench;
    }

    static Bench running(IceRole role) {
        Bench bench = bench(role);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        return bench;
    }

    private static StunMessage read(ByteBuffer datagram, MsIce2Dialect dialect) {
        return new StunMessage(dialect).wrap(datagram);
    }

    private static StunMessage old(Bench.Sent sent) {
        return read(sent.payload(), MsIce2Dialect.VERSION_2.alone());
    }

    static StunWriter request(Bench bench, TransactionId id, MsIce2Dialect dialect) {
        boolean filled = dialect != MsIce2Dialect.VERSION_3;
        String username = bench.ours.ufrag() + ":" + bench.theirs.ufrag();
        StunWriter writer = new StunWriter(dialect)
                .wrap(ByteBuffer.allocate(400))
                .request(StunMethod.BINDING, id)
                .putBytes(MsIceAttributes.USERNAME, filled ? NulFilled.of(username) : username.getBytes())
                .putUint32(Attributes.PRIORITY, 0x6EFFFEFFL);
        return writer.putUint64(
                bench.agent.role() == IceRole.CONTROLLING ? Attributes.ICE_CONTROLLED : Attributes.ICE_CONTROLLING, 1);
    }

    static StunWriter marked(Bench bench, TransactionId id, MsIce2Dialect dialect, long version) {
        return request(bench, id, dialect)
                .putBytes(MsIceAttributes.CANDIDATE_IDENTIFIER, NulFilled.of("1"))
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, version);
    }

    static ByteBuffer sealed(Bench bench, StunWriter writer) {
        return writer.integrity(Bench.key(bench.ours)).fingerprint().finish();
    }

    static TransactionId id(Bench bench) {
        return TransactionId.next(bench.random);
    }

    static Base base(Bench bench) {
        return Bench.base("192.0.2.1", 5001);
    }

    /** The peer answers in its own version. */
    private static ByteBuffer answer(
            Bench bench, Bench.Sent request, MsIce2Dialect dialect, Consumer<StunWriter> more) {
        StunWriter writer = new StunWriter(dialect)
                .wrap(ByteBuffer.allocate(400))
                .respond(StunClass.SUCCESS, request.message())
                .put(Attributes.XOR_MAPPED_ADDRESS, request.base().address());
        more.accept(writer);
        return writer.integrity(Bench.key(bench.theirs)).fingerprint().finish();
    }

    static void answer(Bench bench, Bench.Sent request) {
        bench.receive(
                request.base(),
                request.to(),
                answer(
                        bench,
                        request,
                        MsIce2Dialect.VERSION_2,
                        writer -> writer.putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)));
    }

    /** A check of the peer that nominates. */
    private static ByteBuffer nomination(Bench bench) {
        return sealed(
                bench, marked(bench, id(bench), MsIce2Dialect.VERSION_2, 2).put(Attributes.USE_CANDIDATE));
    }

    /** The peer nominates the one pair there is, and answers our check of it. */
    private static void nominatedByPeer(Bench bench) {
        bench.receive(base(bench), PEER, nomination(bench));
        answer(bench, bench.lastRequest());
    }

    private static PairClaim claim(Bench bench, InetSocketAddress ours) {
        PairClaim[] claim = new PairClaim[1];
        bench.input(() -> claim[0] = bench.agent.claim(bench.now, 0, 1, ours, PEER));
        return claim[0];
    }

    // Second reading A3, rule 3: a check that nominates is queued, and may show the peer's view of us
    @Test
    void anAddressOfOursThatOnlyThePeerKnowsIsAwaitedWhileACheckOfItsNominatedPairRuns() {
        InetSocketAddress outside = at("203.0.113.9", 7007);
        Bench bench = running(IceRole.CONTROLLED);
        assertThat(claim(bench, outside)).as("control: nothing is nominated").isEqualTo(PairClaim.UNKNOWN);

        bench.receive(base(bench), PEER, nomination(bench));
        assertThat(claim(bench, outside)).isEqualTo(PairClaim.AWAITED);
        Bench.Sent check = bench.lastRequest();
        bench.receive(
                check.base(),
                check.to(),
                new StunWriter(MsIce2Dialect.VERSION_2)
                        .wrap(ByteBuffer.allocate(400))
                        .respond(StunClass.SUCCESS, check.message())
                        .put(Attributes.XOR_MAPPED_ADDRESS, outside)
                        .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)
                        .integrity(Bench.key(bench.theirs))
                        .fingerprint()
                        .finish());

        assertThat(claim(bench, outside)).isEqualTo(PairClaim.SELECTED);
        assertThat(claim(bench, at("203.0.113.9", 7008)))
                .as("no check is left that could show another")
                .isEqualTo(PairClaim.UNKNOWN);
    }

    @Test
    void aCheckIsFilledNamesItsCandidateAndSaysItsVersion() {
        Bench bench = running(IceRole.CONTROLLING);

        StunMessage check = old(bench.sent.get(0));

        assertThat(Fingerprint.verify(check)).isTrue();
        assertThat(new Integrity().verify(check, Bench.key(bench.theirs))).isTrue();
        assertThat(check.get(MsIceAttributes.USERNAME)).contains(ByteBuffer.wrap(NulFilled.of("them:ours")));
        assertThat(check.get(MsIceAttributes.CANDIDATE_IDENTIFIER)).contains(ByteBuffer.wrap(NulFilled.of("1")));
        assertThat(check.uint32(MsIceAttributes.IMPLEMENTATION_VERSION, 0)).isEqualTo(2);
        // what real clients send from their first candidate
        assertThat(check.uint32(Attributes.PRIORITY, 0)).isEqualTo(0x6EFFFEFFL);
        assertThat(check.has(Attributes.TRANSACTION_TRANSMIT_COUNTER)).isFalse();
    }

    // Whoever skips padding and whoever does not read the same
    @Test
    void everyValueFillsWholeWords() {
        Bench bench = running(IceRole.CONTROLLED);
        bench.receive(base(bench), PEER, sealed(bench, marked(bench, id(bench), MsIce2Dialect.VERSION_2, 2)));

        for (Bench.Sent sent : bench.sent) {
            ByteBuffer message = sent.payload();
            for (int at = 20; at < message.limit(); at += 4 + message.getShort(at + 2)) {
                assertThat(message.getShort(at + 2) % 4)
                        .as("attribute at " + at)
                        .isZero();
            }
        }
    }

    // Towards a relay: as the relay sees us
    @Test
    void theIdentifierTowardsARelayIsThatOfTheReflexiveCandidate() {
        Bench bench = bench(IceRole.CONTROLLING);
        bench.input(() -> bench.agent.addLocal(
                bench.now,
                0,
                new LocalCandidate(
                        Candidate.serverReflexive(
                                new Foundation("5"),
                                1,
                                TransportType.UDP,
                                1694234623,
                                at("203.0.113.9", 5001),
                                base(bench).address()),
                        base(bench))));
        bench.remote(bench.description(List.of(Bench.of(CandidateType.RELAYED, "198.51.100.2", 6001, 1, "2"))));

        assertThat(old(bench.sent.get(0)).get(MsIceAttributes.CANDIDATE_IDENTIFIER))
                .contains(ByteBuffer.wrap(NulFilled.of("5")));
    }

    // [MS-ICE2] §3.1.4.8.2: until the peer has said its version, each check has a twin with the other checksum
    @Test
    void checksHaveCompanionsUntilThePeersVersionIsKnown() {
        Bench bench = running(IceRole.CONTROLLING);
        bench.advance(Duration.ofSeconds(8));
        List<Bench.Sent> before = List.copyOf(bench.sent);
        assertThat(before).as("each transmission and its companion").hasSizeGreaterThan(4);
        int companions = 0;
        for (int i = 0; i < before.size(); i++) {
            ByteBuffer twin = ByteBuffer.allocate(400);
            boolean differs = CompanionMessage.write(before.get(i).payload(), twin);
            if (differs && i + 1 < before.size() && before.get(i + 1).payload().equals(twin)) {
                companions++;
                assertThat(before.get(i + 1).at()).isEqualTo(before.get(i).at());
            }
        }
        assertThat(companions).isPositive();

        bench.receive(base(bench), PEER, sealed(bench, marked(bench, id(bench), MsIce2Dialect.VERSION_2, 2)));
        bench.sent.clear();
        bench.advance(Duration.ofSeconds(60));

        assertThat(bench.sent).isNotEmpty().allMatch(sent -> Fingerprint.verify(sent.message()));
    }

    @Test
    void anAnswerToAnUnmarkedCheckHasACompanion() {
        Bench bench = running(IceRole.CONTROLLED);
        boolean companion = false;
        for (int i = 0; i < 20 && !companion; i++) {
            bench.sent.clear();
            bench.receive(base(bench), PEER, sealed(bench, request(bench, id(bench), MsIce2Dialect.VERSION_2)));
            List<Bench.Sent> answers = bench.sent.stream()
                    .filter(sent -> sent.message().messageClass() == StunClass.SUCCESS)
                    .toList();
            assertThat(answers).hasSizeBetween(1, 2);
            companion = answers.size() == 2;
        }
        assertThat(companion).isTrue();
    }

    @Test
    void theLegacyFingerprintIsTaken() {
        Bench bench = running(IceRole.CONTROLLED);

        bench.receive(
                base(bench),
                PEER,
                sealed(bench, marked(bench, id(bench), MsIce2Dialect.VERSION_2_LEGACY_FINGERPRINT, 2)));

        assertThat(old(bench.sent.get(bench.sent.size() - 1)).messageClass()).isEqualTo(StunClass.SUCCESS);
    }

    // A check is answered in the form that it verified under
    @Test
    void eachVersionIsAnsweredInItsOwnForm() {
        for (MsIce2Dialect dialect : List.of(MsIce2Dialect.VERSION_2, MsIce2Dialect.VERSION_3)) {
            Bench bench = running(IceRole.CONTROLLED);
            long version = dialect == MsIce2Dialect.VERSION_2 ? 2 : 7;
            bench.receive(base(bench), PEER, sealed(bench, marked(bench, id(bench), dialect, version)));

            StunMessage answer = read(bench.last().payload(), dialect.alone());

            assertThat(answer.messageClass()).isEqualTo(StunClass.SUCCESS);
            assertThat(new Integrity().verify(answer, Bench.key(bench.ours)))
                    .as(dialect.toString())
                    .isTrue();
            assertThat(answer.uint32(MsIceAttributes.IMPLEMENTATION_VERSION, 0)).isEqualTo(version == 2 ? 2 : 3);
        }
    }

    // From version 3 on, what RFC 5389 says
    @Test
    void aPeerOfVersionThreeIsCheckedInTheNewerForm() {
        Bench bench = running(IceRole.CONTROLLING);
        bench.receive(
                base(bench),
                PEER,
                answer(
                        bench,
                        bench.sent.get(0),
                        MsIce2Dialect.VERSION_3,
                        writer -> writer.putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 3)));
        bench.advance(Duration.ofMillis(60));

        StunMessage nomination = bench.last().message();

        assertThat(nomination.has(Attributes.USE_CANDIDATE)).isTrue();
        assertThat(new Integrity().verify(nomination, Bench.key(bench.theirs))).isTrue();
        assertThat(nomination.uint32(MsIceAttributes.IMPLEMENTATION_VERSION, 0)).isEqualTo(3);
        // RFC 5389 §15: the length has no padding in it (seen: 1 for "1")
        assertThat(nomination.valueEquals(Attributes.USERNAME, "them:ours".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(nomination.valueEquals(MsIceAttributes.CANDIDATE_IDENTIFIER, "1".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    @Test
    void aUsernameThatIsNotFilledIsTaken() {
        Bench bench = running(IceRole.CONTROLLED);
        StunWriter writer = new StunWriter(MsIce2Dialect.VERSION_2)
                .wrap(ByteBuffer.allocate(400))
                .request(StunMethod.BINDING, id(bench))
                .putBytes(MsIceAttributes.USERNAME, "ours:them".getBytes())
                .putUint32(Attributes.PRIORITY, 1000)
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2);

        bench.receive(base(bench), PEER, sealed(bench, writer));

        assertThat(bench.last().message().messageClass()).isEqualTo(StunClass.SUCCESS);
    }

    // [MS-ICE2] §3.1.5.2.2: no integrity 401, wrong integrity 431, and the error repeats the USERNAME
    @Test
    void checksWithoutRightIntegrityAreRefused() {
        Bench bench = running(IceRole.CONTROLLED);
        ByteBuffer without = marked(bench, id(bench), MsIce2Dialect.VERSION_2, 2)
                .fingerprint()
                .finish();
        ByteBuffer wrong = marked(bench, id(bench), MsIce2Dialect.VERSION_2, 2)
                .integrity(Bench.key(bench.theirs))
                .fingerprint()
                .finish();
        for (Map.Entry<ByteBuffer, Integer> each :
                Map.of(without, 401, wrong, 431).entrySet()) {
            bench.receive(base(bench), PEER, each.getKey());

            StunMessage refusal = bench.last().message();

            assertThat(refusal.get(Attributes.ERROR_CODE).map(ErrorCode::code)).contains(each.getValue());
            assertThat(refusal.get(MsIceAttributes.USERNAME)).contains(ByteBuffer.wrap(NulFilled.of("ours:them")));
            assertThat(refusal.has(Attributes.MESSAGE_INTEGRITY)).isFalse();
            assertThat(bench.last().payload().remaining())
                    .as("a forged source gains nothing")
                    .isLessThanOrEqualTo(each.getKey().remaining());
        }
        assertThat(bench.pairs()).allMatch(pair -> pair.state() != PairState.SUCCEEDED);
    }

    @Test
    void whatIsNotForUsOrHasNoFingerprintIsDiscarded() {
        Bench bench = running(IceRole.CONTROLLED);
        int before = bench.sent.size();
        StunWriter stranger = new StunWriter(MsIce2Dialect.VERSION_2)
                .wrap(ByteBuffer.allocate(400))
                .request(StunMethod.BINDING, id(bench))
                .putBytes(MsIceAttributes.USERNAME, NulFilled.of("somebody:them"))
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2);

        bench.receive(base(bench), PEER, sealed(bench, stranger));
        bench.receive(
                base(bench),
                PEER,
                marked(bench, id(bench), MsIce2Dialect.VERSION_2, 2)
                        .integrity(Bench.key(bench.ours))
                        .finish());

        assertThat(bench.sent).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 430, 431, 432, 500})
    void anErrorThatAuthenticatesAndIsPassingSendsTheCheckAgain(int code) {
        Bench bench = running(IceRole.CONTROLLING);
        for (int i = 0; i < 3; i++) {
            refuse(bench, bench.lastRequest(), code);
            assertThat(bench.pairs().get(0).state()).as("refusal " + i).isNotEqualTo(PairState.FAILED);
            bench.advance(Duration.ofMillis(600));
        }

        refuse(bench, bench.lastRequest(), code);

        assertThat(bench.pairs().get(0).state()).as("it ends").isEqualTo(PairState.FAILED);
    }

    @Test
    void anotherErrorFailsThePairAtOnce() {
        Bench bench = running(IceRole.CONTROLLING);

        refuse(bench, bench.lastRequest(), 400);

        assertThat(bench.pairs().get(0).state()).isEqualTo(PairState.FAILED);
    }

    private static void refuse(Bench bench, Bench.Sent request, int code) {
        bench.receive(
                request.base(),
                request.to(),
                new StunWriter(MsIce2Dialect.VERSION_2)
                        .wrap(ByteBuffer.allocate(400))
                        .errorResponse(old(request), code, "test")
                        .integrity(Bench.key(bench.theirs))
                        .fingerprint()
                        .finish());
    }

    // Seen: the check that nominates has the transaction id of the one before
    @Test
    void aNominationInAReusedTransactionIdIsSeen() {
        Bench bench = running(IceRole.CONTROLLED);
        TransactionId id = id(bench);
        bench.receive(base(bench), PEER, sealed(bench, marked(bench, id, MsIce2Dialect.VERSION_2, 2)));
        answer(bench, bench.lastRequest());
        assertThat(bench.agent.state()).isEqualTo(IceState.CONNECTED);

        StunWriter nomination = marked(bench, id, MsIce2Dialect.VERSION_2, 2).put(Attributes.USE_CANDIDATE);
        bench.receive(base(bench), PEER, sealed(bench, nomination));

        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);
    }

    // By RFC 8445 a transaction id that was seen is a repetition, which leads to nothing new
    @Test
    void aNominationInAReusedTransactionIdTriggersACheckOfOurs() {
        Bench bench = running(IceRole.CONTROLLED);
        TransactionId id = id(bench);
        bench.receive(base(bench), PEER, sealed(bench, marked(bench, id, MsIce2Dialect.VERSION_2, 2)));
        bench.advance(Duration.ofMillis(700));
        List<TransactionId> before = transactions(bench);

        StunWriter nomination = marked(bench, id, MsIce2Dialect.VERSION_2, 2).put(Attributes.USE_CANDIDATE);
        bench.receive(base(bench), PEER, sealed(bench, nomination));
        bench.advance(Duration.ofMillis(100));

        assertThat(transactions(bench)).hasSizeGreaterThan(before.size());
    }

    private static List<TransactionId> transactions(Bench bench) {
        return bench.requests().stream()
                .map(sent -> sent.message().transactionId())
                .distinct()
                .toList();
    }

    @Test
    void aCompanionOfAPeersCheckIsAnsweredAndCountsOnce() {
        Bench bench = running(IceRole.CONTROLLED);
        bench.advance(Duration.ofSeconds(3));
        bench.sent.clear();
        ByteBuffer check = sealed(bench, marked(bench, id(bench), MsIce2Dialect.VERSION_2, 2));

        bench.receive(base(bench), PEER, check);
        bench.receive(base(bench), PEER, check);
        bench.advance(Duration.ofMillis(200));

        assertThat(bench.sent)
                .filteredOn(sent -> sent.message().messageClass() == StunClass.SUCCESS)
                .hasSize(2);
        assertThat(bench.requests())
                .extracting(sent -> sent.message().transactionId())
                .doesNotHaveDuplicates();
    }

    // Behind a NAT the selected local candidate is peer-reflexive, of the same address and number
    @Test
    void noSelectedCandidateIsServerReflexive() {
        Bench bench = bench(IceRole.CONTROLLING);
        InetSocketAddress mapped = at("203.0.113.9", 5001);
        bench.input(() -> bench.agent.addLocal(
                bench.now,
                0,
                new LocalCandidate(
                        Candidate.serverReflexive(
                                new Foundation("5"),
                                1,
                                TransportType.UDP,
                                1694234623,
                                mapped,
                                base(bench).address()),
                        base(bench))));
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        Bench.Sent check = bench.sent.get(0);
        bench.receive(
                check.base(),
                check.to(),
                new StunWriter(MsIce2Dialect.VERSION_2)
                        .wrap(ByteBuffer.allocate(400))
                        .respond(StunClass.SUCCESS, check.message())
                        .put(Attributes.XOR_MAPPED_ADDRESS, mapped)
                        .integrity(Bench.key(bench.theirs))
                        .fingerprint()
                        .finish());

        Candidate local = bench.agent.current(0, 1).orElseThrow().pair().local();

        assertThat(local.type()).isEqualTo(CandidateType.PEER_REFLEXIVE);
        assertThat(local.foundation()).isEqualTo(new Foundation("5"));
        assertThat(local.priority()).isEqualTo(0x6EFFFEFFL);
        assertThat(local.address().toString()).isEqualTo("203.0.113.9:5001");
    }

    // The controlled side obeys the first USE-CANDIDATE, whatever comes later
    @Test
    void theFirstNominationCounts() {
        Bench bench = new Bench(
                IceRole.CONTROLLED,
                settings -> Tuned.rules(Tuned.checks(settings, MsProfiles.ICE2.checks()), MsProfiles.ICE2.rules()),
                2);
        bench.local(0, "192.0.2.1", 5001, 1, "1", 65535);
        bench.remote(bench.description(
                List.of(host("198.51.100.1", 6001, 1, "1", 65000), host("198.51.100.2", 6001, 1, "2", 65535))));
        bench.advance(Duration.ofMillis(60));
        bench.requests().forEach(request -> answer(bench, request));
        for (String address : List.of("198.51.100.1", "198.51.100.2")) {
            bench.receive(base(bench), at(address, 6001), nomination(bench));
        }

        assertThat(bench.pairTo("198.51.100.1").nominated()).isTrue();
        assertThat(bench.pairTo("198.51.100.2").nominated()).isFalse();
    }

    /** Time passes, and the relay answers what is sent there. */
    private static void live(Bench bench, long milliseconds) {
        for (long passed = 0; passed < milliseconds; passed += 100) {
            int before = bench.sent.size();
            bench.advance(Duration.ofMillis(100));
            List.copyOf(bench.sent).stream()
                    .skip(before)
                    .filter(sent -> sent.isRequest() && sent.to().equals(at("198.51.100.9", 6001)))
                    .forEach(sent -> answer(bench, sent));
        }
    }

    // The longer time-out counts from the beginning, the shorter one from when both a check and an answer have come
    @Test
    void theShorterTimeOutBeginsWithTheSecondOfCheckAndAnswer() {
        Bench bench = bench(IceRole.CONTROLLING);
        bench.remote(bench.description(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535),
                Bench.of(CandidateType.RELAYED, "198.51.100.9", 6001, 1, "2"))));
        bench.advance(Duration.ofMillis(60));
        answer(bench, bench.lastRequest());
        live(bench, 4_000);
        assertThat(bench.requests()).as("no check has come").noneMatch(Bench.Sent::nominates);

        bench.receive(
                base(bench),
                at("198.51.100.9", 6001),
                sealed(bench, marked(bench, id(bench), MsIce2Dialect.VERSION_2, 2)));
        long both = bench.now;
        live(bench, 2_900);
        assertThat(bench.requests()).noneMatch(Bench.Sent::nominates);
        live(bench, 200);

        assertThat(bench.requests()).filteredOn(Bench.Sent::nominates).hasSize(1);
        assertThat(bench.now - both).isGreaterThan(3_000 * MS);
    }

    @Test
    void theLongerTimeOutNominatesWithoutAnyCheckOfThePeer() {
        Bench bench = bench(IceRole.CONTROLLING);
        bench.remote(bench.description(List.of(
                host("198.51.100.1", 6001, 1, "1", 65535),
                Bench.of(CandidateType.RELAYED, "198.51.100.9", 6001, 1, "2"))));
        bench.advance(Duration.ofMillis(3_000));
        live(bench, 1_000);
        assertThat(bench.agent.state()).as("the first valid pair comes late").isEqualTo(IceState.CONNECTED);

        live(bench, 5_800);
        assertThat(bench.requests()).noneMatch(Bench.Sent::nominates);
        live(bench, 300);

        assertThat(bench.requests()).anyMatch(Bench.Sent::nominates);
    }

    @Test
    void aCallWithoutAPairFailsAtTheEndOfTheLongerTimeOut() {
        Bench bench = running(IceRole.CONTROLLING);

        bench.advance(Duration.ofMillis(9_900));
        assertThat(bench.agent.state()).isEqualTo(IceState.CHECKING);
        bench.advance(Duration.ofMillis(200));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(failure(bench)).as("not the patience, which is longer").contains("answered within 10.0 s");
    }

    private static String failure(Bench bench) {
        return bench.events(AgentEvent.Failed.class).get(0).failure().explanation();
    }

    // A telephone may ring before the caller has our answer
    @Test
    void whoIsCalledCountsFromTheCallersFirstCheck() {
        Bench bench = running(IceRole.CONTROLLED);
        bench.advance(Duration.ofSeconds(20));
        assertThat(bench.agent.state()).isEqualTo(IceState.CHECKING);

        bench.receive(base(bench), PEER, sealed(bench, marked(bench, id(bench), MsIce2Dialect.VERSION_2, 2)));
        bench.advance(Duration.ofMillis(9_900));
        assertThat(bench.agent.state()).isEqualTo(IceState.CHECKING);
        bench.advance(Duration.ofMillis(200));

        assertThat(bench.agent.state()).isEqualTo(IceState.FAILED);
        assertThat(failure(bench)).contains("answered within 30.0 s");
    }

    // Clients of this family know no consent: what they send shows that they listen
    @Test
    void aPeerThatAnswersNoMoreButSendsIsNotLost() {
        Bench bench = running(IceRole.CONTROLLED);
        nominatedByPeer(bench);
        assertThat(bench.agent.state()).isEqualTo(IceState.COMPLETED);

        for (int second = 0; second < 60; second++) {
            bench.input(() -> bench.agent.dataArrived(bench.now, base(bench), PEER, 100));
            bench.advance(Duration.ofSeconds(1));
        }
        assertThat(bench.agent.current(0, 1)).isPresent();

        bench.advance(Duration.ofSeconds(31));
        assertThat(bench.agent.current(0, 1)).as("control: silence is loss").isEmpty();
    }

    // Digest §5.2; the application's word goes before it
    @Test
    void eightyPairsAreCheckedAtMost() {
        IceConfig config = IceConfig.create().profile(MsProfiles.ICE2);

        assertThat(config.maxPairs()).isEqualTo(80);
        assertThat(config.limits(30, 20).maxPairs()).isEqualTo(30);
        assertThat(IceConfig.create().maxPairs()).as("RFC 8445 §6.1.2.5").isEqualTo(100);
    }

    // Newer clients send checks of their own kind after the nomination (seen), for as long as the call lasts
    @Test
    void checksAfterTheNominationAreAnsweredForTheWholeCall() {
        Bench bench = running(IceRole.CONTROLLED);
        nominatedByPeer(bench);

        for (int minute = 0; minute < 20; minute++) {
            for (int second = 0; second < 60; second += 10) {
                bench.input(() -> bench.agent.dataArrived(bench.now, base(bench), PEER, 100));
                bench.advance(Duration.ofSeconds(10));
            }
            bench.sent.clear();
            bench.receive(
                    base(bench),
                    PEER,
                    sealed(
                            bench,
                            request(bench, id(bench), MsIce2Dialect.VERSION_2)
                                    .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)
                                    .put(MsIceAttributes.MS_8033)));
            assertThat(bench.sent)
                    .as("minute " + minute)
                    .filteredOn(sent -> sent.message().messageClass() == StunClass.SUCCESS)
                    .hasSize(1);
        }
    }

    // [MS-ICE] §3.1.4.8.3: on every published candidate, before the nomination and after it
    @Test
    void mediaIsTakenOnEveryPublishedCandidate() {
        Bench bench = bench(IceRole.CONTROLLED);
        bench.local(0, "192.0.2.7", 5002, 1, "2", 65000);
        Base other = Bench.base("192.0.2.7", 5002);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        assertThat(bench.agent.componentOf(base(bench), PEER)).isNotEqualTo(IceAgent.NOBODY);
        assertThat(bench.agent.componentOf(other, PEER)).isNotEqualTo(IceAgent.NOBODY);

        nominatedByPeer(bench);

        assertThat(bench.events(AgentEvent.Selected.class)).hasSize(1);
        assertThat(bench.agent.componentOf(other, PEER)).isNotEqualTo(IceAgent.NOBODY);
        assertThat(bench.agent.componentOf(other, at("203.0.113.66", 6001)))
                .as("control: not from strangers")
                .isEqualTo(IceAgent.NOBODY);
    }

    // Digest §12 B, computed from the published rules
    @Test
    void aPublishedCheckIsTaken() {
        StunMessage vector = read(
                ByteBuffer.wrap(HexFormat.of()
                        .parseHex(
                                "000100542112a442b0b1b2b3b4b5b6b7b8b9babb002400046efffeff802a000800112233445566770006000c"
                                        + "525252523a4c4c4c4c0000008054000431000000807000040000000200080014d48b886b7829f4c0cb0e76dac"
                                        + "893fa32aee5ad848028000451b2e9bf")),
                MsIce2Dialect.VERSION_2.alone());

        assertThat(MsProfiles.ICE2.checks().readableForms().get(0).wrote(vector))
                .isTrue();
        assertThat(MsProfiles.ICE2.checks().readableForms().get(0).hasUsername(vector, "RRRR:LLLL".getBytes()))
                .isTrue();
    }
}
