// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.IcmpError;

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
     * A relayed address of the other family is there, too (RFC 8656 §7.3). Follows {@link Allocated}.
     *
     * @param relayBase its identifier is the next one after that of the first
     */
    record AdditionallyAllocated(Base relayBase) implements TurnEvent {}

    /**
     * Of the two families that were asked for only one was given, or the other one where either would do; the allocation stands all the
     * same (RFC 8656 §7.3).
     */
    record AdditionalRefused(AddressFamily family, TurnFailure failure) implements TurnEvent {}

    /**
     * The server keeps the next higher port for 30 s, for an allocation of ours that asks for it (RFC 8656 §7.3).
     *
     * @param token for {@link PortRequest#reserved}
     */
    record PortReserved(long token) implements TurnEvent {}

    /** The server lets the allocation move to no other address; {@link TurnAllocation#moveTo} does nothing (RFC 8016 §3.1). */
    record MobilityRefused() implements TurnEvent {}

    /** The allocation hangs on another local base now; relayed address, permissions and channels are the old ones (RFC 8016 §3.2). */
    record Moved(Base base) implements TurnEvent {}

    /** A NAT has given us another outside address, and the server has taken the allocation there: all else is as it was (RFC 8016 §3.2). */
    record Rebound() implements TurnEvent {}

    /** The allocation has not moved there, and stays where it is. */
    record MoveRefused(Base base, TurnFailure failure) implements TurnEvent {}

    /**
     * The local base has gone, or the connection has ended; {@link TurnAllocation#moveTo} another one saves the allocation for as long as the
     * server keeps it. Only where the server lets it move. Of a connection it is told again a few seconds after a move that has led
     * nowhere, twice; then, and at once where the server refuses the ticket, the allocation is lost.
     */
    record Stranded(Cause cause) implements TurnEvent {}

    /** The server cannot send what no router may fragment; {@link TurnAllocation#transmitWhole} sends nothing (RFC 8656 §14). */
    record DontFragmentRefused() implements TurnEvent {}

    /**
     * The server got an ICMP error for something that it had sent to this peer (RFC 8656 §11.5). Nothing proves that it did: a hint.
     */
    record IcmpReceived(InetSocketAddress peer, IcmpError error) implements TurnEvent {}

    /**
     * The server has no room now; the allocation will be asked for again.
     *
     * @param retryAt on the line of time of the machine
     */
    record Postponed(TurnFailure failure, long retryAt) implements TurnEvent {}

    /**
     * The server sent us to another one, which is asked now; where a connection leads to the server, over a new one (RFC 8489 §10).
     *
     * @param domain the name that the certificate of the next server must have (RFC 8489 §14.16); empty for the name in use
     */
    record Redirected(InetSocketAddress from, InetSocketAddress to, String domain) implements TurnEvent {}

    /**
     * The server does not take our credentials, or takes them no longer; {@link TurnAllocation#use} within 30 s saves the requests
     * that wait. Or it still takes them, and their time is over ({@link TurnCredentials#renewAfter}): then nothing waits. Only where
     * {@link AllocationOptions#renewsCredentials} was set.
     *
     * @param realm of the server
     * @param authorizationServer the name that a token would have to be made for (RFC 7635 §6.1); empty where the server takes none
     * @param username of the credentials in place of which others are wanted; empty where there are none
     */
    record CredentialsWanted(TurnFailure failure, String realm, String authorizationServer, String username)
            implements TurnEvent {}

    /**
     * The server takes the credentials no longer that the allocation was made with, and nobody else's in their place (441, RFC 8656
     * §5). It stands, and can be refreshed no more: permissions end within five minutes, and it does with its lifetime. Another one can
     * be asked for from another local port meanwhile. Told once.
     */
    record Orphaned(TurnFailure failure) implements TurnEvent {}

    /** Peers at this address can reach us over the relay. Once for each grant, not for each refresh. */
    record PermissionGranted(InetAddress peer) implements TurnEvent {}

    /** Peers at this address cannot reach us over the relay; other permissions are not concerned. */
    record PermissionRefused(InetAddress peer, TurnFailure failure) implements TurnEvent {}

    /** Data to and from a peer now goes by a channel. Once for each binding, not for each refresh. */
    record ChannelBound(InetSocketAddress peer, int channel) implements TurnEvent {}

    /** There is no channel to this peer; data goes by indications. */
    record ChannelRefused(InetSocketAddress peer, TurnFailure failure) implements TurnEvent {}

    /**
     * A connection leads to a peer (RFC 6062 §4): what is sent on {@code base} comes out there, and what the peer sends comes in as
     * relayed data of that base.
     *
     * @param base a connection to the server, for this peer alone; given up by {@link TurnAllocation#disconnect}
     * @param incoming whether the peer has begun
     */
    record PeerConnected(Base base, InetSocketAddress peer, boolean incoming) implements TurnEvent {}

    /** No connection leads to this peer: the server could not reach it, or refused, or could not be reached itself. */
    record PeerConnectFailed(InetSocketAddress peer, TurnFailure failure) implements TurnEvent {}

    /** A connection to a peer has ended, by the peer, by the server or with the allocation. */
    record PeerDisconnected(Base base, InetSocketAddress peer, Cause cause) implements TurnEvent {}

    /** There is no allocation, or no more. The last event. */
    record Failed(TurnFailure failure) implements TurnEvent {}

    /** The server has released the allocation, or did not answer in time. The last event. */
    record Released() implements TurnEvent {}
}
