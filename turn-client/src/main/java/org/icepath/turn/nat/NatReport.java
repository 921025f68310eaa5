// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was found out about the NATs and firewalls on the way to a server. Immutable. */
public final class NatReport {

    private final InetSocketAddress server;
    private final InetSocketAddress local;
    private final @Nullable InetSocketAddress mapped;
    private final @Nullable InetSocketAddress other;
    private final NatDependence mapping;
    private final NatDependence filtering;
    private final Hairpinning hairpinning;
    private final MappingLifetime lifetime;

    NatReport(
            InetSocketAddress server,
            InetSocketAddress local,
            @Nullable InetSocketAddress mapped,
            @Nullable InetSocketAddress other,
            NatDependence mapping,
            NatDependence filtering,
            Hairpinning hairpinning,
            MappingLifetime lifetime) {
        this.server = server;
        this.local = local;
        this.mapped = mapped;
        this.other = other;
        this.mapping = mapping;
        this.filtering = filtering;
        this.hairpinning = hairpinning;
        this.lifetime = lifetime;
    }

    /** Who was asked. */
    public InetSocketAddress server() {
        return server;
    }

    /** From where. */
    public InetSocketAddress local() {
        return local;
    }

    /** Our address as the server saw it; empty if the server did not answer at all. */
    public Optional<InetSocketAddress> mapped() {
        return Optional.ofNullable(mapped);
    }

    /** The server's other address, without which mapping and filtering stay unknown (RFC 5780 §7.4). */
    public Optional<InetSocketAddress> other() {
        return Optional.ofNullable(other);
    }

    /** Whether the server saw another address than our own. */
    public boolean translated() {
        return mapped != null && !mapped.equals(local);
    }

    /** What the address depends on that we are seen under (RFC 5780 §4.3). */
    public NatDependence mapping() {
        return mapping;
    }

    /** What it depends on whether we are sent something, of a NAT or a firewall (RFC 5780 §4.4). */
    public NatDependence filtering() {
        return filtering;
    }

    /** Whether two behind the same NAT reach each other by their outside addresses. */
    public Hairpinning hairpinning() {
        return hairpinning;
    }

    /** How long a silent mapping lives; unknown unless it was asked for. */
    public MappingLifetime lifetime() {
        return lifetime;
    }

    /** The old name for all that. */
    public LegacyNatType legacyType() {
        return mapped == null ? LegacyNatType.UDP_BLOCKED : LegacyNatType.of(translated(), mapping, filtering);
    }

    /** For people. */
    @Override
    public String toString() {
        return "NatReport[" + legacyType() + ", mapping " + mapping + ", filtering " + filtering + ", hairpinning "
                + hairpinning + ", lifetime " + lifetime + "]";
    }
}
