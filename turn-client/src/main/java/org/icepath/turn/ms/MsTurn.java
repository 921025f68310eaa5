// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Transport;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.ms.MsServiceQuality;
import org.icepath.stun.ms.MsStreamFraming;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.Discovery;
import org.icepath.turn.PeerBinding;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnDialect;
import org.icepath.turn.TurnDialogue;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;

/**
 * How Edge servers are spoken to ([MS-TURN]), and what of it is left to choose. Immutable; its methods return copies.
 *
 * <p>There are no permissions and no channels: who was sent something may answer, and one peer at a time is the active destination,
 * whose data comes and goes without a message around it. An allocation relays by the transport that it was asked for over.
 *
 * @param version our MS-VERSION, 1 to 4. From 3 on integrity is HMAC-SHA256 where the server says 3 or more, too; its key is known from
 *     one public source only, hence 2 by default. From 4 on relays are asked for by family ([MS-TURN] §2.2.2.15). 5 and 6 would promise
 *     that we know multiplexed relays of our own
 * @param pseudoTls whether connections begin with the greeting that looks like TLS ([MS-TURN] §2.1.1)
 * @param quality what the allocation is for ([MS-TURN] §2.2.2.22, specified)
 * @param quotedRealmFirst which reading of a realm in quotation marks is tried first (inferred: without them)
 * @param numbersSends whether Send requests have a sequence number: specified, though one client was seen to leave it out; there are
 *     servers that find the allocation by it alone
 */
