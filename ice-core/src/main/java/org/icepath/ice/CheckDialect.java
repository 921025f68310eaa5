// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.Priority;
import org.icepath.sansio.Framing;
import org.icepath.stun.StunMessage;
import org.icepath.turn.wire.Rfc4571Framing;

/** What a dialect decides about connectivity checks. Immutable and stateless; the defaults are RFC 8445's. */
public interface CheckDialect {

    /** RFC 8445 §7. */
    CheckDialect RFC8445 = new CheckDialect() {
        @Override
        public String toString() {
            return "RFC 8445";
        }
    };

    /** The forms in which the next check towards a peer of these traits is sent; at least one. */
    default List<CheckForm> forms(RemoteTraits traits) {
        return List.of(CheckForm.RFC8445);
    }

    /** All forms in which this dialect reads a check, most specific first; the one whose integrity is right wins. */
    default List<CheckForm> readableForms() {
        return List.of(CheckForm.RFC8445);
    }

    /** Whether two candidates of one component, transport and address family may form a pair (RFC 8445 §6.1.2.2). */
    default boolean mayPair(Candidate local, Candidate remote) {
        return true;
    }

    /** Whether messages to a peer of these traits have companions ({@link CheckForm#writeCompanion}). */
    default boolean sendsCompanions(RemoteTraits traits) {
        return false;
    }

    /** What PRIORITY says in a check from {@code local}: its priority, were it peer-reflexive (RFC 8445 §7.1.1). */
    default long checkPriority(Candidate local) {
        return Priority.of(CandidateType.PEER_REFLEXIVE, Priority.localPreference(local.priority()), local.component());
    }

    /**
     * The foundation of a peer-reflexive candidate of ours.
     *
     * @param base the candidate whose check found it
     * @param known our server-reflexive candidate of the same address and base, if any
     * @param number how many we have found, counted from 1
     */
    default Foundation peerReflexiveFoundation(Candidate base, Optional<Candidate> known, int number) {
        return new Foundation("prflx" + number);
    }

    /** Whether a peer of these traits may be able to read {@code form}; checks that are on their way in others are given up. */
    default boolean mayBeRead(CheckForm form, RemoteTraits traits) {
        return true;
    }

    /** What a description says of its writer's implementation, as far as this dialect can tell. */
    default RemoteTraits learn(RemoteTraits known, IceDescription description) {
        return known;
    }

    /** How checks and the application's packets lie on a connection between peers (RFC 6544 §3, RFC 4571). */
    default Framing framing() {
        return Rfc4571Framing.INSTANCE;
    }

    /** What {@code message}, which has authenticated under {@code form}, adds to what is known of its sender. */
    default RemoteTraits learn(RemoteTraits known, CheckForm form, StunMessage message) {
        return known;
    }
}
