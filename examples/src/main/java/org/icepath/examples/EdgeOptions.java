// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.turn.ms.MsTurn;
import picocli.CommandLine.Option;

/** What makes the embedded relay an Edge server, too: options that mean nothing without the first one, and are refused so. */
final class EdgeOptions {

    @Option(
            names = "--ms",
            required = true,
            description = "Speak MS-TURN, too: over UDP beside TURN, over TCP in its place, and over pseudo-TLS.")
    private boolean ms;

    @Option(
            names = "--pseudo-tls-port",
            paramLabel = "PORT",
            converter = PortNumber.class,
            description = "Of pseudo-TLS with --ms, 443 if absent; 0 for any.")
    private int pseudoTlsPort = MsTurn.PSEUDO_TLS_PORT;

    @Option(
            names = "--ms-lenient",
            description = "With --ms, take requests in any order and without sequence numbers (as libnice writes them),"
                    + " and data from any port of a peer.")
    private boolean lenient;

    @Option(
            names = "--ms-version",
            paramLabel = "N",
            converter = Version.class,
            description = "With --ms, the MS-VERSION that it says: 2 if absent, 0 for none, from 3 on with HMAC-SHA256;"
                    + " 6 at most.")
    private int version = 2;

    int pseudoTlsPort() {
        return pseudoTlsPort;
    }

    /**
     * The Edge that they ask for.
     *
     * @param realm hashed as it stands, but for quotation marks around it; empty for what Edges were seen to have
     */
    MsEdgeConfig config(Map<String, String> users, Optional<String> realm) {
        MsEdgeConfig config = MsEdgeConfig.create().withVersion(version);
        if (realm.isPresent()) {
            config = config.withRealm(realm.get(), false);
        }
        for (Map.Entry<String, String> user : users.entrySet()) {
            config = config.user(user.getKey(), user.getValue());
        }
        return lenient ? config.withDemands(Set.of()) : config;
    }

    @Override
    public String toString() {
        return ms ? "MS-TURN, version " + version : "no MS-TURN";
    }

    /** Those that are known. */
    static final class Version extends WholeNumber {

        Version() {
            super(0, 6);
        }
    }
}
