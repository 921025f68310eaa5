// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.MediaLine;
import org.icepath.candidate.SessionOrigin;
import org.icepath.candidate.StreamDescription;
import org.junit.jupiter.api.Test;

class IceSdpFormatTest {
    private static final IceCredentials CREDENTIALS = new IceCredentials("8hhY", "asd88fgpdd777uzjYhagZg");

    private static Candidate candidate(String line) {
        return CandidateLine.parse("candidate:" + line);
    }

    private static StreamDescription.Builder audio(String... lines) {
        StreamDescription.Builder stream = StreamDescription.builder(0).credentials(CREDENTIALS);
        for (String line : lines) {
            stream.candidate(candidate(line));
        }
        return stream;
    }

    private static IceDescription of(StreamDescription.Builder stream) {
        return IceDescription.builder().stream(stream.build()).build();
    }

    @Test
    void bodyIsCompleteAndInTheOrderOfTheGrammar() {
        IceDescription description = IceDescription.builder()
                .option(IceDescription.ICE2)
                .pacing(Duration.ofMillis(20))
                .lite(true)
                .bundleGroup(List.of("a"))
                .stream(audio("1 1 UDP 7 192.0.2.1 5000 typ host", "1 2 UDP 6 192.0.2.1 5003 typ host")
                        .mid("a")
                        .endOfCandidates(true)
                        .build())
                .build();

        assertThat(IceSdp.format(description, SdpDialect.RFC8839, 42, 3)).isEqualTo("""
                        v=0
                        o=- 42 3 IN IP4 192.0.2.1
                        s=-
                        t=0 0
                        a=group:BUNDLE a
                        a=ice-lite
                        a=ice-options:ice2
                        a=ice-pacing:20
                        m=audio 5000 RTP/AVP 0
                        c=IN IP4 192.0.2.1
                        a=mid:a
                        a=rtcp:5003 IN IP4 192.0.2.1
                        a=ice-ufrag:8hhY
                        a=ice-pwd:asd88fgpdd777uzjYhagZg
                        a=candidate:1 1 UDP 7 192.0.2.1 5000 typ host
                        a=candidate:1 2 UDP 6 192.0.2.1 5003 typ host
                        a=end-of-candidates
                        """.replace("\n", "\r\n"));
    }

    // RFC 8445 §5.1.4
    @Test
    void defaultIsRelayedBeforeReflexiveBeforeHost() {
        String host = "1 1 UDP 900 192.0.2.1 5000 typ host";
        String reflexive = "2 1 UDP 800 192.0.2.2 5001 typ srflx";
        String relayed = "3 1 UDP 700 192.0.2.3 5002 typ relay";

        assertThat(destination(host, reflexive, relayed)).isEqualTo("192.0.2.3:5002");
        assertThat(destination(host, reflexive)).isEqualTo("192.0.2.2:5001");
        assertThat(destination(host)).isEqualTo("192.0.2.1:5000");
    }

    @Test
    void defaultIsIpv4BeforeIpv6ThenByPriority() {
        assertThat(destination(
                        "1 1 UDP 900 2001:db8::1 5000 typ host",
                        "2 1 UDP 700 192.0.2.1 5001 typ host",
                        "3 1 UDP 800 192.0.2.2 5002 typ host"))
                .isEqualTo("192.0.2.2:5002");
        assertThat(destination("1 1 UDP 900 2001:db8::1 5000 typ host")).isEqualTo("[2001:db8::1]:5000");
    }

    // RFC 8840 §4.1.1: nothing to offer yet
    @Test
    void defaultIsNowhereWithoutAUsableCandidate() {
        assertThat(destination()).isEqualTo("0.0.0.0:9");
        assertThat(destination("1 1 UDP 900 a.local 5000 typ host", "1 1 TCP 900 192.0.2.1 5000 typ host"))
                .isEqualTo("0.0.0.0:9");
    }

    private static String destination(String... lines) {
        return IceSdp.withDefaults(of(audio(lines)))
                .streams()
                .get(0)
                .destination()
                .orElseThrow()
                .toString();
    }

