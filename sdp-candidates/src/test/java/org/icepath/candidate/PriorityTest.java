// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PriorityTest {
    private static final BigInteger TWO_32 = BigInteger.ONE.shiftLeft(32);

    // RFC 8839 §4.2.6: the example's two candidates
    @Test
    void formulaGivesThePrioritiesOfTheRfcExample() {
        assertThat(Priority.of(CandidateType.HOST, 65535, 1)).isEqualTo(2130706431L);
        assertThat(Priority.of(CandidateType.SERVER_REFLEXIVE, 65535, 1)).isEqualTo(1694498815L);
    }

    @Test
    void preferencesCanBeReadBack() {
        long priority = Priority.of(110, 4711, 2);

        assertThat(Priority.typePreference(priority)).isEqualTo(110);
        assertThat(Priority.localPreference(priority)).isEqualTo(4711);
    }

    // RFC 8445 §5.1.2: 1 to 2^31 - 1
    @Test
    void everyPriorityOfTheFormulaFitsACandidate() {
        assertThat(Priority.of(126, 65535, 1)).isLessThanOrEqualTo(Priority.MAX);
        assertThat(Priority.of(0, 1, 256)).isPositive();
        assertThatThrownBy(() -> Priority.of(0, 0, 256)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valuesOutsideTheirRangeAreRefused() {
        assertThatThrownBy(() -> Priority.of(127, 0, 1)).hasMessageContaining("127");
        assertThatThrownBy(() -> Priority.of(0, 65536, 1)).hasMessageContaining("65536");
        assertThatThrownBy(() -> Priority.of(0, 0, 0)).hasMessageContaining("component 0");
        assertThatThrownBy(() -> Priority.of(0, 0, 257)).hasMessageContaining("257");
        assertThatThrownBy(() -> Priority.pair(-1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Priority.pair(1, 1L << 32)).isInstanceOf(IllegalArgumentException.class);
    }

    // RFC 8445 §6.1.2.3: 2^32*MIN(G,D) + 2*MAX(G,D) + (G>D?1:0), more than a signed long holds
    @Test
    void pairPriorityAgreesWithUnlimitedArithmeticOverAllOf32Bits() {
        Random random = new Random(8445);
        for (int i = 0; i < 100_000; i++) {
            long g = random.nextLong() >>> (32 + random.nextInt(32));
            long d = random.nextInt(8) == 0 ? g : random.nextLong() >>> (32 + random.nextInt(32));

            assertThat(Long.toUnsignedString(Priority.pair(g, d))).isEqualTo(oracle(g, d));
        }
    }

    private static String oracle(long g, long d) {
        BigInteger min = BigInteger.valueOf(Math.min(g, d));
        BigInteger max = BigInteger.valueOf(Math.max(g, d));
        BigInteger sum = TWO_32.multiply(min).add(max.shiftLeft(1)).add(BigInteger.valueOf(g > d ? 1 : 0));
        return sum.mod(TWO_32.multiply(TWO_32)).toString();
    }

    @Test
    void pairsOfTheLargestPrioritiesCompareOnlyUnsigned() {
        long large = Priority.pair(0xFFFFFFFEL, 0xFFFFFFFEL);
        long small = Priority.pair(1, 2);

        assertThat(Long.compareUnsigned(large, small)).isPositive();
        assertThat(Long.compare(large, small)).isNegative();
    }

    @Test
    void bothSidesOfAPairComputeTheSamePriority() {
        // the agents exchange roles in words only: G is the controlling one's candidate on either side
        assertThat(Priority.pair(10, 20)).isEqualTo((10L << 32) + 40);
        assertThat(Priority.pair(20, 10)).isEqualTo((10L << 32) + 41);
    }
}
