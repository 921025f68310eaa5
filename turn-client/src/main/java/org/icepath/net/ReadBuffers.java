// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Room for what the kernel has joined (Linux' UDP_GRO): up to 64 KiB a read, which are cut off where there is less. Each event loop has
 * one buffer for all its sockets, since what is read is handed on before the next read; where somebody keeps it, there is another.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {

    private static final int CAPACITY = 65_536;

    private static final FastThreadLocal<ByteBuf> BUFFER = new FastThreadLocal<>() {
        @Override
        protected ByteBuf initialValue() {
            return PooledByteBufAllocator.DEFAULT.directBuffer(CAPACITY, CAPACITY);
        }

        @Override
        protected void onRemoval(ByteBuf buffer) {
            buffer.release();
        }
    };

    @Override
    public MaxMessageHandle newHandle() {
        return new LentHandle();
    }

    private final class LentHandle extends MaxMessageHandle {

        @Override
        public int guess() {
            return CAPACITY;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf shared = BUFFER.get();
            return shared.refCnt() == 1
                    ? shared.retain().clear()
                    : PooledByteBufAllocator.DEFAULT.directBuffer(CAPACITY, CAPACITY);
        }
    }
}
