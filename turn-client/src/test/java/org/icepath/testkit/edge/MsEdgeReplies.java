// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Transport;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.ms.MsStreamFraming;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.stun.ms.MsTurnType;
import org.icepath.testkit.edge.Exchange.FiveTuple;
import org.jspecify.annotations.Nullable;

/** Writes what an Edge says, in the order in which Edges were seen to say it. */
final class MsEdgeReplies {

    private static final Set<Integer> BARE = Set.of(400, 420, 437, 500);

    private final MsEdgeConfig config;
    private final EdgeFaults faults;
    private final MsEdgeAuthenticator authenticator;
    private final Outbox outbox;
    private final RandomGenerator random;
    private final StunWriter sha1 = new StunWriter(MsTurnDialect.SHA1);
    private final StunWriter sha256 = new StunWriter(MsTurnDialect.SHA256);
    private final StunWriter padded = new StunWriter();
    private final ByteBuffer buffer = ByteBuffer.allocate(70_000);

    MsEdgeReplies(
            MsEdgeConfig config,
            EdgeFaults faults,
            MsEdgeAuthenticator authenticator,
            Outbox outbox,
            RandomGenerator random) {
        this.config = config;
        this.faults = faults;
        this.authenticator = authenticator;
        this.outbox = outbox;
        this.random = random;
    }

    private ByteBuffer room() {
        return buffer.clear().position(MsStreamFraming.CONTENT);
    }

    /** Answers with success; answers the datagram that went out. */
    ByteBuffer success(Exchange exchange, MsTurnType type, MsCredential credential, Consumer<StunWriter> attributes) {
        StunWriter writer = credential.form() == MsTurnDialect.SHA256 ? sha256 : sha1;
        type.answer(writer.wrap(room()), exchange.message());
        attributes.accept(writer);
        if (!faults.isUnsigned()) {
            writer.integrity(credential.key());
        }
        return send(exchange.tuple(), writer.finish());
    }

    /** Says which version this server is of, if it says so. */
    void putVersion(StunWriter writer) {
        if (config.version() > 0) {
            writer.putUint32(MsTurnAttributes.MS_VERSION, config.version());
        }
    }

    /** Answers with an error; answers the datagram that went out. */
    ByteBuffer error(Exchange exchange, Refusal refusal, @Nullable MsCredential credential, InetSocketAddress here) {
        MsTurnType type = errorTo(exchange.message().type());
        if (config.demands(MsDemand.BARE_ERRORS) && BARE.contains(refusal.code())) {
            padded.wrap(room())
                    .header(
                            type.bits(),
                            exchange.message().headerWord(),
                            exchange.message().transactionId());
            putError(padded, refusal);
            return send(exchange.tuple(), padded.finish());
        }
        boolean newer = credential != null && credential.form() == MsTurnDialect.SHA256;
        StunWriter writer = type.answer((newer ? sha256 : sha1).wrap(room()), exchange.message());
        putVersion(writer);
        putError(writer, refusal);
        if (MsEdgeAuthenticator.isChallenge(refusal.code())) {
            nameServer(writer, here);
            authenticator.putNonce(exchange, writer);
            authenticator.putRealm(writer);
        } else if (refusal.code() == ErrorCode.TRY_ALTERNATE) {
            faults.alternate().ifPresent(other -> writer.put(MsTurnAttributes.ALTERNATE_SERVER, other));
        }
        if (credential != null && !faults.isUnsigned()) {
            writer.integrity(credential.key());
        }
        return send(exchange.tuple(), writer.finish());
    }

    private static MsTurnType errorTo(int request) {
        if (request == MsTurnType.SEND_REQUEST.bits()) {
            return MsTurnType.SEND_ERROR;
        }
        return request == MsTurnType.ALLOCATE_REQUEST.bits()
                ? MsTurnType.ALLOCATE_ERROR
                : MsTurnType.SET_ACTIVE_DESTINATION_ERROR;
    }

    private void nameServer(StunWriter writer, InetSocketAddress here) {
        faults.challengeServer()
                .or(() -> config.namesItself() ? Optional.of(here) : Optional.empty())
                .ifPresent(server -> writer.put(MsTurnAttributes.ALTERNATE_SERVER, server));
    }

    private static void putError(StunWriter writer, Refusal refusal) {
        writer.put(MsTurnAttributes.ERROR_CODE, new ErrorCode(refusal.code(), refusal.reason()));
        if (refusal.unknownAttributes().length > 0) {
            List<Integer> unknown =
                    Arrays.stream(refusal.unknownAttributes()).boxed().toList();
            writer.put(MsTurnAttributes.UNKNOWN_ATTRIBUTES, unknown);
        }
    }

    /** Hands on what a peer has sent, with a message around it. */
    void indication(FiveTuple tuple, InetSocketAddress peer, ByteBuffer data) {
        MsTurnType.DATA_INDICATION.begin(sha1.wrap(room()), TransactionId.next(random));
        sha1.put(MsTurnAttributes.REMOTE_ADDRESS, peer).putBytes(MsTurnAttributes.DATA, data);
        send(tuple, sha1.finish());
    }

    /** Hands on what the active destination has sent. */
    void bare(FiveTuple tuple, ByteBuffer data) {
        if (tuple.base().transport() == Transport.UDP) {
            outbox.transmit(tuple.base(), tuple.client(), data);
            return;
        }
        MsStreamFraming.writeHeader(buffer.clear(), MsStreamFraming.DATA, data.remaining());
        buffer.put(MsStreamFraming.CONTENT, data, data.position(), data.remaining());
        outbox.transmit(
                tuple.base(), tuple.client(), buffer.position(0).limit(MsStreamFraming.CONTENT + data.remaining()));
    }

    /** Sends again what went out before. */
    void again(FiveTuple tuple, ByteBuffer answer) {
        outbox.transmit(tuple.base(), tuple.client(), answer);
    }

    private ByteBuffer send(FiveTuple tuple, ByteBuffer message) {
        ByteBuffer whole = message;
        if (tuple.base().transport() != Transport.UDP) {
            int length = message.remaining();
            int start = message.position() - MsStreamFraming.CONTENT;
            MsStreamFraming.writeHeader(message.position(start), MsStreamFraming.CONTROL, length);
            whole = message.position(start);
        }
        outbox.transmit(tuple.base(), tuple.client(), whole);
        return ByteBuffer.allocate(whole.remaining()).put(whole.duplicate()).flip();
    }
}
