// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.MS;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceProfile;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.ice.RemoteTraits;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sansio.Base;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.SdpDialect;
import org.icepath.sdp.ms.AlternativeBodies;
import org.icepath.sdp.ms.MsSdpDialect;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.ms.CompanionMessage;
import org.icepath.stun.ms.MsIce2Dialect;
import org.icepath.stun.ms.MsIceAttributes;
import org.icepath.stun.ms.NulFilled;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.Zone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An agent that does not know which dialect its peer speaks. */
class AutoTest {

    private static AgentSettings speaking(AgentSettings settings, IceProfile profile) {
        return Tuned.rules(Tuned.checks(settings, profile.checks()), profile.rules());
    }

    private static Bench bench(IceRole role) {
        Bench bench = new Bench(role, settings -> speaking(settings, IceProfile.auto()), 1);
        bench.local(0, "192.0.2.1", 5001, 1, "1", 65535);
        return bench;
    }

    private static IceDescription two(Bench bench, Consumer<IceDescription.Builder> more) {
        return bench.describe(
                more, List.of(host("198.51.100.1", 6001, 1, "1", 65535), host("198.51.100.2", 6001, 1, "2", 65534)));
    }

    private static boolean isMs(Bench.Sent sent) {
        return isMs(sent.payload());
    }

    private static boolean isMs(ByteBuffer message) {
        StunMessage read = new StunMessage(MsIce2Dialect.VERSION_2).wrap(message.duplicate());
        return read.has(MsIceAttributes.IMPLEMENTATION_VERSION) || read.has(MsIceAttributes.CANDIDATE_IDENTIFIER);
    }

    private static ByteBuffer msAnswer(Bench bench, Bench.Sent request) {
        return msAnswer(bench, request, request.base().address());
    }

