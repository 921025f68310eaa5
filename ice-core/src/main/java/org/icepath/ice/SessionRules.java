// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Set;

/**
 * What a dialect decides about behaviour rather than bytes. Immutable and stateless; the defaults are RFC 8445's and RFC 8839's.
 */
public interface SessionRules {

    /** RFC 8445 and RFC 8839. */
    SessionRules RFC8445 = new SessionRules() {
        @Override
        public String toString() {
            return "RFC 8445";
        }
    };

    /** Whether we, controlling, may nominate towards a peer of whom this much is known. */
    default boolean mayNominate(RemoteTraits traits) {
        return true;
    }

    /** Whether a request that re-uses the transaction id of an answered one is a new request, not a retransmission. */
    default boolean repeatedTransactionIsNew() {
        return false;
    }

    /** Whether USE-CANDIDATE may come with the first check of a pair, before it is valid (RFC 8445 §8.1.1 forbids to send it so). */
    default boolean nominatesWithFirstCheck() {
        return false;
    }

    /**
     * Whether the controlling side owes an updated offer once its pairs are selected (RFC 8839 §4.4.1.2.2): when a selected pair
     * differs from the default destination, unless both sides offer {@code ice2}.
     *
     * @param selectedIsDefault whether every selected pair is the default destination of both descriptions
     * @param remoteOptions the ice-options of the peer
     */
    default boolean owesUpdatedOffer(boolean selectedIsDefault, Set<String> remoteOptions) {
        return !selectedIsDefault && !remoteOptions.contains("ice2");
    }

    /** Which relay allocations stay once the paths are selected, where the configuration does not say. */
    default RelayPolicy relayPolicy() {
        return RelayPolicy.KEEP_ONE;
    }

    /** Whether the nomination ends the session's freedom to move: later moves are restarts (RFC 8445 §8.1.1). */
    default boolean nominationIsFinal() {
        return true;
    }
}
