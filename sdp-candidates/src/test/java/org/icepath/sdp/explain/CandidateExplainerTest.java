// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.icepath.sdp.IceSdp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidateExplainerTest {
    private static final String HOST = "1 1 UDP 2130706431 10.0.0.2 5000 typ host";
    private static final String REFLEXIVE = "2 1 UDP 1694498815 203.0.113.9 6000 typ srflx raddr 10.0.0.2 rport 5000";
    private static final String RELAY = "3 1 UDP 16777215 198.51.100.7 7000 typ relay raddr 203.0.113.9 rport 6000";

    private static List<String> explain(String... candidates) {
        return explainWith("a=rtcp-mux\n", candidates);
    }

    private static List<String> explainWith(String lines, String... candidates) {
        StringBuilder body = new StringBuilder("v=0\nc=IN IP4 0.0.0.0\nm=audio 9 RTP/AVP 0\n")
                .append("a=ice-ufrag:8hhY\na=ice-pwd:asd88fgpdd777uzjYhagZg\n")
                .append(lines);
        for (String candidate : candidates) {
            body.append("a=candidate:").append(candidate).append('\n');
        }
        return explainBody(body.toString());
    }

    private static List<String> explainBody(String body) {
        return CandidateExplainer.explain(IceSdp.parse(body).description()).stream()
                .map(Finding::toString)
                .toList();
    }

    @Test
    void aHealthyListHasNothingToExplain() {
        assertThat(explain(HOST, REFLEXIVE, RELAY)).isEmpty();
    }

    @Test
    void aPrivateRelayIsAServerThatDoesNotKnowItsPublicAddress() {
        assertThat(explain(HOST, REFLEXIVE, "3 1 UDP 7 10.0.0.5 7000 typ relay"))
                .containsExactly("ERROR: stream 0 (audio): relay address 10.0.0.5 is private:"
                        + " the server behind a NAT does not announce its public address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9 1 UDP 9 0.0.0.0 9 typ host | ERROR | host address 0.0.0.0 is no address",
                "9 1 UDP 9 127.0.0.1 9 typ host | WARNING | this machine's own",
                "9 1 UDP 9 169.254.7.7 9 typ host | WARNING | link-local",
                "9 1 UDP 9 fe80::1 9 typ host | WARNING | fe80::1 is link-local",
                "9 1 UDP 9 224.0.0.5 9 typ host | ERROR | multicast",
                "9 1 UDP 9 100.64.3.3 9 typ host | HINT | operator's NAT",
                "9 1 UDP 9 100.64.3.3 9 typ relay | ERROR | operator's NAT",
                "9 1 UDP 9 2001:0:1::1 9 typ host | HINT | Teredo",
                "9 1 UDP 9 192.168.1.1 9 typ srflx | WARNING | STUN server stands in the same private network",
                "4 1 UDP 9 10.0.0.2 5000 typ host | HINT | duplicate",
                "9 1 UDP 16777215 203.0.113.80 9 typ relay | HINT | must be unique",
                "1 1 UDP 9 203.0.113.80 9 typ relay | HINT | foundation 1 is shared by a host and a relay",
                "9 1 UDP 9 203.0.113.9 6001 typ srflx raddr 10.0.0.2 rport 5000 | WARNING | NAT is symmetric",
                "9 1 UDP 9 x.local 6001 typ host | HINT | mDNS",
                "9 1 UDP 9 10.0.0.2 5000 typ srflx raddr 10.0.0.2 rport 5000 | HINT | there is no NAT",
                "9 1 UDP 9 10.0.0.2 5000 typ teleport | HINT | left aside: unknown candidate type teleport",
            })
    void oneOddCandidateIsNamed(String candidate, String severity, String text) {
        assertThat(explain(HOST, REFLEXIVE, RELAY, candidate))
                .anySatisfy(finding ->
                        assertThat(finding).startsWith(severity + ": ").contains(text));
    }

    @Test
    void missingTypesAreNamed() {
        assertThat(explain(HOST)).singleElement().asString().contains("only host candidates");
        assertThat(explain(HOST, REFLEXIVE)).singleElement().asString().contains("no relay candidate");
        assertThat(explain(RELAY)).singleElement().asString().startsWith("HINT").contains("only relay");
        assertThat(explain()).singleElement().asString().startsWith("ERROR").contains("no candidates");
    }

    @Test
    void missingFamiliesAndTransportsAreNamed() {
        assertThat(explain("1 1 UDP 7 2001:db8::1 5000 typ host")).anyMatch(text -> text.contains("only IPv6"));
        assertThat(explain("1 1 TCP 7 10.0.0.2 9 typ host tcptype active")).anyMatch(text -> text.contains("only TCP"));
        assertThat(explain("1 1 UDP 7 x.local 5000 typ host")).anyMatch(text -> text.contains("only mDNS"));
        assertThat(explain(HOST, REFLEXIVE, RELAY))
                .noneMatch(text -> text.contains("only IPv6") || text.contains("only TCP") || text.contains("mDNS"));
    }

    // RFC 8445 §2.5
    @Test
    void aLiteAgentNeedsNoServers() {
        String body = "v=0\na=ice-lite\nm=audio 9 RTP/AVP 0\na=rtcp-mux\na=ice-ufrag:8hhY\n"
                + "a=ice-pwd:asd88fgpdd777uzjYhagZg\na=candidate:1 1 UDP 7 203.0.113.1 5000 typ host\n";

        assertThat(explainBody(body)).isEmpty();
    }

    @Test
    void missingRtcpIsNamed() {
        String rtcpHost = "1 2 UDP 2130706430 10.0.0.2 5001 typ host";

        assertThat(explainWith("", HOST, REFLEXIVE, RELAY))
                .singleElement()
                .asString()
                .contains("there will be no RTCP");
        assertThat(explainWith("", HOST, REFLEXIVE, RELAY, rtcpHost))
                .singleElement()
                .asString()
                .contains("lacks what RTP has: server-reflexive, relay");
    }

    @Test
    void rewrittenBodiesAreNamed() {
        assertThat(explainWith("a=rtcp-mux\nc=IN IP4 192.0.2.200\n", HOST, REFLEXIVE, RELAY))
                .singleElement()
                .asString()
                .startsWith("ERROR")
                .contains("default destination");
        assertThat(explainWith("a=rtcp-mux\na=ice-mismatch\n", HOST, REFLEXIVE, RELAY))
                .singleElement()
                .asString()
                .contains("ice-mismatch");
    }

    @Test
    void plainPeersAreNamedAndRejectedStreamsPassedOver() {
        assertThat(explainBody("v=0\nc=IN IP4 192.0.2.1\nm=audio 4000 RTP/AVP 0\nm=video 0 RTP/AVP 31\n"))
                .singleElement()
                .asString()
                .contains("without ICE");
    }

    // RFC 8840 §3
    @Test
    void anEmptyListThatTricklesIsNoError() {
        assertThat(explainWith("a=ice-options:trickle\n"))
                .singleElement()
                .asString()
                .startsWith("HINT");
        assertThat(explainWith("a=ice-options:trickle\na=end-of-candidates\n"))
                .singleElement()
                .asString()
                .startsWith("ERROR");
    }

    @Test
    void theWorstComesFirst() {
        List<String> findings = explain("1 1 UDP 7 0.0.0.0 9 typ host", "2 1 UDP 7 100.64.1.1 9 typ host");

        assertThat(findings.get(0)).startsWith("ERROR");
        assertThat(findings.get(findings.size() - 1)).startsWith("HINT");
    }
}
