// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.stun.StunMessage;

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

    /** All forms in which this dialect reads a check, most specific first. */
    default List<CheckForm> readableForms() {
        return List.of(CheckForm.RFC8445);
    }

    /** Whether two candidates of one component, transport and address family may form a pair (RFC 8445 §6.1.2.2). */
    default boolean mayPair(Candidate local, Candidate remote) {
        return true;
    }

    /** What {@code message}, which has authenticated under {@code form}, adds to what is known of its sender. */
    default RemoteTraits learn(RemoteTraits known, CheckForm form, StunMessage message) {
        return known;
    }
}
