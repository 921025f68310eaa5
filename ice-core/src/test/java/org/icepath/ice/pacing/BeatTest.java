// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.ice.Pacer;
import org.icepath.sansio.Machine;
import org.junit.jupiter.api.Test;

/** RFC 8445 §14.2: when transactions of one agent may begin. Times in milliseconds. */
class BeatTest {

    private static final Duration TA = Duration.ofMillis(50);

    private final Pacer pacer = Pacer.shared();
    private final Turns turns = new Turns();
    private final Beat gathering = new Beat(pacer, turns, TA);
    private final Beat checks = new Beat(pacer, turns, TA);

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    /** Whoever asks first at each instant: when both had their turns, until {@code end}. */
    private List<String> turnsUntil(long end) {
        List<String> taken = new ArrayList<>();
        long now = 0;
        while (now <= nanos(end)) {
            if (gathering.grants(now)) {
                taken.add("gathering " + now / 1_000_000);
            }
            if (checks.grants(now)) {
                taken.add("check " + now / 1_000_000);
            }
            long next = now;
            gathering.grants(now);
            checks.grants(now);
            next = Math.min(gathering.next(), checks.next());
            assertThat(next).as("time goes on").isGreaterThan(now);
            now = next;
        }
        return taken;
    }

    @Test
    void gatheringAndChecksOfOneAgentShareTa() {
        List<String> taken = turnsUntil(200);

        assertThat(taken).containsExactly("gathering 0", "check 50", "gathering 100", "check 150", "gathering 200");
    }

    @Test
    void whoeverIsAloneHasEveryTurn() {
        assertThat(gathering.grants(0)).isTrue();
        assertThat(checks.grants(0)).isFalse();
        checks.rest(Machine.NEVER);

        assertThat(gathering.grants(nanos(49))).isFalse();
        assertThat(gathering.grants(nanos(50))).isTrue();
        assertThat(checks.next()).isEqualTo(Machine.NEVER);
    }

    // the other one may be held up by the shared pacer: nobody waits for it without end
    @Test
    void whoeverYieldsComesFiveMillisecondsLater() {
        assertThat(gathering.grants(0)).isTrue();
        assertThat(checks.grants(0)).isFalse();

        assertThat(gathering.grants(nanos(50))).isFalse();
        assertThat(gathering.next()).isEqualTo(nanos(55));
        assertThat(gathering.grants(nanos(55))).isTrue();
    }

    // a capture sees when a request leaves, not when it was decided upon
    @Test
    void taIsCountedFromWhenTheRequestHasLeft() {
        assertThat(checks.grants(0)).isTrue();
        assertThat(checks.grants(0)).isFalse();
        assertThat(gathering.grants(0)).isFalse();

        checks.left(nanos(3));

        assertThat(gathering.next()).isEqualTo(nanos(53));
        assertThat(gathering.grants(nanos(52))).isFalse();
        assertThat(gathering.grants(nanos(53))).isTrue();
    }

    @Test
    void whatLeavesLaterWithoutABeatMovesNothing() {
        assertThat(checks.grants(0)).isTrue();
        checks.left(nanos(3));

        checks.left(nanos(40));

        assertThat(checks.grants(nanos(53))).isTrue();
    }

    @Test
    void agentsOfOneRuntimeAreFiveMillisecondsApart() {
        Beat other = new Beat(pacer, new Turns(), TA);

        assertThat(gathering.grants(0)).isTrue();
        assertThat(other.grants(0)).isFalse();

        assertThat(other.next()).isEqualTo(nanos(5));
        assertThat(other.grants(nanos(5))).isTrue();
    }

    // a reservation that another part's turn has made useless must not be used later, next to somebody else's beat
    @Test
    void aReservationThatWasOvertakenIsMadeAnew() {
        Beat other = new Beat(pacer, new Turns(), TA);
        assertThat(other.grants(0)).isTrue();
        assertThat(checks.grants(nanos(1))).isFalse();
        assertThat(checks.next()).isEqualTo(nanos(5));
        Beat third = new Beat(Pacer.perAgent(), turns, TA);
        assertThat(third.grants(nanos(2))).isTrue();

        assertThat(checks.grants(nanos(5))).isFalse();
        other.grants(nanos(52));

        assertThat(checks.grants(nanos(52))).isFalse();
        assertThat(checks.next()).isEqualTo(nanos(57));
    }
}
