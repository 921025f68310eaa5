// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Greeting;

/** {@link PseudoTls} as the two ends of a connection say it ([MS-TURN] §2.1.1). */
enum PseudoTlsGreeting implements Greeting {
    CLIENT {
        @Override
        public ByteBuffer first(RandomGenerator random, long unixSeconds) {
            return PseudoTls.clientHello(random, unixSeconds);
        }

        @Override
        public int length(ByteBuffer stream) {
            return PseudoTls.serverHelloLength(stream);
        }

        @Override
        public ByteBuffer reply(RandomGenerator random, long unixSeconds) {
            return NOTHING;
        }
    },
    SERVER {
        @Override
        public ByteBuffer first(RandomGenerator random, long unixSeconds) {
            return NOTHING;
        }

        @Override
        public int length(ByteBuffer stream) {
            return PseudoTls.clientHelloLength(stream);
        }

        @Override
        public ByteBuffer reply(RandomGenerator random, long unixSeconds) {
            return PseudoTls.serverHello(random, unixSeconds);
        }
    };

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
}
