// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.ms.MsStreamFraming;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MsTurnDialect;
import org.icepath.stun.ms.MsTurnType;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.AllocationWish;
import org.icepath.turn.BareHeader;
import org.icepath.turn.TurnAuthentication;
import org.icepath.turn.TurnDialogue;

/**
 * What one allocation and its Edge server say to each other. Attributes go in the order that was seen to be demanded: cookie, version,
 * sequence number, those of the request, nonce, realm, user name, integrity.
 */
final class MsDialogue implements TurnDialogue {

    private static final int NO_MESSAGE = -1;
    private static final int MOST_DATA = 64_000; // with a Send request around it fits into datagram and frame
    private static final int OVERHEAD = 256; // all that a Send request has but USERNAME and DATA

    private final MsTurn dialect;
    private final AllocationSettings settings;
    /** Ids of Send requests, which nobody answers: they need to differ, and no strength. */
    private final SplittableRandom ids;

    private final MsAuthentication authentication;
    private final boolean stream;
    private final StunWriter sha1 = new StunWriter(MsTurnDialect.SHA1);
    private final StunWriter sha256 = new StunWriter(MsTurnDialect.SHA256);
    private final PeerStreams streams = new PeerStreams();
    private ByteBuffer framed = ByteBuffer.allocate(0);
    private final SequenceNumbers numbers = new SequenceNumbers();
    private final PeerAddresses destinations = new PeerAddresses(MsTurnAttributes.DESTINATION_ADDRESS);
    private final PeerAddresses sources = new PeerAddresses(MsTurnAttributes.REMOTE_ADDRESS);
    private boolean minimal;

    MsDialogue(MsTurn dialect, AllocationSettings settings, RandomGenerator random) {
        this.dialect = dialect;
        this.settings = settings;
        this.ids = new SplittableRandom(random.nextLong());
        this.authentication = new MsAuthentication(dialect, settings.server());
        this.stream = settings.base().transport() != Transport.UDP;
    }

    @Override
    public TurnAuthentication authentication() {
        return authentication;
    }

    private StunWriter writer() {
        MsSignature signature = authentication.signature();
        return signature != null && signature.form() == MsTurnDialect.SHA256 ? sha256 : sha1;
    }

    private StunWriter writer(ByteBuffer into) {
        int before = stream ? MsStreamFraming.CONTENT : 0;
        return writer().wrap(into.position(into.position() + before));
    }

    @Override
    public StunWriter begin(ByteBuffer into, StunMethod method, TransactionId id) {
        boolean allocate = method.equals(StunMethod.ALLOCATE);
        MsTurnType type = allocate ? MsTurnType.ALLOCATE_REQUEST : MsTurnType.SET_ACTIVE_DESTINATION_REQUEST;
        StunWriter writer = type.begin(writer(into), id).putUint32(MsTurnAttributes.MS_VERSION, dialect.version());
        numbers.putNext(writer);
        return writer;
    }

    @Override
    public ByteBuffer end(StunWriter request) {
        return frame(request.finish());
    }

    private ByteBuffer frame(ByteBuffer message) {
        if (stream) {
            int length = message.remaining();
            int start = message.position() - MsStreamFraming.CONTENT;
            MsStreamFraming.writeHeader(message.position(start), MsStreamFraming.CONTROL, length);
            message.position(start);
        }
        return message;
    }

    @Override
    public void writeAllocate(StunWriter request, AllocationWish wish) {
        if (settings.lifetimeSeconds() != 0) {
            request.putUint32(MsTurnAttributes.LIFETIME, settings.lifetimeSeconds());
        }
        if (minimal) {
            return;
        }
        request.put(MsTurnAttributes.SERVICE_QUALITY, dialect.quality());
        if (dialect.version() >= MsTurn.IPV6_VERSION && !settings.options().bothFamilies()) {
            request.put(MsTurnAttributes.REQUESTED_ADDRESS_FAMILY, settings.family());
        }
    }

    @Override
    public void succeeded(StunMessage answer) {
        numbers.learn(answer);
        authentication.proven();
    }

