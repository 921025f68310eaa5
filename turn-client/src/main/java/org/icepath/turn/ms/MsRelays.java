// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.util.ArrayList;
import java.util.List;
import org.icepath.sansio.Transport;
import org.icepath.turn.TurnServer;
import org.icepath.turn.mras.MediaRelay;
import org.icepath.turn.mras.MrasResponse;
import org.icepath.turn.mras.RelayLocation;

/** The servers that a media relay authentication service names, with the credentials that it gives for them ([MS-AVEDGEA]). */
public final class MsRelays {

    private MsRelays() {}

    /**
     * The relays as servers, by each transport that they have: UDP, and TCP, which begins like TLS on port 443 (seen).
     *
     * @param location where the client is; relays of the other location are left out, those of none are not
     * @param dialect how they are spoken to
     * @return in the order of the answer; empty where it has no credentials
     */
    public static List<TurnServer> servers(MrasResponse response, RelayLocation location, MsTurn dialect) {
        List<TurnServer> servers = new ArrayList<>();
        response.credentials().ifPresent(credentials -> response.relays().stream()
                .filter(relay -> relay.location().map(location::equals).orElse(true))
                .forEach(relay -> add(servers, relay, credentials, dialect)));
        return List.copyOf(servers);
    }

    private static void add(
            List<TurnServer> servers, MediaRelay relay, MrasResponse.Credentials credentials, MsTurn dialect) {
        String user = credentials.usernameText();
        String password = credentials.passwordText();
        relay.udpPort()
                .ifPresent(port -> servers.add(dialect.server(relay.host(), port, Transport.UDP, user, password)));
        relay.tcpPort().ifPresent(port -> {
            MsTurn spoken = port == MsTurn.PSEUDO_TLS_PORT ? dialect.withPseudoTls() : dialect;
            servers.add(spoken.server(relay.host(), port, Transport.TCP, user, password));
        });
    }
}
