// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetSocketAddress;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.turn.Redirects;
import org.icepath.turn.ServerAddress;

/** The STUN server that a Binding request goes to: an address of the one that is configured, then those it is sent on to. Not thread-safe. */
final class BindingServer {

    private final LocalBase local;
    private final Redirects redirects;
    private InetSocketAddress address;

    BindingServer(Attempt attempt) {
        this.local = attempt.local();
        this.address = attempt.address();
        this.redirects = new Redirects(address);
    }

    InetSocketAddress address() {
        return address;
    }

    /** Goes where an error sends us on to (RFC 8489 §10); false where it sends us nowhere that may be asked. */
    boolean follow(ErrorCode error, StunMessage answer) {
        InetSocketAddress next = answer.get(Attributes.ALTERNATE_SERVER).orElse(null);
        if (error.code() != ErrorCode.TRY_ALTERNATE
                || next == null
                || !local.mayReach(ServerAddress.udp(next))
                || !redirects.follow(address, next)) {
            return false;
        }
        address = next;
        return true;
    }
}
