// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.icepath.ice.IceConfig;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;

/** What holds a NAT's binding open where nobody has checked the way: a Binding indication with nothing but FINGERPRINT (RFC 8445 §11). */
final class Keepalive {

    private static final int ROOM = 64;

    private Keepalive() {}

    static ByteBuffer write(IceConfig config, RandomGenerator random) {
        return new StunWriter(config.profile().stun())
                .wrap(ByteBuffer.allocate(ROOM))
                .indication(StunMethod.BINDING, TransactionId.next(random))
                .fingerprint()
                .finish();
    }
}
