// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CandidateTest {
    private static final Foundation ONE = new Foundation("1");
    private static final CandidateAddress ADDRESS = CandidateAddress.of("192.0.2.3", 45664);

    private final Candidate host = Candidate.of(ONE, 1, TransportType.UDP, 7, ADDRESS, CandidateType.HOST);

    // RFC 8839 §5.1
    @Test
    void componentAndPriorityObeyTheGrammar() {
        assertThat(Candidate.of(ONE, 256, TransportType.UDP, 1, ADDRESS, CandidateType.HOST)
                        .component())
                .isEqualTo(256);
        assertThatThrownBy(() -> Candidate.of(ONE, 0, TransportType.UDP, 1, ADDRESS, CandidateType.HOST))
                .hasMessageContaining("component 0");
        assertThatThrownBy(() -> Candidate.of(ONE, 257, TransportType.UDP, 1, ADDRESS, CandidateType.HOST))
                .hasMessageContaining("257");
        assertThatThrownBy(() -> host.withPriority(0)).hasMessageContaining("priority 0");
        assertThatThrownBy(() -> host.withPriority(1L << 31)).hasMessageContaining("2147483648");
    }

    // RFC 6544 §4.5: nobody connects to an active candidate
    @Test
    void portZeroIsForActiveTcpAlone() {
        CandidateAddress noPort = ADDRESS.withPort(0);

        assertThat(Candidate.of(ONE, 1, TransportType.TCP_ACTIVE, 1, noPort, CandidateType.HOST)
                        .address()
                        .port())
                .isZero();
        assertThatThrownBy(() -> host.withAddress(noPort)).hasMessageContaining("port 0");
    }

    @Test
    void copiesChangeOnePartAndAreEqualWhenAllPartsAre() {
        Candidate extended = host.withExtension("generation", "0").withExtension("network-id", "1");

        assertThat(extended.extension("network-id")).contains("1");
        assertThat(extended.extension("Generation")).isEmpty();
        assertThat(extended).isNotEqualTo(host);
        assertThat(host.withPriority(8).withPriority(7)).isEqualTo(host).hasSameHashCodeAs(host);
        assertThat(host.withRelatedAddress(ADDRESS)).isNotEqualTo(host);
        assertThat(host.withRelatedAddress(ADDRESS).withoutRelatedAddress()).isEqualTo(host);
        assertThat(host.withFoundation(new Foundation("2"))).isNotEqualTo(host);
    }

    @Test
    void extensionsThatWouldTearALineAreRefused() {
        assertThatThrownBy(() -> host.withExtension("a b", "c")).hasMessageContaining("name");
        assertThatThrownBy(() -> host.withExtension("a", "c\r\na=x")).hasMessageContaining("value");
        assertThatThrownBy(() -> host.withExtension("a", "")).hasMessageContaining("empty");
    }

    @Test
    void factoriesNameTheRelatedAddressTheirTypeHas() {
        InetSocketAddress address = new InetSocketAddress("192.0.2.3", 1);
        InetSocketAddress base = new InetSocketAddress("10.0.0.1", 2);

        assertThat(Candidate.host(ONE, 1, TransportType.UDP, 1, address).relatedAddress())
                .isEmpty();
        assertThat(Candidate.serverReflexive(ONE, 1, TransportType.UDP, 1, address, base)
                        .relatedAddress())
                .contains(CandidateAddress.of("10.0.0.1", 2));
        assertThat(Candidate.peerReflexive(ONE, 1, TransportType.UDP, 1, address, base)
                        .type())
                .isEqualTo(CandidateType.PEER_REFLEXIVE);
        assertThat(Candidate.relayed(ONE, 1, TransportType.UDP, 1, address, base)
                        .type())
                .isEqualTo(CandidateType.RELAYED);
    }

    // RFC 6544 §6.2
    @Test
    void transportsPairByDirection() {
        assertThat(TransportType.UDP.pairsWith(TransportType.UDP)).isTrue();
        assertThat(TransportType.TCP_ACTIVE.pairsWith(TransportType.TCP_PASSIVE))
                .isTrue();
        assertThat(TransportType.TCP_PASSIVE.pairsWith(TransportType.TCP_ACTIVE))
                .isTrue();
        assertThat(TransportType.TCP_SIMULTANEOUS_OPEN.pairsWith(TransportType.TCP_SIMULTANEOUS_OPEN))
                .isTrue();
        assertThat(TransportType.TCP_ACTIVE.pairsWith(TransportType.TCP_ACTIVE)).isFalse();
        assertThat(TransportType.TCP_PASSIVE.pairsWith(TransportType.TCP_PASSIVE))
                .isFalse();
        assertThat(TransportType.UDP.pairsWith(TransportType.TCP_PASSIVE)).isFalse();
    }

    @Test
    void transportsAreOpenButConsistent() {
        assertThat(new TransportType("sctp", TcpType.NONE).protocol()).isEqualTo("SCTP");
        assertThatThrownBy(() -> new TransportType("TCP", TcpType.NONE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TransportType("UDP", TcpType.ACTIVE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TransportType("U DP", TcpType.NONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void typesAreKnownByTheirTokensInAnyCase() {
        for (CandidateType type : CandidateType.values()) {
            assertThat(CandidateType.ofToken(type.token().toUpperCase(Locale.ROOT)))
                    .contains(type);
        }
        assertThat(CandidateType.ofToken("warp")).isEmpty();
        assertThat(TcpType.ofToken("")).isEmpty();
    }
}
