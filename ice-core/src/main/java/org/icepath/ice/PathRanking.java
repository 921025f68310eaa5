// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

/**
 * Which of two pairs is the better path: for what is nominated while we control, for what carries media before a nomination, and
 * for what media is promoted to after one. Pure functions of what the pairs show. One that throws is {@link #standard} from then on,
 * and {@link IceEvent.Overruled} says so.
 */
@FunctionalInterface
public interface PathRanking {

    /** Whether {@code one} is strictly better than {@code other}: never both ways round, and nothing is better than itself. */
    boolean isBetter(PairView one, PairView other);

    /**
     * Whether {@code one} is better for what it is and not merely for an order among equals: worth waiting for as long as it may still
     * answer.
     */
    default boolean isOfBetterKind(PairView one, PairView other) {
        return isBetter(one, other);
    }

    /**
     * Whether media should leave a pair that works for a better one. Stricter than {@link #isBetter} where what makes a pair better
     * goes up and down, so that media does not wander to and fro.
     *
     * @param challenger a valid pair
     * @param inUse the pair that carries media, which works
     */
    default boolean replaces(PairView challenger, PairView inUse) {
        return isBetter(challenger, inUse);
    }

    /**
     * The default. The first of these that tells two pairs apart decides:
     *
     * <ol>
     *   <li>the number of relays on the way, 0 to 2: no relay where there is a direct path;
     *   <li>our interface: a mobile network comes after others, a VPN last ({@link org.icepath.candidate.InterfaceKind#rank});
     *   <li>a path between host candidates before one on which an address is translated;
     *   <li>UDP before TCP;
     *   <li>the round trip, where both are known and the shorter saves at least 20 ms and a quarter of the longer;
     *   <li>the pair priority (RFC 8445 §6.1.2.3), which has the address families' order and the interfaces' of the peer in it.
     * </ol>
     *
     * <p>A pair that works is left for one with a better priority only where the round trip does not grow by 10 ms and an eighth.
     */
    static PathRanking standard() {
        return StandardRanking.INSTANCE;
    }

    /** By pair priority alone (RFC 8445 §6.1.2.3), which carries type, family, transport and interface in the candidates' preferences. */
    static PathRanking byPriority() {
        return (one, other) ->
                Long.compareUnsigned(one.pair().priority(), other.pair().priority()) > 0;
    }
}
