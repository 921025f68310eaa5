// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.icepath.sansio.Base;

/** What a {@link TurnAllocation} has to tell. */
public sealed interface TurnEvent {

    /**
     * The allocation moved from one state to another.
     *
     * @param reason for people
     */
    record StateChanged(AllocationState from, AllocationState to, String reason) implements TurnEvent {}

    /**
     * The relayed address is there (RFC 8656 §7.3).
     *
     * @param relayBase what the relayed address is called from now on; its address is the relayed transport address
     * @param mappedAddress our address as the server saw it, the server-reflexive one; that of the base if the server did not say
     * @param lifetimeSeconds until when the server keeps the allocation if it is not refreshed
     */
    record Allocated(Base relayBase, InetSocketAddress mappedAddress, long lifetimeSeconds) implements TurnEvent {}

    /**
     * The server has no room now; the allocation will be asked for again.
     *
     * @param retryAt on the line of time of the machine
     */
    record Postponed(TurnFailure failure, long retryAt) implements TurnEvent {}

    /** The server sent us to another one, which is asked now (RFC 8489 §10). */
    record Redirected(InetSocketAddress from, InetSocketAddress to) implements TurnEvent {}

    /** Peers at this address can reach us over the relay. Once for each grant, not for each refresh. */
    record PermissionGranted(InetAddress peer) implements TurnEvent {}

    /** Peers at this address cannot reach us over the relay; other permissions are not concerned. */
    record PermissionRefused(InetAddress peer, TurnFailure failure) implements TurnEvent {}

    /** Data to and from a peer now goes by a channel. Once for each binding, not for each refresh. */
    record ChannelBound(InetSocketAddress peer, int channel) implements TurnEvent {}

    /** There is no channel to this peer; data goes by indications. */
    record ChannelRefused(InetSocketAddress peer, TurnFailure failure) implements TurnEvent {}

    /** There is no allocation, or no more. The last event. */
    record Failed(TurnFailure failure) implements TurnEvent {}

    /** The server has released the allocation, or did not answer in time. The last event. */
    record Released() implements TurnEvent {}
}
