// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.transaction;

import java.nio.ByteBuffer;

/** Changes a request before it is sent again, where it says which transmission it is (RFC 7982 §3). */
@FunctionalInterface
public interface RequestRewriter {

    /**
     * Writes the request of another transmission in the place of the last.
     *
     * @param request position 0 to limit; its length must not change
     * @param transmission 2 for the first retransmission
     */
    void rewrite(ByteBuffer request, int transmission);
}
