// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.Exchange.FiveTuple;
import org.jspecify.annotations.Nullable;

/** An allocation of MS-TURN: its relayed addresses, whom it has sent to, and which of them is the active destination. */
final class MsEdgeAllocation {

    private final FiveTuple tuple;
    private final String username;
    private final byte[] connectionId;
    private final Base relay;
    private final @Nullable Base second;
    private final Set<InetSocketAddress> permitted = new HashSet<>();
    private byte[] nonce;
    private @Nullable InetSocketAddress active;
    private long expiresAt;
    private long lastNumber;
    private @Nullable ByteBuffer lastAnswer;

    /**
     * Makes one.
     *
     * @param second over UDP the relay of the other family, where the client has asked for both
     */
    MsEdgeAllocation(FiveTuple tuple, MsCredential credential, byte[] connectionId, Base relay, @Nullable Base second) {
        this.tuple = tuple;
        this.username = credential.username();
        this.nonce = credential.nonce();
        this.connectionId = connectionId;
        this.relay = relay;
        this.second = second;
    }

    FiveTuple tuple() {
        return tuple;
    }

    String username() {
        return username;
    }

    byte[] connectionId() {
        return connectionId;
    }

    /** Over UDP the socket, over TCP what stands for the listener. */
    Base relay() {
        return relay;
    }

    /** All relays, over UDP sometimes one of each family. */
    List<Base> relays() {
        Base other = second;
        return other == null ? List.of(relay) : List.of(relay, other);
    }

    /** The relay of a peer's family. */
    Optional<Base> relayTowards(InetSocketAddress peer) {
        return relays().stream()
                .filter(each -> each.address().getAddress() instanceof Inet4Address
                        == peer.getAddress() instanceof Inet4Address)
                .findFirst();
    }

    boolean overTcp() {
        return relay.transport() == Transport.TCP;
    }

    byte[] nonce() {
        return nonce;
    }

    void nonce(byte[] latest) {
        nonce = latest;
    }

    void permit(InetSocketAddress peer) {
        permitted.add(peer);
    }

    boolean permits(InetSocketAddress peer) {
        return permitted.contains(peer);
    }

    /** Whether it has sent to any port there. */
    boolean permits(InetAddress peer) {
        return permitted.stream().map(InetSocketAddress::getAddress).anyMatch(peer::equals);
    }

    @Nullable
    InetSocketAddress active() {
        return active;
    }

    void activate(InetSocketAddress peer) {
        permit(peer);
        active = peer;
    }

    void liveUntil(long deadline) {
        expiresAt = deadline;
    }

    long expiresAt() {
        return expiresAt;
    }

    /** Remembers what a numbered request was answered with. */
    void answered(long number, ByteBuffer answer) {
        lastNumber = number;
        lastAnswer = answer;
    }

    /** The answer to the last numbered request, if it had this number. */
    @Nullable
    ByteBuffer answerTo(long number) {
        return number == lastNumber ? lastAnswer : null;
    }
}
