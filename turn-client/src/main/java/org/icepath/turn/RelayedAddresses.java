// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.XOR_RELAYED_ADDRESS;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.icepath.stun.AttributeCursor;
import org.icepath.stun.StunMessage;

/** The relayed addresses of an answer that has more than one (RFC 8656 §7.3). */
final class RelayedAddresses {

    private RelayedAddresses() {}

    static Optional<InetSocketAddress> ofOtherFamily(StunMessage answer, InetSocketAddress first) {
        AttributeCursor cursor = new AttributeCursor().over(answer);
        while (cursor.next()) {
            if (cursor.is(XOR_RELAYED_ADDRESS)) {
                InetSocketAddress each = cursor.value(XOR_RELAYED_ADDRESS);
                boolean other =
                        each.getAddress().getClass() != first.getAddress().getClass();
                if (other && Unicast.is(each)) {
                    return Optional.of(each);
                }
            }
        }
        return Optional.empty();
    }
}
