// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.icepath.ice.Envelope;
import org.icepath.turn.BareHeader;

/**
 * What stands before packets that a relay of ours passes on as they are: what its server wants, then what the peer wants.
 *
 * @param within the peer's
 */
record RelayedEnvelope(BareHeader header, Optional<Envelope> within) implements Envelope {

    /** Empty where nothing stands before them. */
    static Optional<Envelope> of(BareHeader header, Optional<Envelope> within) {
        return header.length() == 0 ? within : Optional.of(new RelayedEnvelope(header, within));
    }

    @Override
    public int length() {
        return header.length() + (within.isPresent() ? within.get().length() : 0);
    }

    @Override
    public void write(ByteBuffer into, int payloadLength) {
        header.write(into, length() - header.length() + payloadLength);
        if (within.isPresent()) {
            within.get().write(into, payloadLength);
        }
    }
}
