// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bad settings get an exception that names the value and what was expected. */
class SettingsTest {

    // RFC 8445 §14.2: Ta is 5 ms or more.
    @Test
    void aTaBelowFiveMillisecondsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timings.RFC8445.withTa(Duration.ofMillis(4)))
                .withMessageContaining("ta PT0.004S")
                .withMessageContaining("PT0.005S");
    }

    // A nomination held back for longer than the promotion window would contradict it.
    @Test
    void nominationPatienceStaysWithinThePromotionWindow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Timings.RFC8445.withNominationPatience(Duration.ofSeconds(11)))
                .withMessageContaining("PT11S");
    }

    @Test
    void componentsCountFromOneWithoutAGap() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamConfig("audio", List.of(1, 3), 0, 0, 0, false))
                .withMessageContaining("[1, 3]");
    }

    @Test
    void aPortRangeRunsUpwards() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamConfig("audio", List.of(1), 6000, 5000, 0, false))
                .withMessageContaining("6000 to 5000");
    }

    @Test
    void aCodePointHasSixBits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StreamConfig("audio", List.of(1), 0, 0, 64, false))
                .withMessageContaining("64");
    }

    @ParameterizedTest
    @EnumSource(IceState.class)
    void nothingFollowsClosedAndEverythingElseCanBeClosed(IceState state) {
        assertThat(state.successors().contains(IceState.CLOSED)).isEqualTo(state != IceState.CLOSED);
    }
}
