// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IpAddress;
import org.icepath.ice.IceConfig;
import org.icepath.ice.Timings;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeServer;
import org.icepath.turn.StunServer;
import org.icepath.turn.TurnServer;

/**
 * The surroundings of one call, on loopback addresses.
 *
 * <pre>
 *                     127.0.3.10  STUN and TURN server
 *                          |
 *   127.0.11.1 ----- emulated network ----- 127.0.12.1
 *       |             (the firewall)            |
 *  router 127.0.1.1                       router 127.0.2.1
 *       |                                       |
 *  alice 127.0.1.10                        bob 127.0.2.20
 * </pre>
 *
 * On a LAN there are no routers, and bob is 127.0.1.20.
 */
final class Stage implements AutoCloseable {

    private static final String USER = "phone";
    private static final String PASSWORD = "secret";

    // The phones hold the nomination back for as long as they may, so that a path that opens late can still win.
    private static final Duration PROMOTION_TIME = Timings.RFC8445.promotionWindow();

    private final Scenario scenario;
    private final EdgeServer server;
    private final EmulatedNetwork network;
    private final Duration patience;

    private Stage(Scenario scenario, Duration patience, EdgeServer server, EmulatedNetwork network) {
        this.scenario = scenario;
        this.patience = patience;
        this.server = server;
        this.network = network;
    }

    /**
     * Builds it.
     *
     * @throws IOException when this machine's loopback interface has no addresses beside 127.0.0.1
     */
    static Stage build(Scenario scenario, Duration patience) throws IOException {
        return new Stage(
                scenario,
                patience,
                EdgeServer.start(EdgeConfig.create().user(USER, PASSWORD), 0, ip("127.0.3.10")),
                EmulatedNetwork.start());
    }

    /** What alice is told of her surroundings. */
    IceConfig alice() throws IOException {
        Router router = network.router(ip("127.0.1.10"), ip("127.0.1.1"), ip("127.0.11.1"), NatKind.PORT_RESTRICTED);
        return config(router);
    }

    /** What bob is told of his. */
    IceConfig bob() throws IOException {
        NatKind kind = scenario == Scenario.ENTERPRISE ? NatKind.SYMMETRIC : NatKind.PORT_RESTRICTED;
        InetAddress phone = ip(scenario.behindRouters() ? "127.0.2.20" : "127.0.1.20");
        return config(network.router(phone, ip("127.0.2.1"), ip("127.0.12.1"), kind));
    }

    /** Lets the phones' packets pass the firewall. */
    void openFirewall() {
        network.openFirewall();
    }

    /** How many datagrams the firewall has dropped so far. */
    long blockedByFirewall() {
        return network.blockedByFirewall();
    }

    @Override
    public void close() {
        network.close();
        server.close();
    }

    private IceConfig config(Router router) throws IOException {
        IceConfig config = IceConfig.create()
                .localAddress(router.phone())
                .timings(Timings.RFC8445.withPatience(patience).withNominationPatience(PROMOTION_TIME));
        if (scenario.behindRouters()) {
            // loopback has no routes: only the outside address leads through the routers
            config = config.noHost();
        }
        InetSocketAddress reached = scenario.behindRouters() ? router.gatewayTo(server.address()) : server.address();
        String host = reached.getAddress().getHostAddress();
        if (!scenario.hasRelay()) {
            return config.stunServer(StunServer.parse("stun:" + host + ":" + reached.getPort()));
        }
        return config.turnServer(
                TurnServer.parse("turn:" + host + ":" + reached.getPort()).credentials(USER, PASSWORD));
    }

    private static InetAddress ip(String literal) {
        return ((IpAddress) CandidateAddress.of(literal, 0)).ip();
    }
}
