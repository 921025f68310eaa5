// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRuntime;
import org.icepath.sdp.IceSdp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names under .local on the links of this machine. */
class MulticastNamesTest {

    private final IceRuntime runtime = NettyIceRuntime.start();
    private final IceRuntime another = NettyIceRuntime.start();

    @AfterEach
    void close() {
        runtime.close();
        another.close();
    }

    // draft-ietf-mmusic-mdns-ice-candidates §3: one side asks with
    // its socket on port 5353, the other answers with its own.
    @Test
    void twoSessionsOfDifferentRuntimesConnectByNamesAlone() throws Exception {
        IceConfig hidden = audio(1).hideHostAddresses();
        try (Call call = Call.connect(runtime, hidden, another, hidden)) {
            await(call.alicesPath(1).selected());
            await(call.bobsPath(1).selected());

            assertThat(IceSdp.format(await(call.toBob().offer())))
                    .contains(".local")
                    .doesNotContain("127.0.0.1");
        }
    }
}
