// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

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

    // RFC 7675 §5.1: consent that ends before it is asked for would end every call.
    @Test
    void consentIsAskedForTwiceBeforeItEnds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> consent(Duration.ofSeconds(15), Duration.ofSeconds(29)))
                .withMessageContaining("consentExpiry PT29S")
                .withMessageContaining("PT30S to PT30S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> consent(Duration.ofSeconds(30), Duration.ofSeconds(30)))
                .withMessageContaining("consentInterval PT30S");
        assertThat(consent(Duration.ofSeconds(15), Duration.ofSeconds(30)).consentInterval())
                .isEqualTo(Duration.ofSeconds(15));
    }

    // RFC 7675 §5.1: 30 s without an answer, and sending must cease.
    @Test
    void consentLastsNoLongerThanTheStandardLetsIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> consent(Duration.ofSeconds(5), Duration.ofSeconds(31)))
                .withMessageContaining("consentExpiry PT31S");
    }

    private static Timings consent(Duration interval, Duration expiry) {
        Timings usual = Timings.RFC8445;
        return new Timings(
                usual.ta(),
                usual.rto(),
                usual.keepalive(),
                interval,
                expiry,
                usual.patience(),
                usual.nominationPatience(),
                usual.promotionWindow());
    }

    @Test
    @SuppressWarnings("NullAway") // callers without annotations
    void anIntervalThatIsMissingIsNamed() {
        Timings usual = Timings.RFC8445;

        assertThatNullPointerException()
                .isThrownBy(() -> new Timings(
                        usual.ta(),
                        usual.rto(),
                        usual.keepalive(),
                        usual.consentInterval(),
                        usual.consentExpiry(),
                        usual.patience(),
                        usual.nominationPatience(),
                        null))
                .withMessage("promotionWindow");
        assertThatNullPointerException()
                .isThrownBy(() -> usual.withPatience(null))
                .withMessage("patience");
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
