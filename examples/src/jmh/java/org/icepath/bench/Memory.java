// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import java.nio.ByteBuffer;

/** Where the bytes of a benchmark lie: the kinds of buffer that a packet path meets. */
public enum Memory {
    /** Outside the heap, as sockets give it. */
    DIRECT {
        @Override
        ByteBuffer allocate(int bytes) {
            return ByteBuffer.allocateDirect(bytes);
        }
    },
    /** A writable array on the heap. */
    HEAP {
        @Override
        ByteBuffer allocate(int bytes) {
            return ByteBuffer.allocate(bytes);
        }
    };

    abstract ByteBuffer allocate(int bytes);

    /** A buffer that holds {@code bytes}, ready to be read. */
    ByteBuffer holding(byte[] bytes) {
        return allocate(bytes.length).put(bytes).flip();
    }
}
