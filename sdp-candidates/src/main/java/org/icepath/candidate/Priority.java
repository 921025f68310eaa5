// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

/** The arithmetic of priorities (RFC 8445 §5.1.2.1 and §6.1.2.3). */
public final class Priority {
    /** The largest candidate priority, 2^31 - 1. */
    public static final long MAX = Integer.MAX_VALUE;

    private Priority() {}

    /**
     * The priority of a candidate: {@code 2^24 * type preference + 2^8 * local preference + 256 - component}.
     *
     * @param typePreference 0 to 126
     * @param localPreference 0 to 65535
     * @param component 1 to 256
     * @throws IllegalArgumentException outside those ranges, or if the result is 0, which no candidate may have
     */
    public static long of(int typePreference, int localPreference, int component) {
        require("type preference", typePreference, 0, 126);
        require("local preference", localPreference, 0, 65535);
        require("component", component, 1, 256);
        long priority = ((long) typePreference << 24) + ((long) localPreference << 8) + (256 - component);
        if (priority == 0) {
            throw new IllegalArgumentException("priority 0: raise the local preference");
        }
        return priority;
    }

    /** As {@link #of(int, int, int)}, with the recommended preference of a type. */
    public static long of(CandidateType type, int localPreference, int component) {
        return of(type.typePreference(), localPreference, component);
    }

    /**
     * The local preference of a TCP candidate: {@code 2^13 * direction-pref + other-pref} (RFC 6544 §4.2). It is below that of UDP candidates
     * of the same type, as long as theirs stay above 57343.
     *
     * @param type reflexive candidates prefer simultaneous open, all others that we open connections
     * @param tcp not {@link TcpType#NONE}
     * @param other orders candidates of one type and direction, 0 to 8191; 8191 for the only address
     * @throws IllegalArgumentException outside of those ranges
     */
    public static int tcpLocalPreference(CandidateType type, TcpType tcp, int other) {
        require("other preference", other, 0, 8191);
        boolean reflexive = type == CandidateType.SERVER_REFLEXIVE;
        int direction =
                switch (tcp) {
                    case ACTIVE -> reflexive ? 4 : 6;
                    case PASSIVE -> reflexive ? 2 : 4;
                    case SIMULTANEOUS_OPEN -> reflexive ? 6 : 2;
                    case NONE -> throw new IllegalArgumentException("a direction without TCP");
                };
        return (direction << 13) + other;
    }

    /**
     * The priority of a pair, {@code 2^32 * MIN(G,D) + 2 * MAX(G,D) + (G > D ? 1 : 0)} (RFC 8445 §6.1.2.3): an
     * <em>unsigned</em> 64-bit number, to be compared with {@link Long#compareUnsigned}.
     *
     * @param controlling G, the priority of the controlling agent's candidate, 0 to 2^32 - 1
     * @param controlled D, the priority of the controlled agent's candidate, 0 to 2^32 - 1
     * @throws IllegalArgumentException if either has more than 32 bits
     */
    public static long pair(long controlling, long controlled) {
        if ((controlling | controlled) >>> 32 != 0) {
            throw new IllegalArgumentException("priority over 32 bits: " + controlling + ", " + controlled);
        }
        long min = Math.min(controlling, controlled);
        long max = Math.max(controlling, controlled);
        return (min << 32) + 2 * max + (controlling > controlled ? 1 : 0);
    }

    /** The type preference inside a priority that was made by the formula, 0 to 255. */
    public static int typePreference(long priority) {
        return (int) (priority >>> 24) & 0xFF;
    }

    /** The local preference inside a priority that was made by the formula, 0 to 65535. */
    public static int localPreference(long priority) {
        return (int) (priority >>> 8) & 0xFFFF;
    }

    private static void require(String what, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + " " + value + " is not in " + min + " to " + max);
        }
    }
}
