// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.MediaLine;
import org.icepath.candidate.RemoteCandidate;
import org.icepath.candidate.StreamDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IceSdpParseTest {
    /** RFC 8839 §4.2.6. */
    static final String RFC_EXAMPLE = """
            v=0
            o=jdoe 2890844526 2890842807 IN IP4 203.0.113.141
            s=
            c=IN IP4 192.0.2.3
            t=0 0
            a=ice-options:ice2
            a=ice-pacing:50
            a=ice-pwd:asd88fgpdd777uzjYhagZg
            a=ice-ufrag:8hhY
            m=audio 45664 RTP/AVP 0
            b=RS:0
            b=RR:0
            a=rtpmap:0 PCMU/8000
            a=candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host
            a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998
            """;

    private static final String TWO_STREAMS = """
            v=0
            o=- 1 1 IN IP4 192.0.2.1
            s=-
            c=IN IP4 192.0.2.1
            t=0 0
            a=group:LS a v
            a=group:BUNDLE a v
            a=ice-ufrag:sess
            a=ice-pwd:sessionpasswordsessionpw
            a=ice-lite
            m=audio 5000 RTP/AVP 0 8
            a=mid:a
            a=rtcp-mux
            a=candidate:1 1 UDP 7 192.0.2.1 5000 typ host
            m=video 6000/2 RTP/SAVPF 96
            c=IN IP6 2001:db8::1
            a=mid:v
            a=ice-ufrag:vide
            a=ice-pwd:videopasswordvideopasswo
            a=ice-options:trickle renomination
            a=rtcp:6009 IN IP4 192.0.2.9
            a=remote-candidates:1 192.0.2.7 7000 2 2001:db8::7 7001
            a=end-of-candidates
            """;

    private static IceDescription described(String body) {
        ParsedSdp parsed = IceSdp.parse(body);
        assertThat(parsed.problems()).isEmpty();
        return parsed.description();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void rfcExampleIsReadWithAnyLineEnd(String lineEnd) {
        IceDescription description = described(RFC_EXAMPLE.replace("\n", lineEnd));
        StreamDescription audio = description.streams().get(0);

        assertThat(description.options()).containsExactly("ice2");
        assertThat(description.pacing()).contains(Duration.ofMillis(50));
        assertThat(description.lite()).isFalse();
        assertThat(description.sessionCredentials()).contains(new IceCredentials("8hhY", "asd88fgpdd777uzjYhagZg"));
        assertThat(audio.credentials()).isEqualTo(description.sessionCredentials());
        assertThat(audio.candidates()).hasSize(2);
        assertThat(audio.mediaLine()).isEqualTo(MediaLine.AUDIO);
        assertThat(audio.defaultDestination(Candidate.RTP)).contains(CandidateAddress.of("192.0.2.3", 45664));
        assertThat(description.mismatch(audio)).isFalse();
    }

    @Test
    void mixedLineEndsAreTolerated() {
        String mixed = RFC_EXAMPLE.replace("s=\n", "s=\r\n").replace("t=0 0\n", "t=0 0\r");

        assertThat(described(mixed)).isEqualTo(described(RFC_EXAMPLE));
    }

    @Test
    void mediaLevelOverridesSessionLevel() {
        IceDescription description = described(TWO_STREAMS);

        assertThat(description.lite()).isTrue();
        assertThat(description.bundleGroups()).containsExactly(List.of("a", "v"));
        assertThat(description.streams().get(0).credentials())
                .contains(new IceCredentials("sess", "sessionpasswordsessionpw"));
        assertThat(description.streams().get(1).credentials())
                .contains(new IceCredentials("vide", "videopasswordvideopasswo"));
    }

    // RFC 8839 §5.4: each attribute is looked up by itself
    @Test
    void halvesFromBothLevelsMakeOnePair() {
        String body = """
                v=0
                a=ice-pwd:sessionpasswordsessionpw
                m=audio 9 RTP/AVP 0
                c=IN IP4 0.0.0.0
                a=ice-ufrag:half
                """;

        assertThat(described(body).streams().get(0).credentials())
                .contains(new IceCredentials("half", "sessionpasswordsessionpw"));
    }

    @Test
    void attributesOfAStreamAreRead() {
        StreamDescription video = described(TWO_STREAMS).streams().get(1);

        assertThat(video.mid()).contains("v");
        assertThat(video.options()).containsExactly("trickle", "renomination");
        assertThat(video.endOfCandidates()).isTrue();
        assertThat(video.rtcpMux()).isFalse();
        assertThat(video.defaultDestination(Candidate.RTP)).contains(CandidateAddress.of("2001:db8::1", 6000));
        assertThat(video.defaultDestination(Candidate.RTCP)).contains(CandidateAddress.of("192.0.2.9", 6009));
        assertThat(video.remoteCandidates())
                .containsExactly(
                        new RemoteCandidate(1, CandidateAddress.of("192.0.2.7", 7000)),
                        new RemoteCandidate(2, CandidateAddress.of("2001:db8::7", 7001)));
    }

    // RFC 3605 §2.1
    @Test
    void rtcpWithoutAddressIsAtTheAddressOfTheStream() {
        String body = RFC_EXAMPLE + "a=rtcp:53020\n";

        assertThat(described(body).streams().get(0).rtcpDestination())
                .contains(CandidateAddress.of("192.0.2.3", 53020));
    }

    // RFC 8840 §4.1
    @Test
    void endOfCandidatesOfTheSessionEndsEveryStream() {
        String body = TWO_STREAMS.replace("a=ice-lite\n", "a=end-of-candidates\n");

        assertThat(described(body).streams()).allMatch(StreamDescription::endOfCandidates);
    }

    @Test
    void connectionLosesTimeToLiveAndCount() {
        String body = RFC_EXAMPLE.replace("192.0.2.3\nt", "224.2.1.1/127/3\nt");

        assertThat(described(body).streams().get(0).destination()).contains(CandidateAddress.of("224.2.1.1", 45664));
    }

    @Test
    void oneBadCandidateCostsNoOther() {
        String body = RFC_EXAMPLE.replace("2130706431", "0") + "a=candidate:3 1 UDP 5 192.0.2.3 1 typ host\n";

        ParsedSdp parsed = IceSdp.parse(body);

        assertThat(parsed.description().streams().get(0).candidates()).hasSize(2);
        assertThat(parsed.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.lineNumber()).isEqualTo(14);
            assertThat(problem.reason()).contains("priority");
            assertThat(problem.text()).startsWith("a=candidate:1 1 UDP 0");
        });
    }

    @Test
    void unknownTypesAndTransportsAreKeptAside() {
        String body = RFC_EXAMPLE
                + "a=candidate:3 1 UDP 5 192.0.2.3 1 typ teleport\n"
                + "a=candidate:4 1 SCTP 5 192.0.2.3 1 typ host x y\n";

        ParsedSdp parsed = IceSdp.parse(body);

        StreamDescription audio = parsed.description().streams().get(0);
        assertThat(audio.candidates()).hasSize(2);
        assertThat(audio.unusableCandidates())
                .extracting(candidate -> candidate.text())
                .containsExactly(
                        "candidate:3 1 UDP 5 192.0.2.3 1 typ teleport",
                        "candidate:4 1 SCTP 5 192.0.2.3 1 typ host x y");
        assertThat(parsed.problems()).extracting(SdpProblem::lineNumber).containsExactly(16, 17);
    }

    @Test
    void badCredentialsLeaveAStreamWithoutIceAndArePrintedWithoutThePassword() {
        String body = TWO_STREAMS.replace("videopasswordvideopasswo", "tooshort!secret");

        ParsedSdp parsed = IceSdp.parse(body);

        assertThat(parsed.description().streams().get(0).hasIce()).isTrue();
        assertThat(parsed.description().streams().get(1).hasIce()).isFalse();
        assertThat(parsed.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.lineNumber()).isEqualTo(19);
            assertThat(problem.toString()).doesNotContain("secret").contains("ice-pwd");
        });
    }

    @Test
    void repeatedCredentialsAreReportedAndTheFirstCount() {
        ParsedSdp parsed = IceSdp.parse(RFC_EXAMPLE.replace("a=ice-ufrag:8hhY", "a=ice-ufrag:8hhY\na=ice-ufrag:zzzz"));

        assertThat(parsed.description().sessionCredentials().orElseThrow().ufrag())
                .isEqualTo("8hhY");
        assertThat(parsed.problems()).extracting(SdpProblem::lineNumber).containsExactly(10);
    }

    @Test
    void aLonelyUfragIsReported() {
        ParsedSdp parsed = IceSdp.parse("v=0\nm=audio 9 RTP/AVP 0\na=ice-ufrag:abcd\n");

        assertThat(parsed.description().hasIce()).isFalse();
        assertThat(parsed.problems()).extracting(SdpProblem::lineNumber).containsExactly(3);
    }

    @Test
    void misplacedAttributesAreReported() {
        ParsedSdp parsed = IceSdp.parse("""
                v=0
                a=candidate:1 1 UDP 7 192.0.2.1 5000 typ host
                a=ice-mismatch
                m=audio 9 RTP/AVP 0
                a=ice-lite
                a=ice-pacing:50
                """);

        assertThat(parsed.problems()).extracting(SdpProblem::lineNumber).containsExactly(2, 3, 5, 6);
        assertThat(parsed.description().lite()).isFalse();
    }

    @Test
    void mismatchTokenAndRejectedStreamsAreRead() {
        IceDescription description = described("""
                v=0
                c=IN IP4 192.0.2.1
                m=audio 5000 RTP/AVP 0
                a=ice-mismatch
                m=video 0 RTP/AVP 31
                m=video 0 RTP/AVP 31
                a=bundle-only
                m=audio 0 RTP/AVP
                """);

        assertThat(description.streams().get(0).iceMismatch()).isTrue();
        assertThat(description.streams())
                .extracting(StreamDescription::rejected)
                .containsExactly(false, true, false, true);
        assertThat(description.hasIce()).isFalse();
    }

    @Test
    void aStreamRejectedWithoutAnyConnectionLineIsStillRejected() {
        assertThat(described("v=0\nm=audio 0 RTP/AVP 0\n").streams().get(0).rejected())
                .isTrue();
    }

    // the streams behind it are known by their place
    @Test
    void aMalformedMediaLineKeepsItsPlace() {
        ParsedSdp parsed =
                IceSdp.parse("v=0\nm=audio many RTP/AVP 0\nm=\nm=video 6000 RTP/AVP 31\nc=IN IP4 192.0.2.1\n");

        assertThat(parsed.problems()).extracting(SdpProblem::lineNumber).containsExactly(2, 3);
        assertThat(parsed.description().streams())
                .extracting(StreamDescription::rejected)
                .containsExactly(true, true, false);
        assertThat(parsed.description().streams().get(2).mediaLine().media()).isEqualTo("video");
    }

    @Test
    void badValuesAreReportedWithTheirLines() {
        ParsedSdp parsed = IceSdp.parse("""
                v=0
                c=IN IP4 300.1.1.1
                a=ice-pacing:soon
                a=group:BUNDLE a b@c
                m=audio 5000 RTP/AVP 0
                c=IN IP5 192.0.2.1
                a=mid:a b
                a=rtcp:x
                a=remote-candidates:1 192.0.2.1 5000 2 192.0.2.1 70000 3 192.0.2.1
                """);

        assertThat(parsed.problems())
                .extracting(SdpProblem::lineNumber)
                .containsExactlyInAnyOrder(2, 3, 4, 6, 7, 8, 9, 9);
        assertThat(parsed.description().streams().get(0).remoteCandidates())
                .containsExactly(new RemoteCandidate(1, CandidateAddress.of("192.0.2.1", 5000)));
        assertThat(parsed.description().streams().get(0).destination()).isEmpty();
    }

    @Test
    void candidatesBeyondTheLimitAreReportedOnce() {
        String many = IntStream.rangeClosed(1, 300)
                .mapToObj(i -> "a=candidate:" + i + " 1 UDP " + i + " 192.0.2.1 " + i + " typ host\n")
                .collect(Collectors.joining());

        ParsedSdp parsed = IceSdp.parse(RFC_EXAMPLE.substring(0, RFC_EXAMPLE.indexOf("a=candidate")) + many);

        assertThat(parsed.description().streams().get(0).candidates()).hasSize(SdpLimits.CANDIDATES);
        assertThat(parsed.problems())
                .singleElement()
                .extracting(SdpProblem::reason)
                .asString()
                .contains("200");
    }

    @Test
    void hugeBodiesGrowNothingWithoutBound() {
        String body = "m=audio 9 RTP/AVP 0\na=candidate:bad\na=ice-options:" + "x ".repeat(1000) + "\n";

        ParsedSdp parsed = IceSdp.parse(body.repeat(10_000));

        assertThat(parsed.problems()).hasSize(SdpLimits.PROBLEMS);
        assertThat(parsed.description().streams()).hasSize(SdpLimits.STREAMS);
        assertThat(parsed.description().streams().get(0).options().size()).isLessThanOrEqualTo(SdpLimits.LIST);
    }

    // who asks why the peer's last candidates are missing is to find the answer
    @Test
    void linesBeyondTheLimitAreReportedOnce() {
        int before = (int) RFC_EXAMPLE.lines().count();
        String padding = "a=x\n".repeat(SdpLimits.LINES - before);
        String beyond = "a=candidate:9 1 UDP 1 192.0.2.9 9 typ host\nm=video 9 RTP/AVP 99\na=candidate:bad\n";

        ParsedSdp parsed = IceSdp.parse(RFC_EXAMPLE + padding + beyond);

        SdpProblem problem = parsed.problems().get(0);
        assertThat(parsed.problems()).hasSize(1);
        assertThat(problem.lineNumber()).isEqualTo(SdpLimits.LINES + 1);
        assertThat(problem.reason()).contains("more than 10000 lines");
        assertThat(parsed.description().streams().get(0).candidates())
                .isEqualTo(
                        IceSdp.parse(RFC_EXAMPLE).description().streams().get(0).candidates());
        assertThat(IceSdp.parse(RFC_EXAMPLE + padding).problems()).isEmpty();
    }

    @Test
    void overlongLinesAreReportedByNameAlone() {
        String body = RFC_EXAMPLE + "a=crypto:1 AES inline:" + "k".repeat(5000) + "\n";

        assertThat(IceSdp.parse(body).problems())
                .singleElement()
                .extracting(SdpProblem::text)
                .isEqualTo("a=crypto...");
    }

    @Test
    void problemsCarryNoControlCharacters() {
        ParsedSdp parsed = IceSdp.parse("v=0\nm=audio 9 RTP/AVP 0\na=candidate:\u001B[31m 1 \u0000 7 \u0007\n");

        assertThat(parsed.problems()).singleElement().satisfies(problem -> assertThat(problem.toString())
                .doesNotContain("\u001B")
                .doesNotContain("\u0000")
                .contains("?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "\r\n\r\n", "a=", "m=", "c=", "=", "a", "\u0000", "m=\nm=\nm=", "a=candidate", "a=:"})
    void anyTextIsRead(String text) {
        assertThat(IceSdp.parse(text).description().hasIce()).isFalse();
    }

    @Test
    void anEmptyDescriptionIsNoIce() {
        assertThat(IceSdp.parse("").description())
                .isEqualTo(IceDescription.builder().build());
    }
}
