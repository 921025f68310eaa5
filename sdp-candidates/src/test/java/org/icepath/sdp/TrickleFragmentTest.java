// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.StreamDescription;
import org.junit.jupiter.api.Test;

// RFC 8840 §9
class TrickleFragmentTest {
    private static final IceCredentials CREDENTIALS = new IceCredentials("8hhY", "asd88fgpdd777uzjYhagZg");

    private static final String FRAGMENT = """
            a=ice-ufrag:8hhY
            a=ice-pwd:asd88fgpdd777uzjYhagZg
            m=audio 9 RTP/AVP 0
            a=mid:1
            a=candidate:1 1 UDP 2130706432 203.0.113.100 10000 typ host
            a=candidate:1 2 UDP 2130706431 203.0.113.100 10001 typ host
            a=end-of-candidates
            m=video 9 RTP/AVP 31
            a=mid:2
            a=end-of-candidates
            """.replace("\n", "\r\n");

    @Test
    void fragmentsAreReadByMid() {
        IceFragment fragment = IceSdp.parseFragment(FRAGMENT);

        StreamDescription audio = fragment.content().stream("1").orElseThrow();
        assertThat(audio.credentials()).contains(CREDENTIALS);
        assertThat(audio.candidates()).hasSize(2);
        assertThat(audio.endOfCandidates()).isTrue();
        assertThat(fragment.streams()).hasSize(2);
        assertThat(IceSdp.parse(FRAGMENT).problems()).isEmpty();
    }

    @Test
    void fragmentsAreWrittenAsTheyAreRead() {
        assertThat(IceSdp.formatFragment(IceSdp.parseFragment(FRAGMENT))).isEqualTo(FRAGMENT);
    }

    @Test
    void aFragmentRepeatsWhatIdentifiesTheStream() {
        StreamDescription stream =
                StreamDescription.builder(4).mid("1").credentials(CREDENTIALS).build();

        IceFragment fragment = IceFragment.of(
                stream, List.of(CandidateLine.parse("candidate:1 1 UDP 7 203.0.113.100 10000 typ host")), true);

        assertThat(IceSdp.parseFragment(IceSdp.formatFragment(fragment))).isEqualTo(fragment);
        assertThat(fragment.content().stream("1").orElseThrow().endOfCandidates())
                .isTrue();
        assertThat(IceSdp.formatFragment(fragment))
                .contains("a=mid:1", "a=ice-ufrag:8hhY")
                .doesNotContain("c=", "v=");
    }

    @Test
    void aStreamThatCannotBeIdentifiedIsRefused() {
        assertThatThrownBy(() -> IceFragment.of(StreamDescription.builder(0).build(), List.of(), true))
                .hasMessageContaining("mid");
        assertThatThrownBy(() ->
                        IceFragment.of(StreamDescription.builder(0).mid("1").build(), List.of(), true))
                .hasMessageContaining("ICE");
    }

    @Test
    void anEmptyFragmentIsEmptyText() {
        assertThat(IceSdp.formatFragment(IceSdp.parseFragment(""))).isEmpty();
    }
}
