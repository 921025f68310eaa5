// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.ALTERNATE_SERVER;
import static org.icepath.stun.Attributes.CHANNEL_NUMBER;
import static org.icepath.stun.Attributes.XOR_MAPPED_ADDRESS;
import static org.icepath.stun.Attributes.XOR_PEER_ADDRESS;
import static org.icepath.stun.Attributes.XOR_RELAYED_ADDRESS;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Transport;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.icepath.turn.wire.StunFraming;

/**
 * The questions whose answers differ between kinds of TURN servers. Every default is RFC 8656.
 *
 * <p>Implementations are immutable, stateless and thread-safe. A question about an incoming message takes that message.
 */
public interface TurnDialect {

    /** The dialect of the standard. */
    TurnDialect RFC8656 = new TurnDialect() {
        @Override
        public String toString() {
            return "RFC8656";
        }
    };

    /** How the messages are written. */
    default StunDialect stun() {
        return StunDialect.RFC8489;
    }

    /**
     * Why such a server can never take these credentials: they are not of the form that it knows.
     *
     * @return for people, without anything secret; empty where it may take them
     */
    default Optional<String> objectionTo(TurnCredentials credentials) {
        return Optional.empty();
    }

    /** Whether a 437 to the first Allocate says that another local port would help (RFC 8656 §7.4). */
    default boolean mismatchIsOfPort() {
        return true;
    }

    /** Why an answer has no second relayed address though one was wanted, and no error says it; for people. */
    default String additionalAddressMissing() {
        return "the server gave one address and did not say why";
    }

    /**
     * Whether a datagram from the server is a message, and not data of the active destination.
     *
     * @param datagram from position to limit; not changed
     */
    default boolean isMessage(ByteBuffer datagram) {
        return Demux.of(datagram) == PacketKind.STUN;
    }

    /**
     * Writes attributes that requests and Send indications have beyond the standard's, before those of authentication.
     *
     * @param method of the message
     */
    default void addAttributes(StunWriter writer, StunMethod method) {}

    /** The relayed transport address in the success of an Allocate request. */
    default Optional<InetSocketAddress> relayedAddress(StunMessage success) {
        return success.get(XOR_RELAYED_ADDRESS);
    }

    /**
     * The relayed transport address of the other family in the success of an Allocate request, where both were asked for.
     *
     * @param first what {@link #relayedAddress} said
     */
    default Optional<InetSocketAddress> additionalAddress(StunMessage success, InetSocketAddress first) {
        return RelayedAddresses.ofOtherFamily(success, first);
    }

    /** Our address as the server saw it in the success of an Allocate request. */
    default Optional<InetSocketAddress> mappedAddress(StunMessage success) {
        return success.get(XOR_MAPPED_ADDRESS);
    }

    /** What refreshes an allocation, and with a lifetime of 0 releases it. */
    default StunMethod refreshMethod() {
        return StunMethod.REFRESH;
    }

    /** Whether an allocation is refreshed shortly before half its lifetime is over, and not shortly before its end (RFC 8656 §8). */
    default boolean refreshesAtHalf() {
        return false;
    }

    /**
     * Whether an allocation is that of a user name, and takes requests of no other (RFC 8656 §5). Otherwise credentials that are supplied
     * while it stands sign at once, whatever name they have.
     */
    default boolean bindsToUsername() {
        return true;
    }

    /**
     * Whether a Binding indication to the server holds the NAT's binding and does nothing else (RFC 8445 §11). Where it does not, an
     * allocation over datagrams is refreshed often enough.
     */
    default boolean takesIndications() {
        return true;
    }

    /** Whether a peer must be permitted before data passes (RFC 8656 §9). */
    default boolean needsPermissions() {
        return true;
    }

    /** How data of a preferred peer is carried. */
    default PeerBinding peerBinding() {
        return PeerBinding.CHANNEL;
    }

    /** What binds a channel, or makes a peer the active destination. */
    default StunMethod bindMethod() {
        return StunMethod.CHANNEL_BIND;
    }

    /**
     * Writes what a binding request says.
     *
     * @param channel the channel number; 0 for an active destination
     */
    default void writeBinding(StunWriter writer, InetSocketAddress peer, int channel) {
        writer.put(CHANNEL_NUMBER, channel).put(XOR_PEER_ADDRESS, peer);
    }

    /** How the relay speaks to peers, in an allocation that is asked for like this. */
    default Transport relayedTransport(AllocationSettings settings) {
        return settings.options().transport() instanceof RelayedTransport.Tcp ? Transport.TCP : Transport.UDP;
    }

    /**
     * Whether a relay can be asked to make connections to peers and to take theirs, each told of and each on a connection of its own to
     * the server (RFC 6062).
     */
    default boolean relaysConnections() {
        return true;
    }

    /** How messages and channel data are laid on a stream. */
    default Framing framing() {
        return StunFraming.INSTANCE;
    }

    /**
     * The server that an error answer sends us to, if we are to follow (RFC 8489 §10).
     *
     * @param error the answer; not necessarily authenticated
     */
    default Optional<InetSocketAddress> alternateServer(StunMessage error) {
        return error.get(ALTERNATE_SERVER);
    }

    /**
     * The server that is to be asked with the answer to a challenge, in place of the one that sent it; only over datagrams.
     *
     * @param challenge not authenticated
     */
    default Optional<InetSocketAddress> challengeServer(StunMessage challenge) {
        return Optional.empty();
    }

    /** An error in words, for people. */
    default String meaning(ErrorCode error) {
        return error.toString();
    }

    /** What an error answer means. */
    default TurnFailure failure(ErrorCode error) {
        return TurnFailure.of(error);
    }

    /** How an allocation and its server are to speak to each other; a new one for each allocation. */
    default TurnDialogue dialogue(AllocationSettings settings, RandomGenerator random) {
        return new StandardDialogue(this, settings, random);
    }
}
