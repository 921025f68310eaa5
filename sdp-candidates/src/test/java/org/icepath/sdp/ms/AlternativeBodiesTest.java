// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.ms;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of several parts, as other writers may write them (RFC 2046 §5.1, RFC 5322 §2.2.3). */
class AlternativeBodiesTest {

    private static final String OLD = "v=0\r\no=old\r\n";
    private static final String NEW = "v=0\r\no=new\r\n";

    /** As a proxy may have rewritten it: folded headers, others among them, a part that is no SDP, one without headers. */
    private static final String BODY = """
            --b0
            Content-Type:
             application/sdp
            CONTENT-DISPOSITION: session; handling=optional;
            \tms-proxy-2007fallback
            Content-ID: <1@example.com>

            v=0
            o=old

            --b0
            Content-Transfer-Encoding: binary
            Content-Type: application/sdp
            X-Other: kept: as it is

            v=0
            o=new

            --b0
            Content-Type: application/x-other; a=b

            anything

            --b0

            no header

            --b0--
            """.replace("\n", "\r\n");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/alternative;boundary=b0",
                "multipart/alternative; Boundary=\"b0\"",
                "Multipart/Alternative; charset=x; BOUNDARY=b0; type=y"
            })
    void theBoundaryIsFoundHoweverItsNameIsWritten(String contentType) {
        AlternativeBodies bodies = AlternativeBodies.parse(contentType, BODY);

        assertThat(AlternativeBodies.isAlternative(contentType)).isTrue();
        assertThat(bodies.fallback()).contains(OLD);
        assertThat(bodies.sdp()).contains(NEW);
    }

    @Test
    void aParameterThatOnlyEndsLikeTheBoundaryIsNone() {
        assertThat(AlternativeBodies.isAlternative("multipart/alternative; x-boundary=b0"))
                .isFalse();
    }

    @Test
    void everyPartAndEveryHeaderIsCarriedThrough() {
        AlternativeBodies bodies = AlternativeBodies.parse("multipart/alternative;boundary=b0", BODY);

        assertThat(bodies.parts())
                .extracting(AlternativeBodies.Part::contentType)
                .containsExactly("application/sdp", "application/sdp", "application/x-other; a=b", "text/plain");
        assertThat(bodies.parts().get(0).isFallback()).as("a folded header").isTrue();
        assertThat(bodies.parts().get(3).body()).isEqualTo("no header\r\n");
        assertThat(bodies.format("b0")).isEqualTo(BODY);
    }

    @Test
    void aLineThatOnlyBeginsLikeTheBoundaryIsPartOfTheBody() {
        String body = "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--bc\r\n--b --\r\nx\r\n--b--\r\n";

        assertThat(AlternativeBodies.parse("multipart/alternative;boundary=b", body)
                        .sdp())
                .contains("v=0\r\n--bc\r\n--b --\r\nx");
    }

    @Test
    void linesMayEndInLineFeedsAlone() {
        assertThat(AlternativeBodies.parse("multipart/alternative;boundary=b0", BODY.replace("\r", ""))
                        .fallback())
                .contains(OLD.replace("\r", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--b0", "--b0\r\n", "--b0\r\nContent-Type: x", "--b0\r\nContent-Type: x\r\n", "--b0--"})
    void whatHasNoWholePartHasNone(String body) {
        assertThat(AlternativeBodies.parse("multipart/alternative;boundary=b0", body)
                        .parts())
                .isEmpty();
    }

    // What is said of the bytes is true of them
    @Test
    void theEncodingThatIsWrittenIsThatOfTheBody() {
        assertThat(AlternativeBodies.of("v=0\r\n", "s=Gespr\u00e4ch\r\n").format("b0"))
                .containsOnlyOnce("Content-Transfer-Encoding: 7bit")
                .containsOnlyOnce("Content-Transfer-Encoding: 8bit");
    }
}
