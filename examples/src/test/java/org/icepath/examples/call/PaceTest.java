// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    /** Any moment will do: the clock of the machine may say less than nothing. */
    private static final long BEGIN = -5 * SECOND;

    /** Beats from {@code from} on, up to but not at {@code until}, by a thread that sleeps as long as it is told. */
    private static int beats(Pace pace, long from, long until) {
        int beats = 0;
        long now = from;
        while (now < until) {
            long left = pace.left(now);
            if (left > 0) {
                now += left;
            } else {
                beats++;
            }
        }
        return beats;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 1_000})
    void aSecondHasAsManyBeatsAsIsAsked(int beatsPerSecond) {
        Pace pace = new Pace(beatsPerSecond, BEGIN);

        assertThat(beats(pace, BEGIN, BEGIN + SECOND)).isEqualTo(beatsPerSecond);
        assertThat(beats(pace, BEGIN + SECOND, BEGIN + 2 * SECOND)).isEqualTo(beatsPerSecond);
    }

    @Test
    void whatCameALittleLateIsMadeUpFor() {
        Pace pace = new Pace(1_000, BEGIN);
        beats(pace, BEGIN, BEGIN + 500 * MILLI);

        assertThat(beats(pace, BEGIN + 519 * MILLI, BEGIN + SECOND)).isEqualTo(500);
    }

    // a burst would test the buffers of sockets, and not the call
    @Test
    void aMachineThatStoodStillIsSilentForThatTime() {
        Pace pace = new Pace(1_000, BEGIN);
        beats(pace, BEGIN, BEGIN + 500 * MILLI);

        assertThat(beats(pace, BEGIN + 900 * MILLI, BEGIN + SECOND)).isBetween(100, 100 + 21);
    }
}
