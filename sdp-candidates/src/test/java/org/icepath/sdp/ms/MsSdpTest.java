// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.sdp.CandidateLine;
import org.icepath.sdp.IceSdp;
import org.icepath.sdp.ParsedSdp;
import org.icepath.sdp.SdpDialect;
import org.icepath.sdp.SdpParseException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MsSdpTest {

    private static final MsSdpDialect DIALECT = MsSdpDialect.INSTANCE;
    private static final String OFFER = """
            v=0
            o=- 0 1 IN IP4 198.51.100.5
            s=session
            c=IN IP4 198.51.100.5
            b=CT:99980
            t=0 0
            m=audio 59224 RTP/SAVP 9 0 8 101
            a=ice-ufrag:qTWN
            a=ice-pwd:2o2rsBBDtO3pvvcdWePDtHhn
            a=candidate:1 1 UDP 2130706431 192.0.2.10 50016 typ host\s
            a=candidate:1 2 UDP 2130705918 192.0.2.10 50017 typ host\s
            a=candidate:2 1 TCP-PASS 174456319 198.51.100.6 54367 typ relay raddr 203.0.113.20 rport 50019\s
            a=candidate:3 1 UDP 184548351 198.51.100.5 59224 typ relay raddr 203.0.113.20 rport 50002\s
            a=x-candidate-ipv6:4 1 UDP 184547839 2001:db8::24 52280 typ relay raddr 203.0.113.20 rport 50002\s
            a=x-candidate-ipv6:5 1 tcp-pass 174453759 2001:db8::25 3478 typ relay
            a=candidate:7 1 TCP-ACT 1684796415 203.0.113.20 50019 typ srflx raddr 192.0.2.10 rport 50019\s
            a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd|2^31|1:1
            a=rtcp:50017
            """.replace("\n", "\r\n");

    // digest §5.3: decoded from published offers
    @ParameterizedTest
    @CsvSource({
        "HOST, UDP, 1, 1, 2130706431",
        "HOST, UDP, 1, 2, 2130705918",
        "HOST, UDP, 2, 1, 2130705919",
        "RELAYED, PASSIVE, 2, 1, 174456319",
        "RELAYED, UDP, 3, 1, 184548351",
        "RELAYED, UDP, 4, 1, 184547839",
        "SERVER_REFLEXIVE, UDP, 5, 1, 1694234623",
        "RELAYED, ACTIVE, 6, 1, 174847487",
        "RELAYED, PASSIVE, 7, 1, 174453759",
        "RELAYED, ACTIVE, 8, 1, 174846463",
        "SERVER_REFLEXIVE, ACTIVE, 9, 1, 1684795391",
        "SERVER_REFLEXIVE, ACTIVE, 9, 2, 1684794878",
        "SERVER_REFLEXIVE, ACTIVE, 4, 1, 1684797951"
    })
    void prioritiesAreThoseOfPublishedOffers(
            CandidateType type, String transport, int number, int component, long priority) {
        TransportType known =
                switch (transport) {
                    case "ACTIVE" -> TransportType.TCP_ACTIVE;
                    case "PASSIVE" -> TransportType.TCP_PASSIVE;
                    default -> TransportType.UDP;
                };
        assertThat(DIALECT.priority(type, known, number, component)).isEqualTo(priority);
    }

    @Test
    void aTunnelComesLast() {
        assertThat(MsPriority.ofTunnel(TransportType.UDP, 3, 1)).isEqualTo(33553407);
        assertThat(MsPriority.of(CandidateType.PEER_REFLEXIVE, TransportType.UDP, 1, 1) >>> 24)
                .isEqualTo(110);
        assertThatThrownBy(() -> MsPriority.of(CandidateType.HOST, TransportType.UDP, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("candidate number 0");
    }

    @Test
    void everyKindOfLineIsReadAndWrittenAgain() {
        ParsedSdp parsed = IceSdp.parse(OFFER, DIALECT);
        List<Candidate> candidates = parsed.description().streams().get(0).candidates();

        assertThat(parsed.problems()).isEmpty();
        assertThat(candidates).hasSize(7);
        assertThat(candidates.get(2).transport()).isEqualTo(TransportType.TCP_PASSIVE);
        assertThat(candidates.get(5).transport()).isEqualTo(TransportType.TCP_PASSIVE);
        assertThat(candidates.get(6).transport()).isEqualTo(TransportType.TCP_ACTIVE);
        assertThat(CandidateLine.format(candidates.get(4), DIALECT))
                .isEqualTo(
                        "x-candidate-ipv6:4 1 UDP 184547839 2001:db8::24 52280 typ relay raddr 203.0.113.20 rport 50002");
        assertThat(CandidateLine.format(candidates.get(6), DIALECT))
                .isEqualTo(
                        "candidate:7 1 TCP-ACT 1684796415 203.0.113.20 50019 typ srflx raddr 192.0.2.10 rport 50019");
        assertThat(IceSdp.applyTo(OFFER, parsed.description(), DIALECT)).isEqualTo(OFFER);
        assertThat(IceSdp.parse(OFFER).description().streams().get(0).candidates())
                .as("the standard does not know these tokens")
                .hasSize(3);
    }

    // digest §5.2 and RFC 6544 §4.5: both candidates of a relay over TCP have its port here, the active one there has
    // none
    @Test
    void anActiveCandidateOfARelayIsToldWithThePortItConnectsFrom() {
        String line = "candidate:6 1 TCP-ACT 174847487 198.51.100.6 54367 typ relay raddr 203.0.113.20 rport 50019";
        Candidate active = CandidateLine.parse(line, DIALECT);

        assertThat(DIALECT.told(active)).isEqualTo(active);
        assertThat(SdpDialect.RFC8839.told(active).address()).hasToString("198.51.100.6:9");
    }

    // digest §6.1: the relay where there is one, else the host
    @Test
    void theDefaultDestinationIsTheRelayElseTheHost() {
        List<Candidate> rtp = IceSdp.parse(OFFER, DIALECT).description().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.component() == Candidate.RTP)
                .toList();
        List<Candidate> withoutRelay = rtp.stream()
                .filter(candidate -> candidate.type() != CandidateType.RELAYED)
                .toList();

        assertThat(DIALECT.defaultCandidate(rtp)).contains(rtp.get(2));
        assertThat(DIALECT.defaultCandidate(withoutRelay)).contains(rtp.get(0));
        assertThat(DIALECT.defaultCandidate(List.of())).isEmpty();
    }

    // What is selected over TCP alone is in the m= and c= lines, too; of a whole list what others can connect to
    @Test
    void withoutUdpTheDefaultDestinationIsTcps() {
        List<Candidate> tcp = IceSdp.parse(OFFER, DIALECT).description().streams().get(0).candidates().stream()
                .filter(candidate -> candidate.transport().isTcp())
                .toList();
        Candidate active = tcp.get(2);

        assertThat(DIALECT.defaultCandidate(tcp)).contains(tcp.get(0));
        assertThat(active.transport()).isEqualTo(TransportType.TCP_ACTIVE);
        assertThat(DIALECT.defaultCandidate(List.of(active))).contains(active);
    }

    @Test
    void credentialsHaveTheLengthsOfThoseClients() {
        IceCredentials credentials = DIALECT.credentials(new Random(1));

        assertThat(credentials.ufrag()).hasSize(4);
        assertThat(credentials.password()).hasSize(24);
    }

    @TestFactory
    Stream<DynamicTest> noCandidateOfAPublishedOfferIsLost() throws IOException {
        Path samples = samples();
        assumeTrue(Files.isDirectory(samples), "no samples at " + samples);
        try (Stream<Path> files = Files.list(samples)) {
            return files.filter(file -> file.getFileName().toString().startsWith("ms-")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
        }
    }

    private static void check(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String body = file.toString().endsWith(".mime")
                ? AlternativeBodies.parse(
                                "multipart/alternative;boundary=\"----=_NextPart_000_001E_01CB4397.0B5EB570\"", text)
                        .sdp()
                        .orElseThrow()
                : text;
        IceDescription description = IceSdp.parse(body, DIALECT).description();
        List<String> lines = body.lines()
                .filter(line -> line.startsWith("a=candidate:") || line.startsWith("a=x-candidate-ipv6:"))
                .distinct()
                .toList();
        List<String> old = lines.stream().filter(Draft06Candidate::isDraft06).toList();
        List<String> written = description.streams().stream()
                .flatMap(stream -> stream.candidates().stream())
                .map(candidate -> "a=" + CandidateLine.format(candidate, DIALECT))
                .toList();

        assertThat(old.size() + written.size()).isEqualTo(lines.size());
        assertThat(lines.stream().filter(line -> !old.contains(line)).map(MsSdpTest::normal))
                .containsExactlyElementsOf(written);
        assertThat(old).allSatisfy(line -> assertThat(
                        "a=" + Draft06Candidate.parse(line).format().strip())
                .isEqualTo(line.strip().replace("=", "").replaceFirst("^acandidate", "a=candidate")));
        assertThat(IceSdp.applyTo(body, description, DIALECT)).isEqualTo(body);
    }

    /** Case of tokens and spaces at the end are the sender's taste. */
    private static String normal(String line) {
        return line.strip().replace(" tcp-pass ", " TCP-PASS ");
    }

    private static Path samples() {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            if (Files.isDirectory(up.resolve("shared/vectors/sdp"))) {
                return up.resolve("shared/vectors/sdp");
            }
        }
        return Path.of("shared/vectors/sdp");
    }

    // draft-ietf-mmusic-ice-06 as in digest §6.2
    @Test
    void aLineOfTheDraftIsReadAndWrittenAgain() {
        String line =
                "candidate:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 2 ICEiIyQlJicoKSorLC0uLw UDP 0.830 192.0.2.10"
                        + " 50005 ";
        Draft06Candidate candidate = Draft06Candidate.parse("a=" + line);

        assertThat(candidate.usernameBytes()).hasSize(32).startsWith(0, 1, 2);
        assertThat(candidate.passwordBytes()).hasSize(16).startsWith(0x20);
        assertThat(candidate.component()).isEqualTo(2);
        assertThat(candidate.preference()).isEqualTo(830);
        assertThat(candidate.format()).isEqualTo(line);
        assertThat(candidate.toString()).doesNotContain("ICEiIyQl");
    }

    // draft-ietf-mmusic-ice-06: the preference is a decimal fraction; those clients write three digits of it
    @ParameterizedTest
    @CsvSource({"0.830, 830", "0.5, 500", "0.05, 50", "0.041, 41", "0.0, 0"})
    void aPreferenceOfTheDraftIsAFraction(String written, int preference) {
        Draft06Candidate candidate =
                Draft06Candidate.parse("candidate:AAEC 1 ICEi UDP " + written + " 192.0.2.10 5004");

        assertThat(candidate.preference()).isEqualTo(preference);
        assertThat(Draft06Candidate.parse(candidate.format())).isEqualTo(candidate);
    }

    // what goes over the wire has the digits of ASCII, wherever the machine stands
    @Test
    void aLineOfTheDraftIsTheSameInEveryLanguage() {
        String line =
                "candidate:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 2 ICEiIyQlJicoKSorLC0uLw UDP 0.830 192.0.2.10"
                        + " 50005 ";
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

            assertThat(Draft06Candidate.parse(line).format()).isEqualTo(line);
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "candidate:AAEC 1 ICEi UDP 0.830 192.0.2.10",
        "candidate:AAEC 1 ICEi UDP 0.830 192.0.2.10 x",
        "candidate:AA*C 1 ICEi UDP 0.830 192.0.2.10 5",
        "candidate:AAEC 0 ICEi UDP 0.830 192.0.2.10 5",
        "candidate:AAEC 1 ICEi SCTP 0.830 192.0.2.10 5",
        "candidate:AAEC 1 ICEi UDP 0.8300 192.0.2.10 5",
        "candidate:AAEC 1 ICEi UDP 0. 192.0.2.10 5",
        "candidate:AAEC 1 ICEi UDP 0.+83 192.0.2.10 5",
        "candidate:AAEC 1 ICEi UDP 0.830 192.0.2.10 70000",
        "candidate:1 1 UDP 1 192.0.2.10 5 typ host"
    })
    void anythingElseIsNoLineOfTheDraft(String line) {
        assertThatThrownBy(() -> Draft06Candidate.parse(line)).isInstanceOf(SdpParseException.class);
    }

    // digest §6.3
    @Test
    void theRightPartOfAnInviteWithTwoFormsIsTaken() {
        AlternativeBodies bodies = AlternativeBodies.of("v=0\r\nold\r\n", "v=0\r\nnew\r\n");
        String text = bodies.format("=_Part_1");
        AlternativeBodies read = AlternativeBodies.parse(AlternativeBodies.contentType("=_Part_1"), text);

        assertThat(read).isEqualTo(bodies);
        assertThat(read.sdp()).contains("v=0\r\nnew\r\n");
        assertThat(read.fallback()).contains("v=0\r\nold\r\n");
        assertThat(AlternativeBodies.isAlternative(AlternativeBodies.contentType("b")))
                .isTrue();
        assertThat(AlternativeBodies.isAlternative("application/sdp")).isFalse();
        assertThat(AlternativeBodies.parse("multipart/alternative", text).parts())
                .isEmpty();
        assertThat(AlternativeBodies.parse("multipart/alternative; boundary=x", "--x\r\nno end")
                        .sdp())
                .isEmpty();
        assertThatThrownBy(() -> bodies.format("new")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bodies.format("a b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFallbackOffersNothingThatWouldBeAnswered() {
        IceDescription description = IceSdp.parse(OFFER, DIALECT).description();
        String fallback = DIALECT.fallbackBody(description).orElseThrow();
        StreamDescription stream =
                IceSdp.parse(fallback).description().streams().get(0);

        assertThat(fallback).contains("m=audio 0 RTP/SAVP 9 0 8 101\r\n");
        assertThat(stream.candidates()).isEmpty();
        assertThat(IceSdp.parse(fallback).problems()).isEmpty();
    }

    private static final String PLAIN = """
            v=0
            o=- 0 1 IN IP4 192.0.2.10
            s=session
            c=IN IP4 192.0.2.10
            t=0 0
            m=audio 50016 RTP/SAVP 0
            a=ice-ufrag:qTWN
            a=ice-pwd:2o2rsBBDtO3pvvcdWePDtHhn
            a=candidate:1 1 UDP 2130706431 192.0.2.10 50016 typ host\s
            """.replace("\n", "\r\n");

    // digest §5.4: some servers repeat lines; tokens were seen in either case
    @Test
    void aCandidateThatIsRepeatedCountsOnce() {
        String line =
                "a=candidate:2 1 TCP-PASS 174456319 198.51.100.6 54367 typ relay raddr 203.0.113.20 rport 50019\r\n";
        String body = PLAIN + line + line.replace("TCP-PASS", "tcp-pass").replace("\r", " \r") + line;
        ParsedSdp parsed = IceSdp.parse(body, DIALECT);

        assertThat(parsed.description().streams().get(0).candidates()).hasSize(2);
        assertThat(parsed.problems()).isEmpty();
    }

    private static List<String> sections(String body) {
        return List.of(body.split("(?=m=)"));
    }

    // digest §6.1: per m= section, whatever the sections share
    @Test
    void credentialsStandInEachSection() {
        IceCredentials credentials = DIALECT.credentials(new Random(1));
        IceDescription description = IceDescription.builder().sessionCredentials(credentials).stream(
                        StreamDescription.builder(0)
                                .candidate(line("1 1 UDP 1 192.0.2.10 5 typ host"))
                                .build())
                .stream(StreamDescription.builder(1)
                        .candidate(line("1 1 UDP 1 192.0.2.10 7 typ host"))
                        .build())
                .build();
        String bare = "v=0\r\no=- 0 1 IN IP4 192.0.2.10\r\ns=-\r\nt=0 0\r\n"
                + "m=audio 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\nm=video 9 RTP/AVP 31\r\nc=IN IP4 0.0.0.0\r\n";
        for (String body :
                List.of(IceSdp.format(description, DIALECT, 1, 1), IceSdp.applyTo(bare, description, DIALECT))) {
            assertThat(sections(body)).hasSize(3);
            assertThat(sections(body).get(0)).doesNotContain("a=ice-");
            assertThat(sections(body).subList(1, 3)).allSatisfy(section -> assertThat(section)
                    .contains("a=ice-ufrag:" + credentials.ufrag() + "\r\n", "a=ice-pwd:" + credentials.password()));
            assertThat(IceSdp.applyTo(body, description, DIALECT)).isEqualTo(body);
            assertThat(IceSdp.parse(body, DIALECT).description().streams())
                    .allSatisfy(stream -> assertThat(stream.credentials()).contains(credentials));
        }
        assertThat(sections(IceSdp.format(description)).get(0))
                .as("by the standard once for all")
                .contains("a=ice-ufrag:" + credentials.ufrag());
    }

    // digest §6.1: a=rtcp:<port>; an address of its own would have to be said
    @ParameterizedTest
    @CsvSource({"192.0.2.10, 'a=rtcp:5009'", "192.0.2.11, 'a=rtcp:5009 IN IP4 192.0.2.11'"})
    void thePortOfRtcpStandsAloneWhereItsAddressIsKnown(String address, String expected) {
        IceDescription description =
                IceDescription.builder().sessionCredentials(DIALECT.credentials(new Random(1))).stream(
                                StreamDescription.builder(0)
                                        .candidate(line("1 1 UDP 1 192.0.2.10 5000 typ host"))
                                        .candidate(line("1 2 UDP 1 " + address + " 5009 typ host"))
                                        .build())
                        .build();

        assertThat(IceSdp.format(description, DIALECT, 1, 1)).contains("\r\n" + expected + "\r\n");
        assertThat(IceSdp.format(description))
                .as("by the standard with its address")
                .contains("\r\na=rtcp:5009 IN IP4 " + address + "\r\n");
    }

    @Test
    void credentialsThatStandForAllStayWhereTheyAre() {
        String body = PLAIN.replaceAll("a=ice-(ufrag|pwd):.*\r\n", "")
                .replace("t=0 0\r\n", "t=0 0\r\na=ice-ufrag:qTWN\r\na=ice-pwd:2o2rsBBDtO3pvvcdWePDtHhn\r\n");
        IceDescription description = IceSdp.parse(body, DIALECT).description();

        assertThat(description.sessionCredentials()).isPresent();
        assertThat(IceSdp.applyTo(body, description, DIALECT)).isEqualTo(body);
    }

    // what only these writers write shows them, each by itself
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=candidate:2 1 TCP-ACT 174847487 198.51.100.6 54367 typ relay",
                "a=candidate:2 1 tcp-pass 174456319 198.51.100.6 54367 typ relay",
                "a=x-candidate-ipv6:4 1 UDP 184547839 2001:db8::24 52280 typ relay"
            })
    void aLineOfItsOwnMarksTheDescription(String line) {
        assertThat(IceSdp.parse(PLAIN + line + "\r\n", DIALECT).description().marks())
                .containsExactly(MsSdpDialect.NAME);
        assertThat(IceSdp.parse(PLAIN, DIALECT).description().marks())
                .as("a control: the others show nothing")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=candidate:2 1 TCP 174847487 198.51.100.6 9 typ host tcptype active",
                "a=candidate:2 1 UDP 174847487 198.51.100.6 5 typ relay x TCP-ACT",
                "a=note:2 1 TCP-ACT "
            })
    void aLineThatOthersWriteMarksNothing(String line) {
        assertThat(IceSdp.parse(PLAIN + line + "\r\n", DIALECT).description().marks())
                .isEmpty();
    }

    // digest §6.3: a fallback beside the description shows its writer, whatever the description has
    @Test
    void aBodyWithAFallbackMarksTheDescriptionOfItsOtherPart() {
        String fallback =
                DIALECT.fallbackBody(IceSdp.parse(PLAIN, DIALECT).description()).orElseThrow();
        String type = AlternativeBodies.contentType("b0");

        IceDescription both = IceSdp.parse(
                        type, AlternativeBodies.of(fallback, PLAIN).format("b0"), DIALECT)
                .description();
        assertThat(both.marks()).containsExactly(MsSdpDialect.NAME);
        assertThat(both.streams().get(0).candidates()).hasSize(1);

        IceDescription alone = IceSdp.parse(
                        type,
                        new AlternativeBodies(
                                        List.of(new AlternativeBodies.Part("Content-Type: application/sdp", PLAIN)))
                                .format("b0"),
                        DIALECT)
                .description();
        assertThat(alone.marks()).isEmpty();
        assertThat(alone.streams().get(0).candidates()).hasSize(1);
        assertThat(IceSdp.parse("application/sdp", PLAIN, DIALECT).description())
                .isEqualTo(alone);
    }

    @Test
    void byTheStandardABodyIsReadAsItStands() {
        assertThat(IceSdp.parse("application/sdp", PLAIN, SdpDialect.RFC8839)).isEqualTo(IceSdp.parse(PLAIN));
    }

    private static Candidate line(String text) {
        return CandidateLine.parse("candidate:" + text, DIALECT);
    }

    // digest §5.2, §6.1: what upsets clients of the family, or what they have no word for, is not offered
    @Test
    void whatItsClientsCannotBearIsNotOffered() {
        Candidate known = line("2 1 UDP 1 203.0.113.20 50002 typ srflx raddr 192.0.2.10 rport 50002");

        assertThat(DIALECT.mayOffer(line("3 1 UDP 1 203.0.113.20 50003 typ srflx"), List.of(known)))
                .isFalse();
        assertThat(DIALECT.mayOffer(line("3 1 UDP 1 203.0.113.21 50003 typ srflx"), List.of(known)))
                .isTrue();
        assertThat(DIALECT.mayOffer(line("3 1 UDP 1 203.0.113.20 50003 typ relay"), List.of(known)))
                .isTrue();
        assertThat(DIALECT.mayOffer(line("3 1 TCP-ACT 1 203.0.113.20 50003 typ srflx"), List.of(known)))
                .isTrue();
        assertThat(DIALECT.mayOffer(line("3 1 TCP-SO 1 192.0.2.10 50003 typ host"), List.of()))
                .isFalse();
        assertThat(SdpDialect.RFC8839.mayOffer(line("3 1 TCP-SO 1 192.0.2.10 50003 typ host"), List.of()))
                .isTrue();
    }

    // digest §5.3: a Teredo host candidate is 33553407 as number 3; 6to4 likewise (inferred)
    @ParameterizedTest
    @CsvSource({
        "2001:0:53aa:64c::1, 33553407",
        "2002:c000:20a::1, 33553407",
        "2001:db8::1, 2130705407",
        "192.0.2.10, 2130705407"
    })
    void tunnelsHaveTheLeastPriorityOfAll(String address, long priority) throws IOException {
        assertThat(DIALECT.hostPriority(InetAddress.getByName(address), TransportType.UDP, 3, 1))
                .isEqualTo(priority);
    }

    // What Skype and Teams send from the first candidate of each component (digest §5.3)
    @Test
    void checksOfTheFirstCandidateHaveThePrioritiesThatWereSeen() {
        assertThat(MsPriority.ofCheck(line("1 1 UDP 1 192.0.2.10 5 typ host"))).isEqualTo(0x6EFFFEFFL);
        assertThat(MsPriority.ofCheck(line("1 2 UDP 1 192.0.2.10 6 typ host"))).isEqualTo(0x6EFFFDFEL);
    }
}
