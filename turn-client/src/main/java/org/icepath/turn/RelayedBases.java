// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.Inet4Address;
import java.net.InetAddress;
import org.icepath.sansio.Base;
import org.jspecify.annotations.Nullable;

/** The relayed addresses of an allocation, one of each family at most (RFC 8656 §3.2). Not thread-safe; allocates nothing. */
final class RelayedBases {

    private @Nullable Base first;
    private @Nullable Base additional;

    void set(Base relayed, @Nullable Base ofOtherFamily) {
        first = relayed;
        additional = ofOtherFamily;
    }

    void clear() {
        first = null;
        additional = null;
    }

    @Nullable
    Base first() {
        return first;
    }

    @Nullable
    Base additional() {
        return additional;
    }

    /** The one from which a peer can be reached, null if there is none of its family. */
    @Nullable
    Base towards(InetAddress peer) {
        if (isOfFamily(first, peer)) {
            return first;
        }
        return isOfFamily(additional, peer) ? additional : null;
    }

    private static boolean isOfFamily(@Nullable Base base, InetAddress peer) {
        return base != null && base.address().getAddress() instanceof Inet4Address == peer instanceof Inet4Address;
    }
}
