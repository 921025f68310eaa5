// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.MOBILITY_TICKET;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.jspecify.annotations.Nullable;

/** What shows a server at another address that an allocation is ours; good for one move (RFC 8016 §3). Immutable. */
final class MobilityTicket {

    private static final int LONGEST = 1_024;

    private final byte[] value;

    private MobilityTicket(byte[] value) {
        this.value = value;
    }

    /** The ticket in an answer; null if it has none that we could show. */
    static @Nullable MobilityTicket in(StunMessage answer) {
        Optional<ByteBuffer> found =
                answer.get(MOBILITY_TICKET).filter(each -> each.hasRemaining() && each.remaining() <= LONGEST);
        if (found.isEmpty()) {
            return null;
        }
        byte[] copy = new byte[found.get().remaining()];
        found.get().get(copy);
        return new MobilityTicket(copy);
    }

    void write(StunWriter writer) {
        writer.putBytes(MOBILITY_TICKET, value);
    }
}
