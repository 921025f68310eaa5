// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;

/** A machine to which nothing matters, where only its sockets do. */
final class DeafMachine implements Machine<String> {

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        return false;
    }

    @Override
    public void handleTimeout(long now) {}

    @Override
    public long nextTimeout() {
        return NEVER;
    }

    @Override
    public void drainTo(Output<? super String> out) {}
}