    @Test
    void rtcpDefaultIsOfTheTypeAndFamilyOfTheRtpDefault() {
        StreamDescription stream = IceSdp.withDefaults(of(audio(
                        "1 1 UDP 9 192.0.2.1 5000 typ host",
                        "1 2 UDP 8 192.0.2.1 5001 typ host",
                        "3 1 UDP 7 192.0.2.3 5002 typ srflx",
                        "3 2 UDP 6 2001:db8::1 5003 typ srflx",
                        "3 2 UDP 5 192.0.2.3 5009 typ srflx")))
                .streams()
                .get(0);

        assertThat(stream.rtcpDestination()).contains(CandidateAddress.of("192.0.2.3", 5009));
    }

    // RFC 8839 §3.2.5: what we announce must not look like a mismatch to the peer
    @Test
    void whatIsFormattedIsNoMismatch() {
        String host = "1 1 UDP 9 192.0.2.1 5000 typ host";
        for (StreamDescription.Builder stream : List.of(
                audio(host),
                audio(host).rtcpMux(true),
                audio(host, "1 2 UDP 8 192.0.2.1 5003 typ host").rtcpMux(true),
                audio(host, "1 2 UDP 8 192.0.2.1 5003 typ host"))) {
            IceDescription read = IceSdp.parse(IceSdp.format(of(stream))).description();

            assertThat(read.mismatch(read.streams().get(0))).isFalse();
        }
    }

    // RFC 5761 §5.1.3
    @Test
    void withMuxAndNoRtcpCandidateRtcpGoesWhereRtpGoes() {
        assertThat(IceSdp.format(of(audio("1 1 UDP 9 192.0.2.1 5000 typ host").rtcpMux(true))))
                .contains("a=rtcp:5000 IN IP4 192.0.2.1\r\na=rtcp-mux\r\n")
                .doesNotContain("b=R");
    }

    // RFC 3556 §2
    @Test
    void withoutMuxAndRtcpCandidatesTheBodySaysThereIsNoRtcp() {
        assertThat(IceSdp.format(of(audio("1 1 UDP 9 192.0.2.1 5000 typ host"))))
                .contains("c=IN IP4 192.0.2.1\r\nb=RS:0\r\nb=RR:0\r\n")
                .doesNotContain("a=rtcp");
    }

    @Test
    void ipv6DestinationsAreWrittenAsIp6() {
        assertThat(IceSdp.format(of(audio("1 1 UDP 9 2001:db8::1 5000 typ host"))))
                .contains("c=IN IP6 2001:db8::1\r\n");
    }

    @Test
    void streamsWithoutIceAndRejectedOnesKeepTheirPlace() {
        IceDescription description = IceDescription.builder().stream(StreamDescription.builder(0)
                        .mediaLine(new MediaLine("video", "RTP/AVP", "31"))
                        .destination(CandidateAddress.of("192.0.2.1", 0))
                        .build())
                .stream(StreamDescription.builder(1)
                        .destination(CandidateAddress.of("192.0.2.1", 4000))
                        .build())
                .build();

        assertThat(IceSdp.format(description))
                .contains("m=video 0 RTP/AVP 31\r\n")
                .contains("m=audio 4000 RTP/AVP 0\r\n");
        assertThat(IceSdp.parse(IceSdp.format(description)).description()).isEqualTo(description);
    }

    @Test
    void sharedCredentialsStandInTheSessionSectionOnly() {
        IceDescription description = IceDescription.builder().sessionCredentials(CREDENTIALS).stream(
                        audio("1 1 UDP 9 192.0.2.1 5000 typ host").build())
                .build();

        assertThat(IceSdp.format(description).split("a=ice-pwd", -1)).hasSize(2);
    }

    // RFC 3264 §8: throughout a session the o= line stays as it was, but for the version
    @Test
    void theOriginOfADescriptionIsItsLine() {
        IceDescription first = of(audio("1 1 UDP 2130706431 192.0.2.1 5000 typ host"));
        SessionOrigin origin = new SessionOrigin(42, 7, CandidateAddress.of("192.0.2.99", 5000));
        IceDescription counted = first.toBuilder().origin(origin).build();

        assertThat(IceSdp.format(counted)).contains("\r\no=- 42 7 IN IP4 192.0.2.99\r\n");
        assertThat(IceSdp.format(counted, SdpDialect.RFC8839, 43, 8))
                .as("who counts himself")
                .contains("\r\no=- 43 8 IN IP4 192.0.2.99\r\n");
        assertThat(IceSdp.format(first))
                .as("the first of its session")
                .containsPattern("\r\no=- [0-9]+ 1 IN IP4 192\\.0\\.2\\.1\r\n");
        assertThat(counted).as("they say the same").isEqualTo(first);
    }
}
