// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The one buffer that all sockets of an event loop read into, since what is read is handed on before the next read; and how its bytes are
 * seen by those who know nothing of Netty. Confined to its event loop.
 */
final class ReadBuffer {

    /** What the kernel joins at most. */
    static final int CAPACITY = 65_536;

    private static final FastThreadLocal<ReadBuffer> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected ReadBuffer initialValue() {
            return new ReadBuffer(PooledByteBufAllocator.DEFAULT.directBuffer(CAPACITY, CAPACITY));
        }

        @Override
        protected void onRemoval(ReadBuffer ended) {
            ended.buffer.release();
        }
    };

    private final ByteBuf buffer;
    private final ByteBuffer view;
    private final long address;
    private long reads;

    private ReadBuffer(ByteBuf buffer) {
        this.buffer = buffer;
        this.view = buffer.nioBuffer(0, CAPACITY);
        this.address = buffer.hasMemoryAddress() ? buffer.memoryAddress() : 0;
    }

    /** That of the calling event loop. */
    static ReadBuffer ofLoop() {
        return OF_LOOP.get();
    }

    /** That of the calling event loop, if it has read into one; else null. */
    @Nullable
    static ReadBuffer ofLoopIfAny() {
        return OF_LOOP.getIfExists();
    }

    /** The buffer for one read, or another one where somebody keeps what was read before. */
    ByteBuf lend() {
        reads++;
        return buffer.refCnt() == 1
                ? buffer.retain().clear()
                : PooledByteBufAllocator.DEFAULT.directBuffer(CAPACITY, CAPACITY);
    }

    /** How many reads there were: datagrams of one read came by one system call, and so at one time. */
    long reads() {
        return reads;
    }

    /**
     * The readable bytes of what was read, where they lie; null where they do not lie here.
     *
     * @return valid until this is called again
     */
    @Nullable
    ByteBuffer view(ByteBuf read) {
        if (address == 0 || !read.hasMemoryAddress()) {
            return null;
        }
        long start = read.memoryAddress() + read.readerIndex() - address;
        long end = start + read.readableBytes();
        return start < 0 || end > CAPACITY
                ? null
                : view.clear().limit((int) end).position((int) start);
    }
}
