// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/** Room for what the kernel has joined (Linux' UDP_GRO), which it cuts off where there is less: the {@link ReadBuffer} of each event loop. */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {

    @Override
    public MaxMessageHandle newHandle() {
        return new LentHandle();
    }

    private final class LentHandle extends MaxMessageHandle {

        @Override
        public int guess() {
            return ReadBuffer.CAPACITY;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return ReadBuffer.ofLoop().lend();
        }
    }
}
