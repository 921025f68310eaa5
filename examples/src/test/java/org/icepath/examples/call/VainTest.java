// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VainTest {

    @ParameterizedTest
    @CsvSource({"39500, 10000", "20000, 10000", "19998, 9999", "1500, 750"})
    void aliceTellsWhatSheKnowsAfterTenSecondsOrHalfHerPatience(long patience, long told) {
        assertThat(Vain.untilInterim(Duration.ofMillis(patience))).hasMillis(told);
    }
}
