// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.icepath.candidate.Candidate;
import org.junit.jupiter.api.Test;

/** A configuration is a value: methods return copies, defaults are those its Javadoc lists. */
class IceConfigTest {

    @Test
    void everyMethodLeavesTheOriginalAsItWas() {
        IceConfig original = IceConfig.create();

        IceConfig changed = original.stream("audio", Candidate.RTP, Candidate.RTCP)
                .stunServer("stun.example.net")
                .relayOnly()
                .ta(Duration.ofMillis(5))
                .trickle();

        assertThat(original.streams()).isEmpty();
        assertThat(original.stunServers()).isEmpty();
        assertThat(original.filters()).isEmpty();
        assertThat(original.timings().ta()).isEqualTo(Duration.ofMillis(50));
        assertThat(original.trickles()).isFalse();
        assertThat(changed.streams()).hasSize(1);
        assertThat(changed.stunServers()).hasSize(1);
        assertThat(changed.filters()).hasSize(1);
        assertThat(changed.timings().ta()).isEqualTo(Duration.ofMillis(5));
        assertThat(changed.trickles()).isTrue();
    }

    @Test
    void streamsKeepTheirOrderAndTheirOwnSettings() {
        IceConfig config = IceConfig.create().stream("audio", 1, 2).stream("video", 1)
                .portRange("audio", 40000, 40100)
                .dscp("video", 34)
                .rtcpMux("video");

        assertThat(config.streams()).extracting(StreamConfig::name).containsExactly("audio", "video");
        assertThat(config.streams().get(0).hasPortRange()).isTrue();
        assertThat(config.streams().get(0).dscp()).isZero();
        assertThat(config.streams().get(1).hasPortRange()).isFalse();
        assertThat(config.streams().get(1).dscp()).isEqualTo(34);
        assertThat(config.streams().get(1).rtcpMux()).isTrue();
    }

    @Test
    void aStreamThatIsThereAlreadyIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IceConfig.create().stream("audio", 1).stream("audio", 1))
                .withMessageContaining("audio");
    }

    @Test
    void aSettingOfAnUnknownStreamNamesThoseThatAreThere() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IceConfig.create().stream("audio", 1).dscp("vidio", 34))
                .withMessageContaining("vidio")
                .withMessageContaining("[audio]");
    }

    @Test
    void theProfilesIntervalsApplyUntilOthersAreNamed() {
        assertThat(IceConfig.create().timings()).isEqualTo(Timings.RFC8445);
        assertThat(IceConfig.create().patience(Duration.ofSeconds(2)).timings().patience())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void limitsAreBounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IceConfig.create().limits(0, 20))
                .withMessageContaining("pairs 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IceConfig.create().limits(100, 101))
                .withMessageContaining("candidates 101");
    }
}
