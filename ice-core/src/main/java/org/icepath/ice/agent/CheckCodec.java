// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;
import org.icepath.candidate.IceCredentials;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.CheckForm;
import org.icepath.ice.IceRole;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.IntegrityKey;
import org.jspecify.annotations.Nullable;

/** Writes and verifies the messages of checks (RFC 8445 §7.1, §7.2.4, §7.3; RFC 8489 §9.1). */
final class CheckCodec {

    private final CheckDialect dialect;
    private final CheckScratch scratch;
    private final List<FormCodec> readable;
    private final IntegrityKey localKey;
    private final TransmissionCounts counts = new TransmissionCounts();

    CheckCodec(CheckDialect dialect, IceCredentials local, CheckScratch scratch) {
        this.dialect = dialect;
        this.scratch = scratch;
        this.readable = scratch.codecs(dialect);
        this.localKey = IntegrityKey.shortTerm(local.password());
    }

    /** The forms in which requests are read, most specific first. */
    List<FormCodec> readable() {
        return readable;
    }

    /**
     * Reader and writer of a form.
     *
     * @throws IllegalArgumentException when the dialect does not read it
     */
    FormCodec codec(CheckForm form) {
        for (int i = 0; i < readable.size(); i++) {
            if (readable.get(i).form().equals(form)) {
                return readable.get(i);
            }
        }
        throw new IllegalArgumentException("form " + form + " is not among the readable ones");
    }

    /** Whether a form reads datagrams that begin so. */
    boolean mayRead(ByteBuffer datagram) {
        for (int i = 0; i < readable.size(); i++) {
            if (readable.get(i).mayRead(datagram)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Writes a check (RFC 8445 §7.2.4).
     *
     * @param transmission 1 for the first
     * @return valid until the next message is written
     */
    ByteBuffer request(Check check, TransactionId id, PeerCredentials credentials, Roles roles, int transmission) {
        CheckPair pair = check.pair();
        Attribute<Long> role =
                check.role() == IceRole.CONTROLLING ? Attributes.ICE_CONTROLLING : Attributes.ICE_CONTROLLED;
        byte[] username = credentials.outgoing(check.form());
        StunWriter writer = codec(check.form())
                .writer()
                .wrap(scratch.buffer(username.length))
                .request(StunMethod.BINDING, id)
                .putBytes(Attributes.USERNAME, username)
                .putUint32(Attributes.PRIORITY, dialect.checkPriority(pair.from()))
                .putUint64(role, roles.tieBreaker());
        if (check.useCandidate()) {
            writer.put(Attributes.USE_CANDIDATE);
        }
        if (check.nomination() > 0) {
            writer.putUint32(Attributes.NOMINATION, check.nomination());
        }
        if (check.form().countsTransmissions()) {
            TransmissionCounts.number(writer, transmission);
        }
        check.form().decorateRequest(writer, pair);
        return writer.integrity(credentials.remoteKey()).fingerprint().finish();
    }

    /** Writes the success response to a check that came from {@code from} (RFC 8445 §7.3.1.2). */
    ByteBuffer success(FormCodec codec, StunMessage request, InetSocketAddress from) {
        StunWriter writer = codec.writer()
                .wrap(scratch.buffer(0))
                .respond(StunClass.SUCCESS, request)
                .put(Attributes.XOR_MAPPED_ADDRESS, from);
        counts.answer(writer, request);
        return sealResponse(codec, request, writer);
    }

    /**
     * Writes an error response to a check that has authenticated (RFC 8489 §6.3.1.1). The reason is left out where it would make the
     * answer larger than the request, which may have a forged source.
     */
    ByteBuffer error(FormCodec codec, StunMessage request, int code, String reason, int... unknownAttributes) {
        ByteBuffer answer = sealResponse(codec, request, beginError(codec, request, code, reason, unknownAttributes));
        return answer.remaining() > request.length()
                ? sealResponse(codec, request, beginError(codec, request, code, "", unknownAttributes))
                : answer;
    }

    /**
     * Writes an error response to a check that has not authenticated: without integrity (RFC 8489 §9.1.3).
     *
     * @return null when it would be larger than the request, which may have a forged source
     */
    @Nullable
    ByteBuffer refusal(FormCodec codec, StunMessage request, int code) {
        StunWriter writer = beginError(codec, request, code, "");
        codec.form().decorateResponse(writer, request);
        ByteBuffer answer = writer.fingerprint().finish();
        return answer.remaining() > request.length() ? null : answer;
    }

    private StunWriter beginError(
            FormCodec codec, StunMessage request, int code, String reason, int... unknownAttributes) {
        StunWriter writer = codec.writer().wrap(scratch.buffer(request.length()));
        codec.form().writeError(writer, request, code, reason, unknownAttributes);
        return writer;
    }

    private ByteBuffer sealResponse(FormCodec codec, StunMessage request, StunWriter writer) {
        codec.form().decorateResponse(writer, request);
        return writer.integrity(localKey).fingerprint().finish();
    }

    /** Writes a keepalive: a Binding indication with nothing but FINGERPRINT (RFC 8445 §11). */
    ByteBuffer keepalive(CheckForm form, RandomGenerator random) {
        return codec(form)
                .writer()
                .wrap(scratch.buffer(0))
                .indication(StunMethod.BINDING, TransactionId.next(random))
                .fingerprint()
                .finish();
    }

    /** Whether a request is whole and was made by someone who has our password (RFC 8445 §7.3). */
    boolean fromPeer(StunMessage request) {
        return scratch.integrity().verifyWithFingerprint(request, localKey);
    }

    /**
     * Whether an answer is whole and was made by the peer (RFC 8445 §7.2.2). FINGERPRINT goes first, an HMAC costs twenty times
     * more.
     */
    boolean fromPeer(StunMessage response, PeerCredentials credentials) {
        return Fingerprint.absentOrRight(response) && scratch.integrity().verify(response, credentials.remoteKey());
    }
}
