// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;

/**
 * Where a session is to live: at ports that sessions share, or with sockets of its own or the application's, and therefore on which
 * event loop.
 *
 * @param loop that of the ports or sockets, if there are any; else the next
 * @param shared the UDP port that it shares; empty where it has sockets of its own
 * @param listening the TCP port that it shares; empty where it has ports of its own, or accepts no connections
 */
record Quarters(EventLoop loop, Optional<SharedPort> shared, Optional<ListeningPort> listening) {

    /** @param handed sockets of the application; they come before the port that sessions share */
    static Quarters of(NettyIceRuntime runtime, IceConfig config, List<BoundSocket> handed) {
        Optional<SharedPort> shared = handed.isEmpty() ? runtime.nextSharedPort() : Optional.empty();
        Optional<EventLoop> given = handed.stream()
                .filter(socket -> socket.channel().isRegistered())
                .findFirst()
                .map(socket -> socket.channel().eventLoop())
                .or(() -> shared.map(SharedPort::loop));
        Optional<ListeningPort> listening = accepts(config) ? runtime.nextListeningPort(given) : Optional.empty();
        EventLoop loop = given.or(() -> listening.map(ListeningPort::loop))
                .orElseGet(() -> runtime.loops().next());
        return new Quarters(loop, shared, listening);
    }

    private static boolean accepts(IceConfig config) {
        return config.streams().stream()
                .flatMap(stream -> config.transports(stream).stream())
                .anyMatch(TransportType.TCP_PASSIVE::equals);
    }
}
