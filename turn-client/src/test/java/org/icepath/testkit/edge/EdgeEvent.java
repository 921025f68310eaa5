// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.icepath.stun.StunMethod;

/** What a server has done, as seen from inside. */
public sealed interface EdgeEvent {

    /** The client's address as the server sees it. */
    InetSocketAddress client();

    /** A Binding request was answered. */
    record Bound(InetSocketAddress client) implements EdgeEvent {}

    /** An allocation was made. */
    record Allocated(InetSocketAddress client, String username, List<InetSocketAddress> relayed, long lifetimeSeconds)
            implements EdgeEvent {}

    /** An allocation lives on. */
    record Refreshed(InetSocketAddress client, long lifetimeSeconds) implements EdgeEvent {}

    /** An allocation has moved to this address (RFC 8016). */
    record Moved(InetSocketAddress client) implements EdgeEvent {}

    /** An allocation is gone: the client released it, or its time was up. */
    record Released(InetSocketAddress client, List<InetSocketAddress> relayed, boolean expired) implements EdgeEvent {}

    /** A permission was made or refreshed. */
    record Permitted(InetSocketAddress client, InetAddress peer) implements EdgeEvent {}

    /** A channel was bound or refreshed. */
    record ChannelBound(InetSocketAddress client, int channel, InetSocketAddress peer) implements EdgeEvent {}

    /** A peer became the active destination of an allocation ([MS-TURN] §3.3.5.3). */
    record DestinationSet(InetSocketAddress client, InetSocketAddress peer) implements EdgeEvent {}

    /** A request was answered with an error. */
    record Refused(InetSocketAddress client, StunMethod method, int code, String reason) implements EdgeEvent {}

    /** Something was left without an answer. */
    record Ignored(InetSocketAddress client, String reason) implements EdgeEvent {}
}
