// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.stun.AddressFamily;

/**
 * What is asked of which server, and from where.
 *
 * @param base the local base that the server is spoken to from, by its transport; over TCP, TLS and DTLS it stands for the connection
 *     that the allocation opens, from any port of its address
 * @param relayBaseId the identifier of the relayed base to come; with both families the next one is taken, too
 * @param server name and credentials
 * @param serverAddress an address that the name was resolved to
 * @param family of the relayed address (RFC 8656 §18.6)
 * @param lifetimeSeconds how long the allocation is wished to last between refreshes; 0 leaves it to the server (RFC 8656 §7.2)
 * @param options what is wished beside it
 */
public record AllocationSettings(
        Base base,
        long relayBaseId,
        TurnServer server,
        InetSocketAddress serverAddress,
        AddressFamily family,
        long lifetimeSeconds,
        AllocationOptions options) {

    private static final long MAX_LIFETIME_SECONDS = 3_600;

    public AllocationSettings {
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(options, "options");
        if (family != AddressFamily.IPV4 && options.bothFamilies()) {
            throw new IllegalArgumentException("both families are asked for as IPv4 with IPv6 beside it");
        }
        if (base.transport() != server.transport()) {
            throw new IllegalArgumentException(
                    "a server over " + server.transport() + " from a base of " + base.transport());
        }
        boolean stream = base.transport() == Transport.TCP || base.transport() == Transport.TLS;
        if (options.transport() instanceof RelayedTransport.Tcp && !stream) {
            throw new IllegalArgumentException("TCP is relayed over TCP or TLS, not over " + base.transport());
        }
        if (serverAddress.isUnresolved()) {
            throw new IllegalArgumentException("unresolved server address " + serverAddress);
        }
        if (lifetimeSeconds < 0 || lifetimeSeconds > MAX_LIFETIME_SECONDS) {
            throw new IllegalArgumentException("lifetimeSeconds " + lifetimeSeconds + " is not within 0 to 3600");
        }
    }

    /** An IPv4 relayed address for as long as the server likes. */
    public static AllocationSettings of(
            Base base, long relayBaseId, TurnServer server, InetSocketAddress serverAddress) {
        return new AllocationSettings(
                base, relayBaseId, server, serverAddress, AddressFamily.IPV4, 0, AllocationOptions.NONE);
    }

    /** The same with another family of the relayed address. */
    public AllocationSettings withFamily(AddressFamily relayed) {
        return new AllocationSettings(base, relayBaseId, server, serverAddress, relayed, lifetimeSeconds, options);
    }

    /** The same with another wished lifetime; 0 leaves it to the server. */
    public AllocationSettings withLifetimeSeconds(long seconds) {
        return new AllocationSettings(base, relayBaseId, server, serverAddress, family, seconds, options);
    }

    /** The same with other options. */
    public AllocationSettings withOptions(AllocationOptions other) {
        return new AllocationSettings(base, relayBaseId, server, serverAddress, family, lifetimeSeconds, other);
    }
}
