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

    /** The rules towards a peer of whom this much is known: these, unless they are several rules in one. */
    default SessionRules towards(RemoteTraits traits) {
        return this;
    }

    /**
     * From when on the controlling side waits for something better, for {@link Timings#nominationPatience} at most: the first valid pair.
     *
     * @param firstValidAt when the first pair of the component became valid, or {@link PairView#NOT_YET}
     * @param firstCheckedAt when the peer's first check on the component came, or {@link PairView#NOT_YET}
     * @return {@link PairView#NOT_YET} when it has not begun
     */
    default long patienceFrom(long firstValidAt, long firstCheckedAt) {
        return firstValidAt;
    }

    /**
     * From when on {@link Timings#promotionWindow} counts, at whose end the best valid pair is nominated.
     *
     * @param startedAt when the checks of the stream began
     * @param firstValidAt when the first pair of the component became valid
     */
    default long windowFrom(long startedAt, long firstValidAt) {
        return firstValidAt;
    }

    /**
     * When a stream without a path has failed, though patience (RFC 8863 §4) would last longer: never.
     *
     * @param startedAt when the checks of the stream began
     * @param firstCheckedAt when the peer's first check on the stream came, or {@link PairView#NOT_YET}
     * @param role ours
     * @return nanoseconds, {@link Long#MAX_VALUE} for never
     */
    default long checksEndAt(long startedAt, long firstCheckedAt, IceRole role, Timings timings) {
        return Long.MAX_VALUE;
    }

    /** Whether the controlled side keeps to the first pair that is nominated, whatever is nominated later (RFC 5245: the best). */
    default boolean firstNominationCounts() {
        return false;
    }

    /** Whether a selected local candidate may be a server-reflexive one; else the same address counts as peer-reflexive. */
    default boolean selectsServerReflexive() {
        return true;
    }

    /** Whether a check that was refused with an authenticated error is sent again, a few times, before its pair fails. */
    default boolean retriesAfter(int errorCode) {
        return false;
    }

    /** Whether whatever the peer sends on a pair shows that it still consents to receive there (RFC 7675: only an answer does). */
    default boolean dataShowsConsent() {
        return false;
    }

    /** Whether pairs beside the selected ones are kept, checked and promoted to. */
    default boolean keepsReserves() {
        return true;
    }

    /** The most pairs of all check lists together, where the configuration does not say (RFC 8445 §6.1.2.5). */
    default int mostPairs() {
        return 100;
    }

    /** The most peers of one session: dialogs that one offer makes. */
    default int mostPeers() {
        return 32;
    }

    /** Whether we, controlling, may nominate towards a peer of whom this much is known. */
    default boolean mayNominate(RemoteTraits traits) {
        return true;
    }

    /** Whether a request that re-uses the transaction id of an answered one is a new request, not a retransmission. */
    default boolean repeatedTransactionIsNew() {
        return false;
    }

    /**
     * Whether a check that has left on a connection gets there, so that one of the peer's does not send ours again. Not where relays drop
     * what comes from whom nothing was sent to.
     */
    default boolean checksArriveOverTcp() {
        return true;
    }

    /**
     * Whether RTCP goes with RTP over a pair of TCP where the peer's candidates of both have one address, whatever was agreed for UDP
     * (RFC 5761 asks for {@code rtcp-mux}): its own component is then needed no longer.
     */
    default boolean rtcpSharesConnections() {
        return false;
    }

    /**
     * Whether, where we are controlled, a check of the peer's makes a pair over TCP valid; RFC 8445 §7.2.5.3.2 wants an answer to one of ours.
     */
    default boolean checkValidatesConnection() {
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

    /** Why that offer is due; {@link PendingOffer.Reason#PATHS_SELECTED} where it is due whatever the pairs. */
    default PendingOffer.Reason reasonOfUpdatedOffer() {
        return PendingOffer.Reason.SELECTED_DIFFERS_FROM_DEFAULT;
    }

    /** Whether descriptions of selected pairs name the peer's candidates also where we are controlled (RFC 8839 §5.2: controlling). */
    default boolean controlledNamesRemoteCandidates() {
        return false;
    }

    /**
     * Whether an offer that names the selected pairs ({@code a=remote-candidates}) is obeyed: answered with those pairs alone once they
     * are there, refused when they cannot be. By default it changes nothing.
     */
    default boolean obeysNamedPairs() {
        return false;
    }

    /** Which relay allocations stay once the paths are selected, where the configuration does not say. */
    default RelayPolicy relayPolicy() {
        return RelayPolicy.KEEP_ONE;
    }
}
