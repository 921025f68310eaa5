// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.InterfaceKind;
import org.junit.jupiter.api.Test;

class CandidateFilterTest {

    @Test
    void relayOnlyAdmitsRelayedCandidatesAlone() throws Exception {
        assertThat(admits(CandidateFilter.relayOnly(), facts(CandidateType.RELAYED, "192.0.2.1")))
                .isTrue();
        assertThat(admits(CandidateFilter.relayOnly(), facts(CandidateType.SERVER_REFLEXIVE, "192.0.2.1")))
                .isFalse();
        assertThat(admits(CandidateFilter.relayOnly(), facts(CandidateType.HOST, "192.0.2.1")))
                .isFalse();
    }

    @Test
    void noHostKeepsWhatServersSaw() throws Exception {
        assertThat(admits(CandidateFilter.noHost(), facts(CandidateType.HOST, "192.0.2.1")))
                .isFalse();
        assertThat(admits(CandidateFilter.noHost(), facts(CandidateType.SERVER_REFLEXIVE, "192.0.2.1")))
                .isTrue();
    }

    @Test
    void anInterfaceIsKnownByItsWholeName() throws Exception {
        CandidateFilter filter = CandidateFilter.noInterface("eth");

        assertThat(admits(filter, facts(CandidateType.HOST, "192.0.2.1"))).isTrue();
        assertThat(admits(CandidateFilter.noInterface("eth0"), facts(CandidateType.HOST, "192.0.2.1")))
                .isFalse();
    }

    @Test
    void familiesAreToldApart() throws Exception {
        assertThat(admits(CandidateFilter.ipv4Only(), facts(CandidateType.HOST, "2001:db8::1")))
                .isFalse();
        assertThat(admits(CandidateFilter.ipv6Only(), facts(CandidateType.HOST, "2001:db8::1")))
                .isTrue();
    }

    @Test
    void aRangeComparesLeadingBitsOfOneFamily() throws Exception {
        CandidateFilter filter = CandidateFilter.within(InetAddress.getByName("10.64.0.0"), 10);

        assertThat(admits(filter, facts(CandidateType.HOST, "10.127.255.255"))).isTrue();
        assertThat(admits(filter, facts(CandidateType.HOST, "10.128.0.0"))).isFalse();
        assertThat(admits(filter, facts(CandidateType.HOST, "2001:db8::1"))).isFalse();
    }

    @Test
    void onTheIntranetNoRelayIsUsed() throws Exception {
        CandidateFilter filter = CandidateFilter.noRelayWithin(InetAddress.getByName("10.0.0.0"), 8);

        assertThat(admits(filter, facts(CandidateType.RELAYED, "10.1.2.3"))).isFalse();
        assertThat(admits(filter, facts(CandidateType.HOST, "10.1.2.3"))).isTrue();
        assertThat(admits(filter, facts(CandidateType.RELAYED, "192.168.1.5"))).isTrue();
    }

    @Test
    void aPrefixLongerThanTheAddressIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CandidateFilter.within(InetAddress.getLoopbackAddress(), 33))
                .withMessageContaining("33")
                .withMessageContaining("0 to 32");
    }

    private static boolean admits(CandidateFilter filter, CandidateFacts facts) {
        return filter.admits().test(facts);
    }

    private static CandidateFacts facts(CandidateType type, String address) throws UnknownHostException {
        return new CandidateFacts(type, InetAddress.getByName(address), "eth0", InterfaceKind.WIRED);
    }
}
