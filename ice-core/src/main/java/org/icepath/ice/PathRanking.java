// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/** Which of two pairs is the better path. A strict weak order: nothing is better than itself. */
@FunctionalInterface
public interface PathRanking {

    /** Whether {@code one} is strictly better than {@code other}. */
    boolean isBetter(PairView one, PairView other);

    /** By pair priority (RFC 8445 §6.1.2.3), which carries type, family, transport and interface in the candidates' preferences. */
    static PathRanking byPriority() {
        return (one, other) ->
                Long.compareUnsigned(one.pair().priority(), other.pair().priority()) > 0;
    }
}