public record MsTurn(
        int version, boolean pseudoTls, MsServiceQuality quality, boolean quotedRealmFirst, boolean numbersSends)
        implements TurnDialect {

    /** Without pseudo-TLS, for audio at best effort. */
    public static final MsTurn DEFAULT = new MsTurn(
            2, false, new MsServiceQuality(MsServiceQuality.AUDIO, MsServiceQuality.BEST_EFFORT), false, true);

    /** What Edge servers listen on over UDP; over TCP it is mostly 443. */
    public static final int DEFAULT_UDP_PORT = 3_478;

    /** Where pseudo-TLS is spoken. */
    public static final int PSEUDO_TLS_PORT = 443;

    static final StunMethod SEND = new StunMethod(0x004);
    private static final StunMethod SET_ACTIVE_DESTINATION = new StunMethod(0x006);
    static final int IPV6_VERSION = 4;
    private static final int HIGHEST_VERSION = 4;

    public MsTurn {
        Objects.requireNonNull(quality, "quality");
        if (version < 1 || version > HIGHEST_VERSION) {
            throw new IllegalArgumentException("MS-VERSION " + version + " is not within 1 to " + HIGHEST_VERSION);
        }
    }

    /**
     * A server that speaks this dialect.
     *
     * @param transport UDP or TCP; with pseudo-TLS only the latter
     * @param username base64, as a media relay authentication service gives it
     * @param password base64, likewise
     * @throws IllegalArgumentException for another transport, and when user name or password are no base64
     */
    public TurnServer server(String host, int port, Transport transport, String username, String password) {
        if (transport != Transport.TCP && (transport != Transport.UDP || pseudoTls)) {
            throw new IllegalArgumentException(
                    (pseudoTls ? "pseudo-TLS" : "such a server") + " is not spoken to over " + transport);
        }
        return new TurnServer(host, port, transport, Discovery.NONE, username, password, this);
    }

    /**
     * The same with another MS-VERSION.
     *
     * @throws IllegalArgumentException when it is not within 1 to 4
     */
    public MsTurn withVersion(int other) {
        return new MsTurn(other, pseudoTls, quality, quotedRealmFirst, numbersSends);
    }

    /** The same over connections that begin like TLS. */
    public MsTurn withPseudoTls() {
        return new MsTurn(version, true, quality, quotedRealmFirst, numbersSends);
    }

    /** The same for something else than audio. */
    public MsTurn withQuality(MsServiceQuality other) {
        return new MsTurn(version, pseudoTls, other, quotedRealmFirst, numbersSends);
    }

    /** The same, hashing realms with their quotation marks first. */
    public MsTurn withQuotedRealmFirst() {
        return new MsTurn(version, pseudoTls, quality, true, numbersSends);
    }

    /** The same, leaving sequence numbers out of Send requests. */
    public MsTurn withoutNumbersInSends() {
        return new MsTurn(version, pseudoTls, quality, quotedRealmFirst, false);
    }

    /** What a media relay authentication service gives is base64 (seen), and nothing else has a key. */
    @Override
    public Optional<String> objectionTo(TurnCredentials credentials) {
        return MsCredentials.objectionTo(credentials);
    }

    @Override
    public StunDialect stun() {
        return MsTurnDialect.SHA1;
    }

    /** In the clear (specified, seen). */
    @Override
    public Optional<InetSocketAddress> relayedAddress(StunMessage success) {
        return success.get(MsTurnAttributes.MAPPED_ADDRESS);
    }

    @Override
    public Optional<InetSocketAddress> additionalAddress(StunMessage success, InetSocketAddress first) {
        return success.get(MsTurnAttributes.ALTERNATE_MAPPED_ADDRESS);
    }

    /** Both families exist from version 4 on, which we do not say by default. */
    @Override
    public String additionalAddressMissing() {
        return version < IPV6_VERSION
                ? "an Edge is not asked for both families below MS-VERSION " + IPV6_VERSION + ", and " + version
                        + " is told"
                : TurnDialect.super.additionalAddressMissing();
    }

    @Override
    public Optional<InetSocketAddress> mappedAddress(StunMessage success) {
        return success.get(MsTurnAttributes.XOR_MAPPED_ADDRESS);
    }

    /** An Allocate request on the same 5-tuple (seen). */
    @Override
    public StunMethod refreshMethod() {
        return StunMethod.ALLOCATE;
    }

    @Override
    public boolean refreshesAtHalf() {
        return true;
    }

    /** A token is renewed under another name, and stands for the same user (inferred). */
    @Override
    public boolean bindsToUsername() {
        return false;
    }

    /** 437 says that there is no binding (draft-rosenberg-midcom-turn-08, seen), of whatever port. */
    @Override
    public boolean mismatchIsOfPort() {
        return false;
    }

    /** A Binding indication would be data for the active destination. */
    @Override
    public boolean takesIndications() {
        return false;
    }

    @Override
    public boolean needsPermissions() {
        return false;
    }

    @Override
    public PeerBinding peerBinding() {
        return PeerBinding.ACTIVE_DESTINATION;
    }

    @Override
    public StunMethod bindMethod() {
        return SET_ACTIVE_DESTINATION;
    }

    @Override
    public void writeBinding(StunWriter writer, InetSocketAddress peer, int channel) {
        writer.put(MsTurnAttributes.DESTINATION_ADDRESS, peer);
    }

    /** That of the request (seen). */
    @Override
    public Transport relayedTransport(AllocationSettings settings) {
        return settings.base().transport() == Transport.UDP ? Transport.UDP : Transport.TCP;
    }

    /** Its relays over TCP have no connections that a client could tell apart but by the peer's address. */
    @Override
    public boolean relaysConnections() {
        return false;
    }

    @Override
    public Framing framing() {
        return pseudoTls ? MsStreamFraming.AFTER_GREETING : MsStreamFraming.INSTANCE;
    }

    @Override
    public Optional<InetSocketAddress> alternateServer(StunMessage error) {
        return error.get(MsTurnAttributes.ALTERNATE_SERVER);
    }

    /** Where the authenticated request must go ([MS-TURN] §2.2.2.7, specified; seen). */
    @Override
    public Optional<InetSocketAddress> challengeServer(StunMessage challenge) {
        return challenge.get(MsTurnAttributes.ALTERNATE_SERVER);
    }

    @Override
    public String meaning(ErrorCode error) {
        return MsTurnError.of(error.code())
                .map(known -> error + ": " + known.meaning())
                .orElseGet(error::toString);
    }

    @Override
    public TurnFailure failure(ErrorCode error) {
        return MsTurnError.of(error.code())
                .map(known -> new TurnFailure(known.kind(), error.code(), "the server answered " + meaning(error)))
                .orElseGet(() -> TurnDialect.super.failure(error));
    }

    @Override
    public TurnDialogue dialogue(AllocationSettings settings, RandomGenerator random) {
        return new MsDialogue(this, settings, random);
    }

    @Override
    public String toString() {
        return "MS-TURN" + (pseudoTls ? " over pseudo-TLS" : "") + ", version " + version;
    }
}
