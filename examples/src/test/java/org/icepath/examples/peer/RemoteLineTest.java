// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceProfile;
import org.icepath.ice.ms.MsProfiles;
import org.icepath.sdp.ms.MsSdpDialect;
import org.junit.jupiter.api.Test;

/** What the other side's line says of how it speaks: {@code peer --profile auto} goes by it. */
class RemoteLineTest {

    private static final String PLAIN = "candidate:1 1 UDP 2130706431 192.0.2.10 5000 typ host";

    private static IceDescription read(String more, String... candidates) {
        String lines = Arrays.stream(candidates).map(line -> '"' + line + '"').collect(Collectors.joining(","));
        String line = "{\"cmd\":\"remote\",\"ufrag\":\"qTWN\",\"pwd\":\"2o2rsBBDtO3pvvcdWePDtHhn\"" + more
                + ",\"candidates\":[" + lines + "]}";
        return RemoteLine.read(JsonLines.read(line), false, IceProfile.auto().sdp())
                .description();
    }

    @Test
    void tokensAndAttributesOfOneDialectMarkTheDescription() {
        for (String own : new String[] {
            "candidate:2 1 TCP-ACT 174847487 198.51.100.6 54367 typ relay",
            "candidate:2 1 tcp-pass 174456319 198.51.100.6 54367 typ relay",
            "a=x-candidate-ipv6:4 1 UDP 184547839 2001:db8::24 52280 typ relay"
        }) {
            IceDescription description = read("", PLAIN, own);

            assertThat(description.marks()).as(own).containsExactly(MsSdpDialect.NAME);
            assertThat(description.streams().get(0).candidates()).hasSize(2);
        }
    }

    @Test
    void ice2IsSaidByAMemberOfItsOwn() {
        assertThat(read(",\"ice2\":true", PLAIN).offers(IceDescription.ICE2)).isTrue();
        assertThat(read(",\"ice2\":true", PLAIN).marks()).isEmpty();
    }

    @Test
    void aPlainLineSaysNothing() {
        IceDescription description = read("", PLAIN);

        assertThat(description.marks()).isEmpty();
        assertThat(description.offers(IceDescription.ICE2)).isFalse();
    }

    // What a peer prints is what another reads
    @Test
    void aPeerSaysSoOfItselfWhereItsProfileHasIt() {
        assertThat(said(IceProfile.RFC8445)).isTrue();
        assertThat(said(MsProfiles.ICE2)).isFalse();
    }

    private static boolean said(IceProfile profile) {
        Lines printed = new Lines();
        IceDescription.Builder description = read("", PLAIN).toBuilder();
        profile.sdp().options().forEach(description::option);
        new LocalLines(new JsonLines(printed.stream()), false).description(description.build());
        try {
            return printed.next("local").path("ice2").asBoolean(false);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
