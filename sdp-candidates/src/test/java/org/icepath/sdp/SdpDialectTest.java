// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TcpType;
import org.icepath.candidate.TransportType;
import org.junit.jupiter.api.Test;

class SdpDialectTest {
    /** A dialect of nobody's, that answers every question differently. */
    private static final SdpDialect TOY = new SdpDialect() {
        @Override
        public boolean isCandidateAttribute(String attribute) {
            return attribute.equals("candidate") || attribute.equals("x-six");
        }

        @Override
        public String candidateAttribute(Candidate candidate) {
            return candidate.address() instanceof IpAddress ip && ip.isIpv6() ? "x-six" : "candidate";
        }

        @Override
        public Optional<TransportType> transport(String token, TcpType tcpType) {
            return switch (token) {
                case "DGRAM" -> Optional.of(TransportType.UDP);
                case "DIAL" -> Optional.of(TransportType.TCP_ACTIVE);
                case "LISTEN" -> Optional.of(TransportType.TCP_PASSIVE);
                default -> Optional.empty();
            };
        }

        @Override
        public String transportToken(TransportType transport) {
            return switch (transport.tcpType()) {
                case NONE -> "DGRAM";
                case ACTIVE -> "DIAL";
                case PASSIVE, SIMULTANEOUS_OPEN -> "LISTEN";
            };
        }

        @Override
        public boolean writesTcpType() {
            return false;
        }

        @Override
        public long priority(CandidateType type, TransportType transport, int localPreference, int component) {
            return 1000L - component;
        }

        @Override
        public boolean foundationsPerStream() {
            return true;
        }

        @Override
        public IceCredentials credentials(RandomGenerator random) {
            return IceCredentials.random(random, 4, 32);
        }

        @Override
        public Optional<Candidate> defaultCandidate(List<Candidate> candidates) {
            return candidates.stream().findFirst();
        }

        @Override
        public Optional<String> fallbackBody(IceDescription description) {
            return Optional.of("old:" + description.streams().size());
        }
    };

    private static final String BODY = """
            v=0
            o=- 1 1 IN IP4 192.0.2.1
            s=-
            t=0 0
            m=audio 5000 RTP/AVP 0
            c=IN IP4 192.0.2.1
            b=RS:0
            b=RR:0
            a=ice-ufrag:8hhY
            a=ice-pwd:asd88fgpdd777uzjYhagZg
            a=candidate:1 1 DGRAM 7 192.0.2.1 5000 typ host
            a=x-six:2 1 DIAL 6 2001:db8::1 9 typ host
            a=candidate:3 1 LISTEN 5 192.0.2.1 5002 typ relay raddr 192.0.2.9 rport 1 x y
            """.replace("\n", "\r\n");

    @Test
    void aSecondDialectReadsAndWritesItsOwnTokens() {
        ParsedSdp parsed = IceSdp.parse(BODY, TOY);

        assertThat(parsed.problems()).isEmpty();
        assertThat(parsed.description().streams().get(0).candidates())
                .extracting(Candidate::transport)
                .containsExactly(TransportType.UDP, TransportType.TCP_ACTIVE, TransportType.TCP_PASSIVE);
        assertThat(IceSdp.format(parsed.description(), TOY, 1, 1)).isEqualTo(BODY);
    }

    @Test
    void aDialectOwnsItsCandidateAttributesWhenApplying() {
        StreamDescription emptied = IceSdp.parse(BODY, TOY).description().streams().get(0).toBuilder()
                .clearCandidates()
                .build();
        IceDescription without = IceDescription.builder().stream(emptied).build();

        assertThat(IceSdp.applyTo(BODY, without, TOY)).doesNotContain("x-six", "DGRAM");
        assertThat(IceSdp.applyTo(BODY, without)).contains("x-six").doesNotContain("DGRAM");
    }

    @Test
    void theRfcDialectDoesNotUnderstandTheOther() {
        StreamDescription read = IceSdp.parse(BODY).description().streams().get(0);

        assertThat(read.candidates()).isEmpty();
        assertThat(read.unusableCandidates()).hasSize(2);
    }

    @Test
    void theDialectChoosesTheDefault() {
        IceDescription read =
                IceSdp.parse(BODY.replace("c=IN IP4 192.0.2.1\r\n", ""), TOY).description();

        assertThat(IceSdp.withDefaults(read, TOY).streams().get(0).destination().orElseThrow())
                .hasToString("192.0.2.1:5000");
    }

    @Test
    void fragmentsFollowTheDialect() {
        IceFragment fragment = IceSdp.parseFragment(BODY, TOY);

        assertThat(IceSdp.formatFragment(fragment, TOY))
                .contains("a=x-six:2 1 DIAL 6")
                .doesNotContain("tcptype");
    }

    @Test
    void theRfcAnswersAreTheDefaults() {
        SdpDialect rfc = SdpDialect.RFC8839;

        assertThat(rfc.priority(CandidateType.HOST, TransportType.UDP, 65535, 1))
                .isEqualTo(2130706431L);
        assertThat(rfc.foundationsPerStream()).isFalse();
        assertThat(rfc.credentials(new Random(1)).ufrag()).hasSize(8);
        assertThat(rfc.fallbackBody(IceDescription.builder().build())).isEmpty();
        assertThat(rfc.transport("tcp", TcpType.NONE)).contains(TransportType.TCP_PASSIVE);
    }
}
