// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** RFC 8445 §14.2: all agents of an implementation together begin at most one transaction each 5 ms. */
class PacerTest {

    @Test
    void theFirstReservationWaitsForNothing() {
        assertThat(Pacer.shared().reserve(-7)).isEqualTo(-7);
    }

    @Test
    void reservationsAreFiveMillisecondsApartHoweverManyAskAtOnce() {
        Pacer pacer = Pacer.shared();

        assertThat(IntStream.range(0, 4).mapToLong(i -> pacer.reserve(100)).toArray())
                .containsExactly(100, 5_000_100, 10_000_100, 15_000_100);
    }

    @Test
    void anIdleBeatIsNotSavedUp() {
        Pacer pacer = Pacer.shared();
        pacer.reserve(0);

        assertThat(pacer.reserve(50_000_000)).isEqualTo(50_000_000);
        assertThat(pacer.reserve(50_000_001)).isEqualTo(55_000_000);
    }

    // who comes late, because its thread did, does not begin beside the next one
    @Test
    void overdueReservationsAreStillFiveMillisecondsApart() {
        Pacer pacer = Pacer.shared();
        pacer.reserve(0);
        pacer.reserve(0);
        pacer.reserve(0);

        assertThat(pacer.begin(30_000_000)).isEqualTo(30_000_000);
        assertThat(pacer.begin(30_000_001)).isEqualTo(35_000_000);
        assertThat(pacer.begin(35_000_000)).isEqualTo(35_000_000);
        assertThat(pacer.reserve(35_000_000)).isEqualTo(40_000_000);
    }

    @Test
    void theNextBeatIsCountedFromWhenTheRequestHasLeft() {
        Pacer pacer = Pacer.shared();
        pacer.begin(pacer.reserve(0));
        pacer.left(700_000);

        assertThat(pacer.reserve(1_000_000)).isEqualTo(5_000_000);
        assertThat(pacer.begin(5_000_000)).isEqualTo(5_700_000);
        assertThat(pacer.reserve(5_000_000)).isEqualTo(10_700_000);
    }

    @Test
    void ofManyThreadsOneBegins() {
        Pacer pacer = Pacer.shared();

        long begun = IntStream.range(0, 10_000)
                .parallel()
                .mapToLong(i -> pacer.begin(7))
                .filter(at -> at == 7)
                .count();

        assertThat(begun).isEqualTo(1);
    }

    @Test
    void noTwoThreadsGetTheSameBeat() {
        Pacer pacer = Pacer.shared();
        Set<Long> beats = new ConcurrentSkipListSet<>();

        IntStream.range(0, 10_000).parallel().forEach(i -> beats.add(pacer.reserve(0)));

        assertThat(beats).hasSize(10_000).contains(9_999 * Pacer.BEAT_NANOS);
    }

    @Test
    void theServersOptionGrantsEverythingAtOnce() {
        Pacer pacer = Pacer.perAgent();

        assertThat(pacer.reserve(3)).isEqualTo(3);
        assertThat(pacer.reserve(3)).isEqualTo(3);
        pacer.left(4);
        assertThat(pacer.begin(4)).isEqualTo(4);
    }
}
