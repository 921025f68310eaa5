// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.TransportType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateLineTest {
    // RFC 8839 §4.2.6
    @Test
    void everyPartOfTheRfcExampleIsRead() {
        Candidate candidate = CandidateLine.parse(
                "a=candidate:2 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 203.0.113.141 rport 8998");

        assertThat(candidate.foundation()).hasToString("2");
        assertThat(candidate.component()).isEqualTo(1);
        assertThat(candidate.transport()).isEqualTo(TransportType.UDP);
        assertThat(candidate.priority()).isEqualTo(1694498815L);
        assertThat(candidate.address()).isEqualTo(CandidateAddress.of("192.0.2.3", 45664));
        assertThat(candidate.type()).isEqualTo(CandidateType.SERVER_REFLEXIVE);
        assertThat(candidate.relatedAddress()).contains(CandidateAddress.of("203.0.113.141", 8998));
        assertThat(candidate.extensions()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "candidate:1 1 UDP 2130706431 203.0.113.141 8998 typ host",
                "candidate:1 1 UDP 2130706431 2001:db8::1 8998 typ host generation 0 network-cost 50",
                "candidate:4 1 TCP 1688207359 192.0.2.3 9 typ srflx raddr 10.0.1.1 rport 9 tcptype active",
                "candidate:3 1 TCP 2120220671 10.0.1.1 8999 typ host tcptype so",
                "candidate:+/ 256 TCP 1 10.0.1.1 8998 typ prflx raddr 0.0.0.0 rport 0 tcptype passive ufrag abcd x y x z",
                "candidate:1 1 UDP 7 1f4712db-ea17-4bcf-a596-105139dfd8bf.local 5000 typ host",
                "candidate:1 1 UDP 7 relay.example.net 5000 typ relay raddr 2001:db8::2 rport 1",
            })
    void canonicalLinesSurviveReadingAndWriting(String line) {
        assertThat(CandidateLine.format(CandidateLine.parse(line))).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "candidate:1 1 udp 7 10.0.0.1 5000 typ HOST, candidate:1 1 UDP 7 10.0.0.1 5000 typ host",
        "candidate:1  1\tUDP 7 10.0.0.1 5000 typ host , candidate:1 1 UDP 7 10.0.0.1 5000 typ host",
        "candidate:1 1 UDP 0000000007 FE80:0::1%eth0 05000 typ host, candidate:1 1 UDP 7 fe80::1 5000 typ host",
        "candidate:1 1 UDP 7 ::ffff:10.0.0.1 5000 typ host, candidate:1 1 UDP 7 10.0.0.1 5000 typ host",
        "candidate:1 1 tcp 7 10.0.0.1 5000 typ host, candidate:1 1 TCP 7 10.0.0.1 5000 typ host tcptype passive",
        "candidate:1 1 tcp 7 10.0.0.1 0 typ host tcptype active generation 0,"
                + "candidate:1 1 TCP 7 10.0.0.1 0 typ host tcptype active generation 0",
        "candidate:1 1 tcp 7 10.0.0.1 0 typ host, candidate:1 1 TCP 7 10.0.0.1 0 typ host tcptype active",
        "candidate:1 1 UDP 7 10.0.0.1 5000 typ srflx generation 0 raddr 10.0.0.2 rport 1,"
                + "candidate:1 1 UDP 7 10.0.0.1 5000 typ srflx raddr 10.0.0.2 rport 1 generation 0",
    })
    void tolerableWritingsBecomeCanonical(String written, String canonical) {
        assertThat(CandidateLine.format(CandidateLine.parse(written))).isEqualTo(canonical);
    }

    // the related address is diagnostic only: it must not cost the candidate
    @ParameterizedTest
    @ValueSource(
            strings = {
                "raddr 1.2.3 rport 1",
                "raddr 10.0.0.1",
                "rport 1",
                "raddr 10.0.0.1 rport 65536",
                "raddr x_/ rport 1"
            })
    void badRelatedAddressesAreLeftOut(String tail) {
        Candidate candidate = CandidateLine.parse("candidate:1 1 UDP 7 10.0.0.1 5000 typ srflx " + tail);

        assertThat(candidate.relatedAddress()).isEmpty();
    }

    @Test
    void namesAreNeverResolved() {
        // a resolver would wait for seconds, and tell a stranger's server who is calling
        Candidate candidate = CandidateLine.parse("candidate:1 1 UDP 7 no-such-host.invalid 5000 typ host");

        assertThat(candidate.address()).isEqualTo(new NamedAddress("no-such-host.invalid", 5000));
        assertThat(candidate.address().socketAddress()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "candidate:, typ",
        "candidate:1 1 UDP 7 10.0.0.1 5000 host, typ",
        "candidate:1 1 UDP 7 10.0.0.1 5000 typ, typ",
        "candidate:a=b 1 UDP 7 10.0.0.1 5000 typ host, foundation",
        "candidate:123456789012345678901234567890123 1 UDP 7 10.0.0.1 5000 typ host, 33",
        "candidate:1 0 UDP 7 10.0.0.1 5000 typ host, component",
        "candidate:1 257 UDP 7 10.0.0.1 5000 typ host, component",
        "candidate:1 x UDP 7 10.0.0.1 5000 typ host, component",
        "candidate:1 -1 UDP 7 10.0.0.1 5000 typ host, component",
        "candidate:1 1 UDP 0 10.0.0.1 5000 typ host, priority",
        "candidate:1 1 UDP 2147483648 10.0.0.1 5000 typ host, priority",
        "candidate:1 1 UDP 99999999999999999999 10.0.0.1 5000 typ host, priority",
        "candidate:1 1 UDP 7 10.0.0.256 5000 typ host, malformed IPv4",
        "candidate:1 1 UDP 7 127.1 5000 typ host, malformed IPv4",
        "candidate:1 1 UDP 7 10.0.0.1 65536 typ host, port",
        "candidate:1 1 UDP 7 10.0.0.1 0 typ host, port 0",
        "candidate:1 1 TCP 7 10.0.0.1 9 typ host tcptype sideways, tcptype",
        "candidate:1 1 UDP 7 10.0.0.1 9 typ warp, unknown candidate type warp",
        "candidate:1 1 DCCP 7 10.0.0.1 9 typ host, unknown transport DCCP",
        "cand:1 1 UDP 7 10.0.0.1 5000 typ host, not a candidate",
        "'', not a candidate",
    })
    void malformedLinesSayWhatIsWrong(String line, String reason) {
        assertThatThrownBy(() -> CandidateLine.parse(line))
                .isInstanceOf(SdpParseException.class)
                .hasMessageContaining(reason)
                .hasNoCause();
    }

    @Test
    void overlongLinesAreRefusedUnread() {
        String line = "candidate:1 1 UDP 7 10.0.0.1 5000 typ host x " + "y".repeat(5000);

        assertThatThrownBy(() -> CandidateLine.parse(line)).hasMessageContaining("4096");
    }
}
