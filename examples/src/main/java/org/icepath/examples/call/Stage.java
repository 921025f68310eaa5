// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.IpAddress;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceProfile;
import org.icepath.ice.Timings;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
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
 * On a LAN there are no routers, and bob is 127.0.1.20. On the VPN, where no firewall is,
 * alice is 127.0.8.10 and bob 127.0.8.20.
 */
final class Stage implements AutoCloseable {

    private static final String USER = "phone";
    private static final String PASSWORD = "secret";

    // the servers are in this process and answer: only a machine that stands still makes anybody wait
    private static final Duration GATHERING = Duration.ofSeconds(10);
    private static final Duration GATHERING_ON_TWO = Duration.ofSeconds(2);

    // Or they agree at once, so that it must win later.
    private static final Duration AT_ONCE = Duration.ofMillis(300);

    // The phones hold the nomination back for as long as they may, so that a path that opens late can still win.
    private static final Duration PROMOTION_TIME = Timings.RFC8445.promotionWindow();

    private final CallPlan plan;
    private final Scenario scenario;
    private final RelayCredentialService credentials;
    private final EdgeServer server;
    private final EmulatedNetwork network;

    private Stage(CallPlan plan, RelayCredentialService credentials, EdgeServer server, EmulatedNetwork network) {
        this.plan = plan;
        this.scenario = plan.scenario();
        this.credentials = credentials;
        this.server = server;
        this.network = network;
    }

    /**
     * Builds it.
     *
     * @throws IOException when this machine's loopback interface has no addresses beside 127.0.0.1
     */
    static Stage build(CallPlan plan, Timeline timeline) throws IOException {
        EmulatedNetwork network = EmulatedNetwork.start(
                plan.scenario().toServer(), plan.scenario().direct());
        if (plan.scenario().shuts()) {
            network.openFirewall();
        }
        RelayCredentialService credentials = new RelayCredentialService();
        EdgeConfig config = EdgeConfig.create().user(USER, PASSWORD).withMs(credentials.edge());
        return new Stage(
                plan,
                credentials,
                EdgeServer.start(config, 0, List.of(ip("127.0.3.10")), event -> tell(event, timeline)),
                network);
    }

    private static void tell(EdgeEvent event, Timeline timeline) {
        if (event instanceof EdgeEvent.DestinationSet set) {
            timeline.say(
                    "edge",
                    "active destination of " + CandidateAddress.of(set.client()) + ": "
                            + CandidateAddress.of(set.peer()));
        }
    }

    /** What alice is told of her surroundings. */
    IceConfig alice() throws IOException {
        Router router = network.router(ip("127.0.1.10"), ip("127.0.1.1"), ip("127.0.11.1"), NatKind.PORT_RESTRICTED);
        IceConfig config = config(router, plan.profile().alice());
        return scenario.hasVpn()
                ? onVpn(config, network.tunnel(ip("127.0.7.10"), ip("127.0.7.1"), ip("127.0.8.10")))
                : config;
    }

    /** What bob is told of his. */
    IceConfig bob() throws IOException {
        NatKind kind = scenario == Scenario.ENTERPRISE ? NatKind.SYMMETRIC : NatKind.PORT_RESTRICTED;
        InetAddress phone = ip(scenario.behindRouters() ? "127.0.2.20" : "127.0.1.20");
        IceConfig config = config(
                network.router(phone, ip("127.0.2.1"), ip("127.0.12.1"), kind),
                plan.profile().bob());
        return scenario.hasVpn()
                ? onVpn(config, network.tunnel(ip("127.0.7.20"), ip("127.0.7.2"), ip("127.0.8.20")))
                : config;
    }

    /** What carol is told, whose phone rings as well. */
    IceConfig carol() throws IOException {
        return config(carolsRouter(), plan.profile().bob());
    }

    /** What the third party is told that stands between two phones: it finds out how each of them speaks. */
    IceConfig between() throws IOException {
        return config(carolsRouter(), IceProfile.auto());
    }

    private Router carolsRouter() throws IOException {
        return network.router(ip("127.0.1.30"), ip("127.0.1.3"), ip("127.0.11.3"), NatKind.PORT_RESTRICTED);
    }

    private IceConfig onVpn(IceConfig config, Router tunnel) throws IOException {
        InetSocketAddress reached = tunnel.gatewayTo(server.address());
        // each server is reached from one of the two interfaces, and is waited for on the other
        return config.localAddress(tunnel.phone(), InterfaceKind.VPN)
                .stunServer(stunServer(reached))
                .gatherDeadline(GATHERING_ON_TWO);
    }

    private static StunServer stunServer(InetSocketAddress reached) {
        return StunServer.parse("stun:" + reached.getAddress().getHostAddress() + ":" + reached.getPort());
    }

    /** Lets the phones' packets pass the firewall. */
    void openFirewall() {
        network.openFirewall();
    }

    /** How many datagrams are on their way, in no socket's buffer. */
    int onTheWay() {
        return network.onTheWay();
    }

    /** Lets none of them pass any more. */
    void shutFirewall() {
        network.shutFirewall();
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

    private IceConfig config(Router router, IceProfile profile) throws IOException {
        boolean atOnce = scenario.opensLate() || scenario.shuts();
        Duration nomination = atOnce ? AT_ONCE : PROMOTION_TIME;
        IceConfig config = IceConfig.create()
                .profile(profile)
                .localAddress(router.phone())
                .gatherDeadline(GATHERING)
                .timings(timings().withPatience(plan.patience()).withNominationPatience(nomination));
        if (plan.renomination()) {
            config = config.renomination();
        }
        if (scenario.behindRouters()) {
            // loopback has no routes: only the outside address leads through the routers
            config = config.noHost();
        }
        InetSocketAddress reached = scenario.behindRouters() ? router.gatewayTo(server.address()) : server.address();
        if (!scenario.hasRelay()) {
            return config.stunServer(stunServer(reached));
        }
        if (plan.profile().endsWithFinalOffer()) {
            return credentials.tell(config, "sip:" + router.phone().getHostAddress() + "@example.com", reached);
        }
        String host = reached.getAddress().getHostAddress();
        return config.turnServer(
                TurnServer.parse("turn:" + host + ":" + reached.getPort()).credentials(USER, PASSWORD));
    }

    /** Those of the standard; consent lasts no longer than it must where it is to end. */
    private Timings timings() {
        Timings standard = Timings.RFC8445;
        return scenario.outlastsConsent()
                ? new Timings(
                        standard.ta(),
                        standard.rto(),
                        standard.keepalive(),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        standard.patience(),
                        standard.nominationPatience(),
                        standard.promotionWindow())
                : standard;
    }

    /** Whether a candidate is one of a phone's on the VPN. */
    static boolean isOnVpn(Candidate candidate) {
        return candidate.address().host().startsWith("127.0.8.");
    }

    private static InetAddress ip(String literal) {
        return ((IpAddress) CandidateAddress.of(literal, 0)).ip();
    }
}
