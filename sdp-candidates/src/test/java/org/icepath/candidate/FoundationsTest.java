// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

// RFC 8445 §5.1.1.3
class FoundationsTest {
    private final Foundations foundations = new Foundations();
    private final InetAddress base = ip(1);
    private final InetAddress otherBase = ip(2);
    private final InetAddress server = ip(3);

    @Test
    void sameTypeBaseProtocolAndServerShareAFoundation() {
        Foundation host = foundations.assign(CandidateType.HOST, base, TransportType.UDP);
        Foundation reflexive = foundations.assign(CandidateType.SERVER_REFLEXIVE, base, TransportType.UDP, server);

        assertThat(foundations.assign(CandidateType.HOST, base, TransportType.UDP))
                .isEqualTo(host);
        assertThat(foundations.assign(CandidateType.SERVER_REFLEXIVE, base, TransportType.UDP, server))
                .isEqualTo(reflexive);
    }

    @Test
    void anyDifferenceMakesAnotherFoundation() {
        assertThat(List.of(
                        foundations.assign(CandidateType.HOST, base, TransportType.UDP),
                        foundations.assign(CandidateType.HOST, otherBase, TransportType.UDP),
                        foundations.assign(CandidateType.HOST, base, TransportType.TCP_ACTIVE),
                        foundations.assign(CandidateType.SERVER_REFLEXIVE, base, TransportType.UDP, server),
                        foundations.assign(CandidateType.SERVER_REFLEXIVE, base, TransportType.UDP, otherBase),
                        foundations.assign(CandidateType.RELAYED, base, TransportType.UDP, server)))
                .doesNotHaveDuplicates();
    }

    // RFC 8839 §5.1: 1*32ice-char
    @Test
    void foundationsObeyTheGrammar() {
        assertThat(new Foundation("+/aZ09")).hasToString("+/aZ09");
        assertThatThrownBy(() -> new Foundation("")).hasMessageContaining("1 to 32");
        assertThatThrownBy(() -> new Foundation("x".repeat(33))).hasMessageContaining("33");
        assertThatThrownBy(() -> new Foundation("a=b")).hasMessageContaining("at 1");
    }

    private static InetAddress ip(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) last});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
