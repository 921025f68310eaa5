// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.icepath.ice.netty.Call.audio;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.icepath.connection.ConnectionSettings;
import org.icepath.ice.IceConfig;
import org.icepath.sansio.Transport;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.testkit.edge.LoopbackIdentity;
import org.icepath.turn.TurnServer;

/** A TURN server on the loopback interface that is spoken to over TCP or TLS. */
final class StreamServer implements AutoCloseable {

    private final EdgeServer edge = EdgeServer.start(
            EdgeConfig.create().user("alice", "s3cret"),
            0,
            List.of(InetAddress.getLoopbackAddress()),
            event -> {},
            ConnectionSettings.create().withTls(LoopbackIdentity.server()));

    /** Audio with a relay of this server, which listens at one more port for it. */
    IceConfig audioOver(Transport transport) {
        String scheme = transport == Transport.TLS ? "turns:" : "turn:";
        int port = edge.listen(transport, 0).getPort();
        return audio(1).turnServer(TurnServer.parse(scheme + "localhost:" + port + "?transport=tcp")
                        .credentials("alice", "s3cret"))
                .gatherDeadline(Duration.ofSeconds(10))
                .connections(ConnectionSettings.create().withTls(LoopbackIdentity.client()));
    }

    EdgeServer edge() {
        return edge;
    }

    @Override
    public void close() {
        edge.close();
    }
}
