// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IceSdpApplyTest {
    /** As a SIP stack without ICE writes it; odd blanks and unknown lines are meant. */
    private static final String PLAIN = """
            v=0
            o=alice 1 1 IN IP4 10.0.0.1
            s=Phone call\s
            c=IN IP4 10.0.0.1
            t=0 0
            x-unknown: kept
            m=audio 4000 RTP/SAVP 0 8
            i=voice
            a=rtpmap:0  PCMU/8000
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:kept|2^31|1:1
            a=rtcp:4001
            a=sendrecv
            m=video 4002/2 RTP/AVP 31
            c=IN IP4 10.0.0.2
            b=AS:512
            """;

    private static final String EXPECTED = """
            v=0
            o=alice 1 1 IN IP4 10.0.0.1
            s=Phone call\s
            c=IN IP4 10.0.0.1
            t=0 0
            x-unknown: kept
            a=ice-options:ice2
            m=audio 5000 RTP/SAVP 0 8
            i=voice
            c=IN IP4 192.0.2.1
            a=rtpmap:0  PCMU/8000
            a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:kept|2^31|1:1
            a=rtcp:5001 IN IP4 192.0.2.1
            a=ice-ufrag:8hhY
            a=ice-pwd:asd88fgpdd777uzjYhagZg
            a=candidate:1 1 UDP 7 192.0.2.1 5000 typ host
            a=candidate:1 2 UDP 6 192.0.2.1 5001 typ host
            a=sendrecv
            m=video 6000/2 RTP/AVP 31
            c=IN IP6 2001:db8::1
            b=AS:512
            a=rtcp-mux
            a=ice-ufrag:8hhY
            a=ice-pwd:asd88fgpdd777uzjYhagZg
            a=candidate:2 1 UDP 7 2001:db8::1 6000 typ host
            """;

    private static final IceCredentials CREDENTIALS = new IceCredentials("8hhY", "asd88fgpdd777uzjYhagZg");

    private static IceDescription offer() {
        IceDescription plain = IceSdp.parse(PLAIN).description();
        StreamDescription audio = StreamDescription.builder(0)
                .mediaLine(plain.streams().get(0).mediaLine())
                .credentials(CREDENTIALS)
                .candidate(CandidateLine.parse("candidate:1 1 UDP 7 192.0.2.1 5000 typ host"))
                .candidate(CandidateLine.parse("candidate:1 2 UDP 6 192.0.2.1 5001 typ host"))
                .build();
        StreamDescription video = StreamDescription.builder(1)
                .mediaLine(plain.streams().get(1).mediaLine())
                .credentials(CREDENTIALS)
                .candidate(CandidateLine.parse("candidate:2 1 UDP 7 2001:db8::1 6000 typ host"))
                .destination(CandidateAddress.of("2001:db8::1", 6000))
                .rtcpMux(true)
                .build();
        return IceDescription.builder().option("ice2").stream(audio).stream(video)
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void onlyTheLinesOfIceChangeAndLineEndsStay(String lineEnd) {
        String applied = IceSdp.applyTo(PLAIN.replace("\n", lineEnd), offer());

        assertThat(applied).isEqualTo(EXPECTED.replace("\n", lineEnd));
    }

    @Test
    void whatWasAppliedIsReadBack() {
        assertThat(IceSdp.parse(IceSdp.applyTo(PLAIN, offer())).description()).isEqualTo(IceSdp.withDefaults(offer()));
    }

    @Test
    void applyingTwiceChangesNothingMore() {
        String once = IceSdp.applyTo(PLAIN, offer());

        assertThat(IceSdp.applyTo(once, offer())).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void aBodyThatAlreadySaysItKeepsEveryByte(String lineEnd) {
        String body = IceSdpParseTest.RFC_EXAMPLE.replace("\n", lineEnd).replace("typ host", "typ host ");

        assertThat(IceSdp.applyTo(body, IceSdp.parse(body).description())).isEqualTo(body);
    }

    @Test
    void aBodyWithoutLastLineEndDoesNotRunTogether() {
        String body = PLAIN.stripTrailing();

        assertThat(IceSdp.applyTo(body, offer())).isEqualTo(EXPECTED);
    }

    @Test
    void staleLinesOfIceGo() {
        String stale = PLAIN + """
                a=ice-ufrag:olde
                a=ice-pwd:oldpasswordoldpasswordol
                a=candidate:9 1 UDP 1 10.9.9.9 9 typ host
                a=candidate:broken
                a=remote-candidates:1 10.9.9.9 9
                a=end-of-candidates
                a=ice-mismatch
                """;

        String applied = IceSdp.applyTo(stale, offer());

        assertThat(applied).doesNotContain("olde", "10.9.9.9", "broken", "end-of", "mismatch", "10.0.0.2");
        assertThat(IceSdp.parse(applied).description()).isEqualTo(IceSdp.withDefaults(offer()));
    }

    @Test
    void sessionCredentialsOfTheOldBodyDoNotSurvive() {
        String stale =
                PLAIN.replace("t=0 0\n", "t=0 0\na=ice-ufrag:olde\na=ice-pwd:oldpasswordoldpasswordol\na=ice-lite\n");

        String applied = IceSdp.applyTo(stale, offer());

        assertThat(applied)
                .isEqualTo(EXPECTED.replace(
                        "t=0 0\nx-unknown: kept\na=ice-options:ice2\n",
                        "t=0 0\na=ice-options:ice2\nx-unknown: kept\n"));
    }

    // RFC 8840 §4.1: at session level it would end streams that are still trickling
    @Test
    void endOfCandidatesOfTheSessionGoesWhenAStreamHasNotEnded() {
        String ended =
                IceSdp.applyTo(PLAIN, offer()).replace("a=ice-options:ice2", "a=ice-options:ice2\na=end-of-candidates");
        StreamDescription audio =
                offer().streams().get(0).toBuilder().endOfCandidates(true).build();
        IceDescription half = offer().toBuilder().replaceStream(audio).build();

        String applied = IceSdp.applyTo(ended, half);

        assertThat(IceSdp.parse(applied).description().streams())
                .extracting(StreamDescription::endOfCandidates)
                .containsExactly(true, false);
    }

    @Test
    void rejectingAStreamWritesPortZeroAndTakesItsIceAway() {
        String body = IceSdp.applyTo(PLAIN, offer());
        StreamDescription rejected = StreamDescription.builder(1)
                .mediaLine(offer().streams().get(1).mediaLine())
                .destination(CandidateAddress.of("2001:db8::1", 0))
                .build();
        IceDescription answer = offer().toBuilder().replaceStream(rejected).build();

        String applied = IceSdp.applyTo(body, answer);

        assertThat(applied).endsWith("m=video 0/2 RTP/AVP 31\nc=IN IP6 2001:db8::1\nb=AS:512\n");
    }

    @Test
    void aStreamWithoutIceAndDestinationKeepsItsOwn() {
        IceDescription audioOnly = offer().toBuilder()
                .replaceStream(StreamDescription.builder(1)
                        .mediaLine(offer().streams().get(1).mediaLine())
                        .build())
                .build();

        assertThat(IceSdp.applyTo(PLAIN, audioOnly)).endsWith(PLAIN.substring(PLAIN.indexOf("m=video")));
    }

    @Test
    void sectionsBeyondTheDescriptionStay() {
        IceDescription audioOnly =
                IceDescription.builder().stream(offer().streams().get(0)).build();

        assertThat(IceSdp.applyTo(PLAIN, audioOnly)).endsWith(PLAIN.substring(PLAIN.indexOf("m=video")));
    }

    @Test
    void aDescriptionWithMoreStreamsThanTheBodyIsRefused() {
        assertThatThrownBy(() -> IceSdp.applyTo("v=0\nm=audio 9 RTP/AVP 0\n", offer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 streams");
    }

    @Test
    void severalConnectionLinesBecomeOne() {
        String body = PLAIN.replace("c=IN IP4 10.0.0.2\n", "c=IN IP4 10.0.0.2\nc=IN IP4 10.0.0.3\n");

        assertThat(IceSdp.applyTo(body, offer())).isEqualTo(EXPECTED);
    }

    @Test
    void noConnectionLineIsAddedWhereTheSessionSaysTheSame() {
        String body = PLAIN.replace("c=IN IP4 10.0.0.1", "c=IN IP4 192.0.2.1");

        List<String> lines = IceSdp.applyTo(body, offer()).lines().toList();

        assertThat(lines).filteredOn("c=IN IP4 192.0.2.1"::equals).hasSize(1);
    }

    // the session's pair must not jump in where a stream's own was bad
    @Test
    void aStreamWhoseCredentialsWereBadStaysWithoutIce() {
        String body = IceSdp.applyTo(
                        PLAIN,
                        offer().toBuilder().sessionCredentials(CREDENTIALS).build()) + "a=ice-ufrag:x\n";
        IceDescription read = IceSdp.parse(body).description();
        IceDescription changed = read.toBuilder()
                .replaceStream(
                        read.streams().get(1).toBuilder().endOfCandidates(true).build())
                .build();

        String applied = IceSdp.applyTo(body, changed);

        assertThat(read.streams()).extracting(StreamDescription::hasIce).containsExactly(true, false);
        assertThat(IceSdp.applyTo(body, read)).isEqualTo(body);
        assertThat(IceSdp.parse(applied).description()).isEqualTo(changed);
    }

    @Test
    void halvesFromBothLevelsStayWhereTheyAre() {
        String body = IceSdp.applyTo(PLAIN, offer())
                .replace("a=ice-ufrag:8hhY\n", "")
                .replace("t=0 0\n", "t=0 0\na=ice-ufrag:8hhY\n");

        assertThat(IceSdp.parse(body).description()).isEqualTo(IceSdp.withDefaults(offer()));
        assertThat(IceSdp.applyTo(body, offer())).isEqualTo(body);
    }
}
