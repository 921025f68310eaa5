// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.nio.ByteBuffer;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;

/** Writes Binding requests to servers and reads their answers. What it writes and reads is valid until the next. Not thread-safe. */
final class BindingCodec {

    private static final int REQUEST_ROOM = 128;

    private final StunMessage message;
    private final StunWriter writer;
    private final ByteBuffer buffer = ByteBuffer.allocate(REQUEST_ROOM);

    BindingCodec(StunDialect dialect) {
        message = new StunMessage(dialect);
        writer = new StunWriter(dialect);
    }

    ByteBuffer request(TransactionId id) {
        return writer.wrap(buffer.clear())
                .request(StunMethod.BINDING, id)
                .fingerprint()
                .finish();
    }

    StunMessage read(ByteBuffer answer) throws StunParseException {
        return message.wrap(answer);
    }
}