    private static ByteBuffer msAnswer(Bench bench, Bench.Sent request, InetSocketAddress mapped) {
        return new StunWriter(MsIce2Dialect.VERSION_2)
                .wrap(ByteBuffer.allocate(300))
                .respond(StunClass.SUCCESS, request.message())
                .put(Attributes.XOR_MAPPED_ADDRESS, mapped)
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)
                .integrity(Bench.key(bench.theirs))
                .fingerprint()
                .finish();
    }

    private static ByteBuffer msCheck(Bench bench) {
        return new StunWriter(MsIce2Dialect.VERSION_2)
                .wrap(ByteBuffer.allocate(300))
                .request(StunMethod.BINDING, TransactionId.next(bench.random))
                .putBytes(MsIceAttributes.USERNAME, NulFilled.of("ours:them"))
                .putUint32(Attributes.PRIORITY, 1000)
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)
                .integrity(Bench.key(bench.ours))
                .fingerprint()
                .finish();
    }

    // The provider is found; without it this test would be about the standard alone
    @Test
    void theProfileOfIceProfileIsTheProvidersOne() {
        assertThat(IceProfile.auto()).isSameAs(MsProfiles.AUTO).isNotEqualTo(IceProfile.RFC8445);
    }

    // Both forms of each check: its own transaction, its own beat, and no pair waits for another's second form
    @Test
    void towardsAnUnknownPeerBothFormsGoOut() {
        Bench bench = bench(IceRole.CONTROLLING);
        bench.remote(two(bench, builder -> {}));
        bench.advance(Duration.ofMillis(160));

        assertThat(bench.requests().stream().distinct())
                .extracting(sent -> sent.at() / MS
                        + (isMs(sent) ? " ms " : " rfc ")
                        + sent.to().getHostString())
                .contains("0 rfc 198.51.100.1", "50 rfc 198.51.100.2", "100 ms 198.51.100.1", "150 ms 198.51.100.2");
    }

    @Test
    void aDescriptionWithIce2DecidesForTheStandard() {
        Bench bench = bench(IceRole.CONTROLLING);
        bench.remote(two(bench, builder -> builder.option(IceDescription.ICE2)));
        bench.advance(Duration.ofMillis(160)); // the other forms would have had their beats
        bench.answer(bench.requests().get(0));
        bench.check(Bench.base("192.0.2.1", 5001), at("198.51.100.1", 6001), false);
        bench.advance(Duration.ofSeconds(60));

        assertThat(bench.sent).hasSizeGreaterThan(6).noneMatch(AutoTest::isMs);
    }

    @Test
    void aDescriptionWithTokensOfTheVendorDecidesForIt() {
        Bench bench = bench(IceRole.CONTROLLING);
        bench.remote(two(bench, builder -> builder.mark(MsSdpDialect.NAME)));
        bench.advance(Duration.ofMillis(160));

        assertThat(bench.sent).isNotEmpty().allMatch(AutoTest::isMs);
    }

    /** What an INVITE with this body says of its writer, to who reads it by the profile's own dialect. */
    private static IceDescription read(String contentType, String body) {
        return IceSdp.parse(contentType, body, IceProfile.auto().sdp()).description();
    }

    /** Each way in which a body shows its writer, by itself; and a body that shows none. */
    static Stream<Arguments> bodies() {
        String sdp = "application/sdp";
        String act = "a=candidate:3 1 TCP-ACT 174847487 198.51.100.6 54367 typ relay\r\n";
        String six = "a=x-candidate-ipv6:4 1 UDP 184547839 2001:db8::24 52280 typ relay\r\n";
        String two = AlternativeBodies.contentType("b0");
        return Stream.of(
                Arguments.of("TCP-ACT", (UnaryOperator<String>) body -> body + act, sdp, Set.of(true)),
                Arguments.of("x-candidate-ipv6", (UnaryOperator<String>) body -> body + six, sdp, Set.of(true)),
                Arguments.of(
                        "a fallback",
                        (UnaryOperator<String>)
                                body -> AlternativeBodies.of("v=0\r\n", body).format("b0"),
                        two,
                        Set.of(true)),
                Arguments.of("nothing", UnaryOperator.<String>identity(), sdp, Set.of(true, false)));
    }

    // From the text of an INVITE to what is on the wire
    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void whatABodyShowsOfItsWriterDecides(
            String what, UnaryOperator<String> shows, String contentType, Set<Boolean> forms) {
        Bench bench = bench(IceRole.CONTROLLING);
        String body = IceSdp.format(two(bench, builder -> {}), MsProfiles.ICE2.sdp(), 1, 1);

        bench.remote(read(contentType, shows.apply(body)));
        bench.advance(Duration.ofMillis(160));

        assertThat(bench.requests().stream().map(AutoTest::isMs).collect(Collectors.toSet()))
                .as(what)
                .isEqualTo(forms);
    }

    @Test
    void aBodyWithIce2DecidesForTheStandard() {
        Bench bench = bench(IceRole.CONTROLLING);
        IceDescription offer = two(bench, builder -> builder.option(IceDescription.ICE2));

        bench.remote(read("application/sdp", IceSdp.format(offer, SdpDialect.RFC8839, 1, 1)));
        bench.advance(Duration.ofMillis(160));

        assertThat(bench.sent).isNotEmpty().noneMatch(AutoTest::isMs);
    }

    // Readers of the vendor's look for credentials in each section, and for the lengths that theirs have
    @Test
    void whatItWritesHasCredentialsInEachSection() {
        IceCredentials credentials = IceProfile.auto().sdp().credentials(new Random(1));
        IceDescription description = IceDescription.builder()
                .sessionCredentials(credentials)
                .option(IceDescription.ICE2)
                .stream(StreamDescription.builder(0).build())
                .stream(StreamDescription.builder(1).build())
                .build();

        String[] sections =
                IceSdp.format(description, IceProfile.auto().sdp(), 1, 1).split("(?=m=)");

        assertThat(sections).hasSize(3);
        assertThat(sections[0]).contains("a=ice-options:ice2").doesNotContain("a=ice-ufrag");
        assertThat(List.of(sections[1], sections[2]))
                .allMatch(section -> section.contains(
                        "a=ice-ufrag:" + credentials.ufrag() + "\r\na=ice-pwd:" + credentials.password() + "\r\n"));
        assertThat(credentials.ufrag()).hasSize(4);
        assertThat(credentials.password()).hasSize(24);
    }

    // [MS-SDPEXT] a=rtcp:<port>, and what some clients cannot bear (digest §5.2): it may be one of them that reads it
    @Test
    void whatItWritesAndOffersIsForReadersOfTheVendorsToo() {
        SdpDialect sdp = IceProfile.auto().sdp();
        IceDescription description = IceDescription.builder().sessionCredentials(sdp.credentials(new Random(1))).stream(
                        StreamDescription.builder(0)
                                .candidate(host("192.0.2.1", 5000, 1, "1", 65535))
                                .candidate(host("192.0.2.1", 5009, 2, "1", 65535))
                                .build())
                .build();
        Candidate reflexive = reflexive("203.0.113.20", 50_002);

        assertThat(IceSdp.format(description, sdp, 1, 1)).contains("a=rtcp:5009\r\n");
        assertThat(sdp.mayOffer(reflexive("203.0.113.20", 50_003), List.of(reflexive)))
                .isFalse();
        assertThat(sdp.mayOffer(reflexive("203.0.113.21", 50_003), List.of(reflexive)))
                .isTrue();
    }

    private static Candidate reflexive(String address, int port) {
        return Candidate.serverReflexive(
                new Foundation("5"), 1, TransportType.UDP, 1694234623, at(address, port), at("192.0.2.1", 5001));
    }

    // What the peer's own checks are written in is tried first, and settles nothing
    @Test
    void aCheckOfThePeerIsAnsweredInKindAndItsFormGoesFirst() {
        Bench bench = bench(IceRole.CONTROLLED);
        bench.remote(bench.description(List.of()));

        bench.receive(Bench.base("192.0.2.1", 5001), at("198.51.100.1", 6001), msCheck(bench));
        bench.advance(Duration.ofMillis(60));

        List<Bench.Sent> sent = bench.sent;
        assertThat(isMs(sent.get(0))).as("the answer").isTrue();
        assertThat(sent.get(0).message().messageClass()).isEqualTo(StunClass.SUCCESS);
        assertThat(bench.requests()).extracting(AutoTest::isMs).containsExactly(true, false);
    }

    @Test
    void anAnswerThatVerifiedSettlesAndTheOtherFormEnds() {
        for (boolean ms : new boolean[] {false, true}) {
            Bench bench = bench(IceRole.CONTROLLING);
            bench.remote(two(bench, builder -> {}));
            bench.advance(Duration.ofMillis(160));
            assertThat(bench.requests()).noneMatch(Bench.Sent::nominates);
            Bench.Sent first = bench.requests().stream()
                    .filter(sent -> isMs(sent) == ms)
                    .findFirst()
                    .orElseThrow();
            bench.receive(
                    first.base(),
                    first.to(),
                    ms
                            ? msAnswer(bench, first)
                            : bench.success(first, first.base().address()));
            bench.sent.clear();
            bench.advance(Duration.ofSeconds(20));

            assertThat(bench.requests()).isNotEmpty().allMatch(sent -> isMs(sent) == ms);
            assertThat(bench.requests()).anyMatch(Bench.Sent::nominates);
            assertThat(bench.pairTo("198.51.100.2").state())
                    .as("the other form's end is not the pair's")
                    .isIn(PairState.IN_PROGRESS, PairState.FROZEN, PairState.WAITING);
        }
    }

    /** The twin of a message for stacks with the other checksum, right behind it. */
    private static long companions(List<Bench.Sent> sent) {
        return IntStream.range(1, sent.size())
                .filter(i -> {
                    ByteBuffer twin = ByteBuffer.allocate(400);
                    Bench.Sent before = sent.get(i - 1);
                    return CompanionMessage.write(before.payload(), twin)
                            && sent.get(i).payload().equals(twin)
                            && sent.get(i).at() == before.at();
                })
                .count();
    }

    // [MS-ICE2] §3.1.4.8.2: the oldest of its stacks read nothing else, and nobody knows yet whether this is one
    @Test
    void theVendorsFormHasCompanionsUntilTheStandardIsSettledOn() {
        Bench bench = bench(IceRole.CONTROLLING);
        bench.remote(bench.description(IntStream.range(1, 9)
                .mapToObj(i -> host("198.51.100." + i, 6001, 1, "" + i, 65535 - i))
                .toList()));
        bench.advance(Duration.ofSeconds(2));
        assertThat(companions(bench.sent)).isPositive();

        Bench.Sent standard = bench.requests().stream()
                .filter(sent -> !isMs(sent))
                .findFirst()
                .orElseThrow();
        bench.receive(
                standard.base(),
                standard.to(),
                bench.success(standard, standard.base().address()));
        bench.sent.clear();
        bench.check(Bench.base("192.0.2.1", 5001), at("198.51.100.1", 6001), false);
        bench.advance(Duration.ofSeconds(60));

        assertThat(bench.sent).isNotEmpty().noneMatch(AutoTest::isMs);
        assertThat(companions(bench.sent)).isZero();
    }

    // Stacks that are older than the marks: the integrity alone tells them from the standard's
    @Test
    void aCheckWithoutMarksIsAnsweredInKindAndWithACompanion() {
        Bench bench = bench(IceRole.CONTROLLED);
        bench.remote(bench.description(List.of()));
        long companions = 0;
        for (int i = 0; i < 20; i++) {
            bench.sent.clear();
            StunWriter unmarked =
                    MsChecksTest.request(bench, TransactionId.next(bench.random), MsIce2Dialect.VERSION_2);
            bench.receive(
                    Bench.base("192.0.2.1", 5001), at("198.51.100.1", 6001), MsChecksTest.sealed(bench, unmarked));
            List<Bench.Sent> answers = bench.sent.stream()
                    .filter(sent -> sent.message().messageClass() == StunClass.SUCCESS)
                    .toList();
            assertThat(answers).isNotEmpty().allMatch(AutoTest::isMs);
            companions += companions(answers);
        }
        assertThat(companions).isPositive();
    }

    // Seen: the check that nominates has the transaction id of the one before, and we may know the dialect by then or
    // not
    @Test
    void aNominationInAReusedTransactionIdTriggersACheckBeforeADialectIsSettled() {
        Bench bench = bench(IceRole.CONTROLLED);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        TransactionId id = TransactionId.next(bench.random);
        Base base = Bench.base("192.0.2.1", 5001);
        InetSocketAddress peer = at("198.51.100.1", 6001);
        bench.receive(
                base, peer, MsChecksTest.sealed(bench, MsChecksTest.marked(bench, id, MsIce2Dialect.VERSION_2, 2)));
        bench.advance(Duration.ofMillis(700));
        long before = transactions(bench);

        StunWriter nomination =
                MsChecksTest.marked(bench, id, MsIce2Dialect.VERSION_2, 2).put(Attributes.USE_CANDIDATE);
        bench.receive(base, peer, MsChecksTest.sealed(bench, nomination));
        bench.advance(Duration.ofMillis(100));

        assertThat(transactions(bench)).isGreaterThan(before);
    }

    private static long transactions(Bench bench) {
        return bench.requests().stream()
                .map(sent -> sent.message().transactionId())
                .distinct()
                .count();
    }

    // The answer that settles on the vendor's dialect is the first that its rules are for
    @Test
    void theAnswerThatSettlesMakesNoServerReflexiveCandidateTheSelectedOne() {
        Bench bench = bench(IceRole.CONTROLLING);
        InetSocketAddress mapped = at("203.0.113.9", 5001);
        Base base = Bench.base("192.0.2.1", 5001);
        bench.input(() -> bench.agent.addLocal(
                bench.now, 0, new LocalCandidate(reflexive(mapped.getHostString(), mapped.getPort()), base)));
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.advance(Duration.ofMillis(160));
        Bench.Sent ms =
                bench.requests().stream().filter(AutoTest::isMs).findFirst().orElseThrow();

        bench.receive(ms.base(), ms.to(), msAnswer(bench, ms, mapped));

        Candidate local = bench.agent.current(0, 1).orElseThrow().pair().local();
        assertThat(local.type()).isEqualTo(CandidateType.PEER_REFLEXIVE);
        assertThat(local.foundation()).isEqualTo(new Foundation("5"));
        assertThat(local.address()).hasToString("203.0.113.9:5001");
    }

    // 400 and 401 without integrity are what each says to the other's checks
    @Test
    void errorsWithoutIntegrityEndNothing() {
        Bench bench = bench(IceRole.CONTROLLING);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
        bench.advance(Duration.ofMillis(60));
        for (Bench.Sent request : bench.requests()) {
            bench.receive(
                    request.base(),
                    request.to(),
                    StunWriter.into(ByteBuffer.allocate(100))
                            .errorResponse(request.message(), 401, "Unauthorized")
                            .fingerprint()
                            .finish());
        }
        bench.advance(Duration.ofSeconds(3));
        Bench.Sent ms =
                bench.requests().stream().filter(AutoTest::isMs).findFirst().orElseThrow();
        bench.receive(ms.base(), ms.to(), msAnswer(bench, ms));

        assertThat(bench.agent.state()).isEqualTo(IceState.CONNECTED);
    }

    @Test
    void nothingMayBeNominatedBeforeADialectIsSettled() {
        assertThat(IceProfile.auto().rules().towards(RemoteTraits.NONE).mayNominate(RemoteTraits.NONE))
                .isFalse();
        assertThat(MsProfiles.ICE2.rules().mayNominate(RemoteTraits.NONE)).isTrue();
    }

    /** Both meet and complete; how long it took, in nanoseconds. */
    private static long meet(
            IceProfile ours, IceProfile theirs, IceRole role, int addresses, long milliseconds, boolean tell) {
        VirtualNetwork net = new VirtualNetwork(1);
        Zone lan = net.zone("lan", LinkConditions.ofMillis(milliseconds));
        Side alice = new Side(lan.host("alice", "192.168.1.1"), role, 1, 2)
                .hostCandidates()
                .tuned(settings -> speaking(settings, ours));
        Side bob = new Side(lan.host("bob", "192.168.1.2"), role.other(), 2, 2)
                .tuned(settings -> speaking(settings, theirs));
        for (int i = 1; i < addresses; i++) {
            bob.host.attach(lan, "192.168.1." + (2 + i));
        }
        bob.hostCandidates();
        if (!tell) {
            alice.withoutIce2();
            bob.withoutIce2();
        }
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);
        long before = net.now();
        boolean met = net.runUntil(
                () -> alice.state() == IceState.COMPLETED && bob.state() == IceState.COMPLETED, Duration.ofSeconds(9));
        assertThat(met)
                .as(ours.name() + " as " + role + " and " + theirs.name())
                .isTrue();
        long took = net.now() - before;
        net.runFor(Duration.ofMinutes(2));
        assertThat(alice.state()).as("it lasts").isEqualTo(IceState.COMPLETED);
        assertThat(bob.state()).isEqualTo(IceState.COMPLETED);
        if (tell) {
            assertThat(net.log().sentBy("alice"))
                    .as("the vendor's forms once a description has shown ice2")
                    .isNotEmpty()
                    .noneMatch(sent -> isMs(sent.packet().payload()));
        }
        return took;
    }

    static Stream<IceProfile> profiles() {
        return Stream.of(IceProfile.RFC8445, MsProfiles.ICE2, IceProfile.auto());
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void itMeetsPeersOfEitherDialectAndItsOwnKind(IceProfile other) {
        for (IceRole role : IceRole.values()) {
            meet(IceProfile.auto(), other, role, 2, 20, false);
        }
    }

    // The bar: at most one beat (50 ms) later than the RFC profile; with ice2 not at all, and in the standard's form
    // alone
    @Test
    void towardsAStandardPeerItIsAtMostOneBeatLaterAndWithIce2SendsNoOtherForm() {
        for (IceRole role : IceRole.values()) {
            for (int addresses : new int[] {1, 2, 5}) {
                for (long wire : new long[] {0, 5, 60, 200}) {
                    long rfc = meet(IceProfile.RFC8445, IceProfile.RFC8445, role, addresses, wire, true);
                    long auto = meet(IceProfile.auto(), IceProfile.RFC8445, role, addresses, wire, false);
                    long told = meet(IceProfile.auto(), IceProfile.RFC8445, role, addresses, wire, true);

                    String where = role + ", " + addresses + " addresses, " + wire + " ms: " + rfc + " " + auto;
                    assertThat(auto - rfc).as(where).isLessThanOrEqualTo(50 * MS);
                    assertThat(told).as(where).isLessThanOrEqualTo(rfc);
                }
            }
        }
    }

    // Control: without a common form there is no call
    @Test
    void theTwoDialectsAloneDoNotMeet() {
        VirtualNetwork net = new VirtualNetwork(1);
        Zone lan = net.zone("lan", LinkConditions.ofMillis(5));
        Side alice = new Side(lan.host("alice", "192.168.1.1"), IceRole.CONTROLLING, 1, 1).hostCandidates();
        Side bob = new Side(lan.host("bob", "192.168.1.2"), IceRole.CONTROLLED, 2, 1)
                .hostCandidates()
                .tuned(settings -> speaking(settings, MsProfiles.ICE2));
        alice.run();
        bob.run();
        bob.learn(alice);
        alice.learn(bob);

        net.runFor(Duration.ofSeconds(60));

        assertThat(alice.state()).isEqualTo(IceState.FAILED);
    }
}
