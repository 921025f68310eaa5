// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.ms;

import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Priority;
import org.icepath.candidate.TransportType;

/**
 * How MS-ICE2 clients compute priorities (seen: every value of published offers comes out exactly).
 *
 * <pre>
 * type preference (8) | transport (4) | direction (3) | other (9) | 256 - component (8)
 * </pre>
 *
 * <p>Other is 511 less two for each candidate before this one, and less two more for the RTCP component.
 */
public final class MsPriority {

    /** Most candidates of one section that get priorities of their own. */
    public static final int MAX_NUMBER = 255;

    private static final int TUNNEL_PREFERENCE = 1;
    private static final int UDP = 15;
    private static final int TCP = 6;
    private static final int BEST_OTHER = 511;

    private MsPriority() {}

    /**
     * The priority of a candidate.
     *
     * @param number of the candidate in its section, 1 to {@link #MAX_NUMBER}: its foundation
     * @param component 1 or 2; others are taken for RTCP
     * @throws IllegalArgumentException when {@code number} or {@code component} is out of range
     */
    public static long of(CandidateType type, TransportType transport, int number, int component) {
        return Priority.of(typePreference(type), localPreference(type, transport, number, component), component);
    }

    /** The priority of a candidate on a tunnel of IPv6 through IPv4: the least of all (seen). */
    public static long ofTunnel(TransportType transport, int number, int component) {
        return Priority.of(
                TUNNEL_PREFERENCE, localPreference(CandidateType.HOST, transport, number, component), component);
    }

    /**
     * What PRIORITY says in a check from a candidate: peer-reflexive, with the transport and direction of its base, and an other
     * preference that is lower by the component (seen: 510 and 509 from the first candidate; inferred for the others).
     *
     * @param local whose foundation is its number in its section; any other foundation counts as the last
     */
    public static long ofCheck(Candidate local) {
        int other = Math.max(BEST_OTHER - 2 * (numberOf(local) - 1) - local.component(), 0);
        int preference = upper(CandidateType.PEER_REFLEXIVE, local.transport()) | other;
        return Priority.of(typePreference(CandidateType.PEER_REFLEXIVE), preference, local.component());
    }

    /** The number that a foundation is; the last where it is none. */
    static int numberOf(Candidate local) {
        try {
            return Math.max(1, Math.min(Integer.parseInt(local.foundation().value()), MAX_NUMBER));
        } catch (NumberFormatException e) {
            return MAX_NUMBER;
        }
    }

    private static int typePreference(CandidateType type) {
        return switch (type) {
            case HOST -> 126;
            case PEER_REFLEXIVE -> 110;
            case SERVER_REFLEXIVE -> 100;
            case RELAYED -> 10;
        };
    }

    private static int localPreference(CandidateType type, TransportType transport, int number, int component) {
        if (number < 1 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("candidate number " + number + " is not in 1 to " + MAX_NUMBER);
        }
        int other = BEST_OTHER - 2 * (number - 1) - (component == 1 ? 0 : 2);
        return upper(type, transport) | Math.max(other, 0);
    }

    /** Transport and direction. */
    private static int upper(CandidateType type, TransportType transport) {
        return (transport.isUdp() ? UDP : TCP) << 12 | direction(type, transport) << 9;
    }

    private static int direction(CandidateType type, TransportType transport) {
        return switch (transport.tcpType()) {
            case NONE -> type == CandidateType.SERVER_REFLEXIVE ? 5 : 7;
            case ACTIVE, SIMULTANEOUS_OPEN -> 5;
            case PASSIVE -> 2;
        };
    }
}