    /** The allocation itself may do without all that is optional: some servers refuse what they do not know (seen: 420 and 500). */
    @Override
    public boolean simplify(StunMethod method, int code, List<Integer> unknown) {
        boolean refusesMore = code == MsTurnError.UNKNOWN_ATTRIBUTE.code() || code == MsTurnError.SERVER_ERROR.code();
        boolean simpler = refusesMore && method.equals(StunMethod.ALLOCATE) && !numbers.areGiven() && !minimal;
        minimal |= simpler;
        return simpler;
    }

    @Override
    public int messageAt(ByteBuffer datagram) {
        if (stream) {
            boolean control = datagram.remaining() > MsStreamFraming.CONTENT
                    && MsStreamFraming.type(datagram) == MsStreamFraming.CONTROL;
            return control ? MsStreamFraming.CONTENT : NO_MESSAGE;
        }
        return MsTurnDialect.isControl(datagram) || isErrorWithoutCookie(datagram) ? 0 : NO_MESSAGE;
    }

    /** Errors came without the cookie from one server (seen); whether it is one, the transaction tells. */
    private static boolean isErrorWithoutCookie(ByteBuffer datagram) {
        int length = datagram.remaining();
        if (length < StunMessage.HEADER_LENGTH) {
            return false;
        }
        int head = datagram.getInt(datagram.position());
        int type = head >>> 16;
        boolean error =
                type == MsTurnType.ALLOCATE_ERROR.bits() || type == MsTurnType.SET_ACTIVE_DESTINATION_ERROR.bits();
        return error && (head & 0xFFFF) == length - StunMessage.HEADER_LENGTH;
    }

    @Override
    public void read(StunMessage into, ByteBuffer datagram) {
        if (MsTurnDialect.isControl(datagram)) {
            into.wrap(datagram);
        } else {
            into.wrapClassic(datagram);
        }
    }

    @Override
    public boolean mayBeData(ByteBuffer datagram) {
        return !stream && !MsTurnDialect.isControl(datagram);
    }

    @Override
    public boolean isData(StunMessage message) {
        return message.type() == MsTurnType.DATA_INDICATION.bits();
    }

    @Override
    public Optional<InetSocketAddress> peerOf(StunMessage data) {
        return sources.in(data);
    }

    @Override
    public boolean fits(int dataLength) {
        return dataLength <= MOST_DATA;
    }

    @Override
    public int overhead() {
        MsSignature signature = authentication.signature();
        return OVERHEAD + (signature == null ? 0 : signature.username().length);
    }

    @Override
    public ByteBuffer wrap(ByteBuffer into, InetSocketAddress peer, ByteBuffer payload, boolean whole) {
        MsSignature signature = Objects.requireNonNull(authentication.signature(), "no allocation without a challenge");
        StunWriter writer = MsTurnType.SEND_REQUEST
                .begin(writer(into), ids)
                .putUint32(MsTurnAttributes.MS_VERSION, dialect.version());
        if (dialect.numbersSends()) {
            numbers.putNext(writer);
        }
        writer.putBytes(MsTurnAttributes.USERNAME, signature.username());
        destinations.put(writer, peer);
        writer.putBytes(MsTurnAttributes.DATA, stream ? framed(payload) : payload)
                .integrity(signature.key());
        return frame(writer.finish());
    }

    /** As RFC 4571 lays it on the peer's connection. */
    private ByteBuffer framed(ByteBuffer payload) {
        int length = payload.remaining();
        if (framed.capacity() < length + Short.BYTES) {
            framed = ByteBuffer.allocate(2 * (length + Short.BYTES));
        }
        framed.clear().putShort(0, (short) length).put(Short.BYTES, payload, payload.position(), length);
        return framed.limit(Short.BYTES + length);
    }

    @Override
    public BareHeader bareHeader() {
        return stream ? MsDataHeader.INSTANCE : BareHeader.NONE;
    }

    @Override
    public int bareAt(ByteBuffer datagram) {
        if (!stream) {
            return 0;
        }
        boolean data = datagram.remaining() >= MsStreamFraming.CONTENT
                && MsStreamFraming.type(datagram) == MsStreamFraming.DATA;
        return data ? MsStreamFraming.CONTENT : NO_MESSAGE;
    }

    @Override
    public void unwrap(InetSocketAddress peer, ByteBuffer in, int offset, int length, DataSink sink) {
        if (stream) {
            streams.take(peer, in, offset, length, sink);
        } else {
            sink.datagram(peer, in, offset, length);
        }
    }
}
