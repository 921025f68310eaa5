// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.util.random.RandomGenerator;
import org.icepath.ice.IceConfig;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.stun.AddressFamily;
import org.icepath.turn.AllocationOptions;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.RelayedData;
import org.icepath.turn.RelayedTransport;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnDialect;
import org.icepath.turn.TurnServer;

/**
 * Makes the allocations of a session, and says what each is asked for with (RFC 8656 §7.1): from where, of which family, and what else
 * the configuration wants of the server. Not thread-safe.
 */
final class Allocations {

    private final IceConfig config;
    private final RandomGenerator random;
    private final RelayedData data;
    private int made;

    /** @param data takes what comes over them */
    Allocations(IceConfig config, RandomGenerator random, RelayedData data) {
        this.config = config;
        this.random = random;
        this.data = data;
    }

    /** Whether the server relays by the transport of the candidates that the base is for. */
    boolean mayServe(AllocationRequest request) {
        Transport relayed = dialectOf(request).relayedTransport(settingsOf(request, made + 1));
        return request.local().transport().isTcp() == (relayed == Transport.TCP);
    }

    /** The next one, which has asked nobody yet. */
    Relay next(AllocationRequest request) {
        made++;
        return new Relay(
                made, request, new TurnAllocation(settingsOf(request, made), dialectOf(request), random, data));
    }

    private TurnDialect dialectOf(AllocationRequest request) {
        return config.turnServers()
                .get(request.server())
                .dialectOr(config.profile().turn());
    }

    private AllocationSettings settingsOf(AllocationRequest request, int number) {
        ServerAddress place = request.address();
        TurnServer server = config.turnServers().get(request.server()).over(place.transport());
        return AllocationSettings.of(baseOf(request, number), RelayIds.first(number), server, place.address())
                .withFamily(relaysBothFamilies(request) ? AddressFamily.IPV4 : familyOf(place.address()))
                .withOptions(optionsOf(request));
    }

    private AllocationOptions optionsOf(AllocationRequest request) {
        AllocationOptions options =
                AllocationOptions.NONE.withPort(request.port()).withAnyFamily();
        if (relaysBothFamilies(request)) {
            options = options.withBothFamilies();
        }
        if (request.local().transport().isTcp() && dialectOf(request).relaysConnections()) {
            options = options.withTransport(
                    RelayedTransport.tcp(config.profile().checks().framing()));
        }
        if (config.relaysMove() && !request.local().transport().isTcp()) {
            options = options.withMobility();
        }
        TurnServer server = config.turnServers().get(request.server());
        return config.credentialSupplier(server).isPresent() ? options.withRenewedCredentials() : options;
    }

    /** RFC 6062 knows of one address, which goes before what RFC 8656 has added. */
    private boolean relaysBothFamilies(AllocationRequest request) {
        return config.relaysBothFamilies() && !request.local().transport().isTcp();
    }

    /** Over UDP the socket; else what stands for a connection from its address (RFC 8656 §3.1). */
    private static Base baseOf(AllocationRequest request, int number) {
        Base local = request.local().base();
        Transport transport = request.address().transport();
        return transport == Transport.UDP
                ? local
                : new Base(
                        RelayIds.connection(number, 0),
                        transport,
                        new InetSocketAddress(local.address().getAddress(), 0));
    }

    /** A relayed address of the family of its server, since it most likely has that one. */
    private static AddressFamily familyOf(InetSocketAddress server) {
        return server.getAddress().getAddress().length == 4 ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }
}
