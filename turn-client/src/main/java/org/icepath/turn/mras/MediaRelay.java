// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import java.util.Optional;

/**
 * A relay of the service's list.
 *
 * @param location from where it is reached; empty when the answer names none that is known
 * @param host a name or an address
 * @param udpPort 1 to 65,535; empty when it has none
 * @param tcpPort likewise; with 443 clients begin with a greeting that looks like TLS
 */
public record MediaRelay(
        Optional<RelayLocation> location, String host, Optional<Integer> udpPort, Optional<Integer> tcpPort) {

    /** Where UDP goes when the answer leaves the port out. */
    public static final int DEFAULT_UDP_PORT = 3478;

    /** Where TCP goes when the answer leaves the port out. */
    public static final int DEFAULT_TCP_PORT = 443;
}
