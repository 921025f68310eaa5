// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.ms.MsIce2Dialect;
import org.icepath.stun.ms.MsIceAttributes;
import org.icepath.stun.ms.NulFilled;
import org.icepath.turn.client.TurnRelay;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;

/**
 * The least that a peer in MS-ICE2 is, over one relay of ours: it checks the remote candidates, answers checks, and hands on what is no
 * check. It is controlled.
 */
final class MsCheckedRelay {

    private static final long PRIORITY = 0x0AFFFFFFL;

    private final TurnRelay relay;
    private final String ufrag = "OURS";
    private final String password = "aPasswordOfTwentyFourChr";
    private final SecureRandom random = new SecureRandom();
    private final BlockingQueue<String> data = new LinkedBlockingQueue<>();
    private final Set<InetSocketAddress> nominated = ConcurrentHashMap.newKeySet();
    private final StunMessage message = new StunMessage(MsIce2Dialect.VERSION_2);
    private final StunWriter writer = new StunWriter(MsIce2Dialect.VERSION_2);
    private final Integrity integrity = new Integrity();

    MsCheckedRelay(TurnRelay relay) {
        this.relay = relay;
        relay.onReceive(this::received);
    }

    /** What the other one is to be told. */
    List<String> candidates(Transport transport) {
        String address = "127.0.0.1 " + relay.relayedAddress().getPort() + " typ relay raddr 127.0.0.1 rport 9";
        return transport == Transport.UDP
                ? List.of("candidate:1 1 UDP 184548351 " + address)
                : List.of(
                        "candidate:1 1 TCP 174847487 " + address + " tcptype active",
                        "candidate:2 1 TCP 174456319 " + address + " tcptype passive");
    }

    String ufrag() {
        return ufrag;
    }

    String password() {
        return password;
    }

    /** What came that is no check. */
    BlockingQueue<String> data() {
        return data;
    }

    /** From where a nomination has come. */
    Set<InetSocketAddress> nominated() {
        return nominated;
    }

    /** Sends a check. */
    void check(InetSocketAddress remote, String remoteUfrag, String remotePassword) {
        ByteBuffer check = new StunWriter(MsIce2Dialect.VERSION_2)
                .wrap(ByteBuffer.allocate(500))
                .request(StunMethod.BINDING, TransactionId.next(random))
                .put(Attributes.PRIORITY, PRIORITY)
                .putUint64(Attributes.ICE_CONTROLLED, random.nextLong() >>> 1)
                .putBytes(MsIceAttributes.USERNAME, NulFilled.of(remoteUfrag + ":" + ufrag))
                .putBytes(MsIceAttributes.CANDIDATE_IDENTIFIER, NulFilled.of("1"))
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)
                .integrity(IntegrityKey.shortTerm(remotePassword))
                .fingerprint()
                .finish();
        relay.send(remote, check);
    }

    private void received(InetSocketAddress peer, ByteBuffer datagram) {
        if (Demux.of(datagram) != PacketKind.STUN && (datagram.get(datagram.position()) & 0xFC) != 0) {
            data.add(UTF_8.decode(datagram.duplicate()).toString());
            return;
        }
        message.wrap(datagram);
        boolean check = message.messageClass() == StunClass.REQUEST
                && integrity.verify(message, IntegrityKey.shortTerm(password));
        if (!check) {
            return;
        }
        if (message.has(Attributes.USE_CANDIDATE)) {
            nominated.add(peer);
        }
        ByteBuffer answer = writer.wrap(ByteBuffer.allocate(500))
                .respond(StunClass.SUCCESS, message)
                .put(Attributes.XOR_MAPPED_ADDRESS, peer)
                .putUint32(MsIceAttributes.IMPLEMENTATION_VERSION, 2)
                .integrity(IntegrityKey.shortTerm(password))
                .fingerprint()
                .finish();
        relay.send(peer, answer);
    }
}
