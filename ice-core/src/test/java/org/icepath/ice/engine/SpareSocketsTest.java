// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.InterfaceKind;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.junit.jupiter.api.Test;

/** Sockets that an engine asks its shell for; a shell may be the application's. */
class SpareSocketsTest {

    private static final int MOST = 64;

    private final List<String> heard = new ArrayList<>();
    private final SpareSockets sockets = new SpareSockets(new EngineOutbox());
    private final HostBase beside = new HostBase(
            0, 1, new Base(1, Transport.UDP, new InetSocketAddress("192.0.2.1", 5000)), "eth0", InterfaceKind.WIRED);

    private final SpareSockets.Use use = new SpareSockets.Use() {
        @Override
        public boolean bound(long now, HostBase socket) {
            return true;
        }

        @Override
        public void unbound(long now, String why) {
            heard.add(why);
        }
    };

    // each interface that comes and goes may want another one
    @Test
    void aShellThatNeverAnswersIsAskedForABoundedNumber() {
        for (int i = 0; i < MOST; i++) {
            assertThat(sockets.want(beside, use)).isTrue();
        }

        assertThat(sockets.want(beside, use)).isFalse();
        sockets.unbound(0, MOST, "no port is free");
        assertThat(sockets.want(beside, use)).isTrue();
        assertThat(heard).containsExactly("no port is free");
    }
}
