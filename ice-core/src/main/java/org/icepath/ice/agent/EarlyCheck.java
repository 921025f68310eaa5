// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.icepath.sansio.Base;

/**
 * A check that authenticated before its sender's description was known (RFC 8445 §7.3).
 *
 * @param base where it arrived
 * @param from who sent it
 * @param remoteUfrag the sender's username fragment
 * @param request the whole message, a copy; read-only
 * @param answered whether it was answered; otherwise it is when it is acted upon
 */
public record EarlyCheck(Base base, InetSocketAddress from, String remoteUfrag, ByteBuffer request, boolean answered) {

    public EarlyCheck {
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(remoteUfrag, "remoteUfrag");
        request = request.asReadOnlyBuffer();
    }
}
