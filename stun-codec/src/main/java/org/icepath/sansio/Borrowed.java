// SPDX-License-Identifier: Apache-2.0
package org.icepath.sansio;

import java.nio.ByteBuffer;

/** Bytes that are lent for the duration of a call, as all payloads of {@link Machine} and {@link Output} are. */
public final class Borrowed {

    private Borrowed() {}

    /**
     * What may be kept.
     *
     * @param payload read from position to limit and left as it was
     * @return a heap buffer of its own, from position 0 to limit
     */
    public static ByteBuffer copy(ByteBuffer payload) {
        ByteBuffer copy = ByteBuffer.allocate(payload.remaining());
        copy.put(0, payload, payload.position(), payload.remaining());
        return copy;
    }
}
