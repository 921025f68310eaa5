// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.icepath.stun.Attribute;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of the peers of late as they stand in messages, in the clear: reading and writing one again costs no object. What the standard
 * writes hangs on the transaction, and could not be kept so. Not thread-safe.
 */
final class PeerAddresses {

    /** Few peers are talked to by messages at a time; the oldest makes room. */
    private static final int MOST = 4;

    private static final int LONGEST = 20;

    private final Attribute<InetSocketAddress> attribute;
    private final @Nullable Known[] known = new Known[MOST];
    private int next;

    private record Known(Optional<InetSocketAddress> address, byte[] value) {

        boolean isOf(InetSocketAddress other) {
            return address.isPresent() && address.get().equals(other);
        }
    }

    PeerAddresses(Attribute<InetSocketAddress> attribute) {
        this.attribute = attribute;
    }

    /** Writes the attribute. */
    void put(StunWriter writer, InetSocketAddress peer) {
        for (Known each : known) {
            if (each != null && each.isOf(peer)) {
                writer.putBytes(attribute, each.value());
                return;
            }
        }
        byte[] value = bytes(peer);
        keep(new Known(Optional.of(peer), value));
        writer.putBytes(attribute, value);
    }

    private static byte[] bytes(InetSocketAddress peer) {
        byte[] address = peer.getAddress().getAddress();
        int family = address.length == Integer.BYTES ? 1 : 2;
        return ByteBuffer.allocate(Integer.BYTES + address.length)
                .putInt(family << 16 | peer.getPort())
                .put(address)
                .array();
    }

    /**
     * Reads the attribute.
     *
     * @throws org.icepath.stun.StunParseException when it is none
     */
    Optional<InetSocketAddress> in(StunMessage message) {
        for (Known each : known) {
            if (each != null && message.valueEquals(attribute, each.value())) {
                return each.address();
            }
        }
        Optional<InetSocketAddress> address = message.get(attribute);
        if (address.isPresent() && message.length(attribute) <= LONGEST) {
            keep(new Known(address, message.valueBytes(attribute)));
        }
        return address;
    }

    private void keep(Known latest) {
        known[next] = latest;
        next = (next + 1) % MOST;
    }
}
