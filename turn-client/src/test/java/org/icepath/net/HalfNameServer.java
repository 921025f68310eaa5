// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;

/** A name server that answers questions for A with 192.0.2.53 and keeps silent at all others (RFC 1035 §4). */
final class HalfNameServer implements Machine<String> {

    private static final int HEADER_LENGTH = 12;
    private static final short TYPE_A = 1;
    private static final short ANSWERED = (short) 0x8180;

    private @Nullable Base base;
    private @Nullable InetSocketAddress asker;
    private @Nullable ByteBuffer answer;

    @Override
    public boolean handle(long now, Base at, InetSocketAddress from, ByteBuffer payload) {
        int end = payload.position() + HEADER_LENGTH;
        while (payload.get(end) != 0) {
            end += payload.get(end) + 1;
        }
        if (payload.getShort(end + 1) == TYPE_A) {
            int question = end + 5 - payload.position();
            ByteBuffer reply = ByteBuffer.allocate(question + 16);
            reply.put(0, payload, payload.position(), question).position(question);
            reply.putShort((short) 0xC00C)
                    .putShort(TYPE_A)
                    .putShort((short) 1)
                    .putInt(60)
                    .putShort((short) 4);
            reply.putInt(0xC0000235).flip();
            reply.putShort(2, ANSWERED).putShort(6, (short) 1).putInt(8, 0);
            base = at;
            asker = from;
            answer = reply;
        }
        return true;
    }

    @Override
    public void handleTimeout(long now) {}

    @Override
    public long nextTimeout() {
        return NEVER;
    }

    @Override
    public void drainTo(Output<? super String> out) {
        if (base != null && asker != null && answer != null) {
            out.transmit(base, asker, answer);
            answer = null;
        }
    }
}
