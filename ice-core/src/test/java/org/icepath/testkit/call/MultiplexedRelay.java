// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.call;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.MediaLine;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.ms.MsIce2Dialect;
import org.icepath.stun.ms.MsIceAttributes;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.stun.ms.MultiplexedFrame;
import org.icepath.stun.ms.NulFilled;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.jspecify.annotations.Nullable;

/**
 * A multiplexed relay and the peers behind it in one: one address, and many streams of their own ([MS-TURN] §2.2.3, seen). What comes in no
 * frame of one of its streams is dropped, since such a relay does not know whose it is; what goes out is bare. Each peer does the least
 * of MS-ICE2: it is controlled, checks the one address that it was told, and answers checks.
 *
 * <p>Not thread-safe.
 */
public final class MultiplexedRelay implements Machine<MultiplexedRelay.Received> {

    private static final long PRIORITY = 184_548_351L;
    private static final long CHECK_NANOS = Duration.ofMillis(200).toNanos();
    private static final int MESSAGE_LENGTH = 500;

    private final RandomGenerator random;
    private final Map<Long, Peer> peers = new LinkedHashMap<>();
    private final Queue<Datagram> outgoing = new ArrayDeque<>();
    private final Queue<Received> received = new ArrayDeque<>();
    private final StunMessage message = new StunMessage(MsIce2Dialect.VERSION_2);
    private final Integrity integrity = new Integrity();
    private @Nullable Base base;
    private long dropped;

    /** A peer has received what is no check. */
    public record Received(long session, ByteBuffer packet) {}

    private record Datagram(InetSocketAddress to, ByteBuffer payload) {}

    private static final class Peer {

        private final IceCredentials own;
        private IceCredentials other;
        private InetSocketAddress to = new InetSocketAddress(0);
        private long checkAt = NEVER;

        Peer(IceCredentials own) {
            this.own = own;
            this.other = own; // until there are some
        }
    }

    /** Makes one without an address and without streams. */
    public MultiplexedRelay(RandomGenerator random) {
        this.random = random;
    }

    /** Gives it its one address. */
    public MultiplexedRelay on(Base socket) {
        base = socket;
        return this;
    }

    private Base base() {
        return Objects.requireNonNull(base, "no address");
    }

    /** The description of a new peer behind it, whose stream has this number. */
    public IceDescription add(long session) {
        IceCredentials own = IceCredentials.random(random, 4, 24);
        peers.put(session, new Peer(own));
        CandidateAddress address = CandidateAddress.of(base().address());
        return IceDescription.builder().stream(StreamDescription.builder(0)
                        .mediaLine(MediaLine.AUDIO)
                        .credentials(own)
                        .candidate(Candidate.of(
                                new Foundation("1"),
                                Candidate.RTP,
                                TransportType.UDP,
                                PRIORITY,
                                address,
                                CandidateType.RELAYED))
                        .destination(address)
                        .build())
                .build();
    }

    /** Begins to check the other side of a stream, until it has answered. */
    public void check(long now, long session, IceCredentials other, InetSocketAddress to) {
        Peer peer = of(session);
        peer.other = other;
        peer.to = to;
        peer.checkAt = now;
    }

    /** A peer's stream has another number from now on; the next check says so. */
    public void renumber(long now, long session, long next) {
        Peer peer = of(session);
        peers.remove(session);
        peers.put(next, peer);
        peer.checkAt = now;
    }

    private Peer of(long session) {
        Peer peer = peers.get(session);
        if (peer == null) {
            throw new IllegalArgumentException("no stream " + session);
        }
        return peer;
    }

    /** A peer sends. */
    public void send(long session, ByteBuffer packet) {
        outgoing.add(new Datagram(of(session).to, packet));
    }

    /** How many datagrams were for nobody. */
    public long dropped() {
        return dropped;
    }

    @Override
    public boolean handle(long now, Base at, InetSocketAddress from, ByteBuffer payload) {
        long session = MultiplexedFrame.isFrame(payload) ? MultiplexedFrame.sessionId(payload) : 0;
        Peer peer = peers.get(session);
        if (peer == null) {
            dropped++;
            return true;
        }
        ByteBuffer data = ByteBuffer.allocate(payload.remaining() - MultiplexedFrame.HEADER_LENGTH)
                .put(payload.duplicate().position(payload.position() + MultiplexedFrame.HEADER_LENGTH))
                .flip();
        if (Demux.of(data) == PacketKind.STUN) {
            handleMessage(peer, from, data);
        } else {
            received.add(new Received(session, data));
        }
        return true;
    }

    private void handleMessage(Peer peer, InetSocketAddress from, ByteBuffer data) {
        try {
            message.wrap(data);
        } catch (StunParseException unreadable) {
            dropped++;
            return;
        }
        if (message.messageClass() == StunClass.REQUEST
                && integrity.verify(message, IntegrityKey.shortTerm(peer.own.password()))) {
            outgoing.add(new Datagram(
                    from,
                    writer().respond(StunClass.SUCCESS, message)
                            .put(Attributes.XOR_MAPPED_ADDRESS, from)
                            .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)
                            .integrity(IntegrityKey.shortTerm(peer.own.password()))
                            .fingerprint()
                            .finish()));
        } else if (message.messageClass() == StunClass.SUCCESS
                && integrity.verify(message, IntegrityKey.shortTerm(peer.other.password()))) {
            peer.checkAt = NEVER;
        }
    }

    private static StunWriter writer() {
        return new StunWriter(MsIce2Dialect.VERSION_2).wrap(ByteBuffer.allocate(MESSAGE_LENGTH));
    }

    @Override
    public void handleTimeout(long now) {
        peers.forEach((session, peer) -> {
            if (peer.checkAt <= now) {
                peer.checkAt = now + CHECK_NANOS;
                outgoing.add(new Datagram(peer.to, check(session, peer)));
            }
        });
    }

    private ByteBuffer check(long session, Peer peer) {
        return writer().request(StunMethod.BINDING, TransactionId.next(random))
                .putBytes(MsIceAttributes.USERNAME, NulFilled.of(peer.other.ufrag() + ":" + peer.own.ufrag()))
                .put(Attributes.PRIORITY, PRIORITY)
                .putUint64(Attributes.ICE_CONTROLLED, random.nextLong() >>> 1)
                .putBytes(MsIceAttributes.CANDIDATE_IDENTIFIER, NulFilled.of("1"))
                .putUint64(MsTurnAttributes.MULTIPLEXED_SESSION_ID, session)
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)
                .integrity(IntegrityKey.shortTerm(peer.other.password()))
                .fingerprint()
                .finish();
    }

    @Override
    public long nextTimeout() {
        return peers.values().stream().mapToLong(peer -> peer.checkAt).min().orElse(NEVER);
    }

    @Override
    public void drainTo(Output<? super Received> out) {
        for (Datagram each = outgoing.poll(); each != null; each = outgoing.poll()) {
            out.transmit(base(), each.to(), each.payload());
        }
        for (Received each = received.poll(); each != null; each = received.poll()) {
            out.event(each);
        }
    }
}
