// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;

/**
 * What is asked from where. Immutable.
 *
 * @param server a STUN server of RFC 5780, resolved
 * @param mapping a fresh UDP base; its address is that of an interface, not a wildcard
 * @param filtering another one of the same address: what is sent for the one test opens filters that the other looks at
 * @param silences more such bases, each for how long it will be silent to find out whether its mapping survives, as {@link
 *     #requireSilences} takes them; empty for not to
 */
public record NatDiscoverySettings(
        InetSocketAddress server, Base mapping, Base filtering, Map<Base, Duration> silences) {

    private static final int MOST_SILENCES = 64;
    private static final Duration LONGEST_SILENCE = Duration.ofHours(2);

    public NatDiscoverySettings {
        Objects.requireNonNull(server, "server");
        silences = Map.copyOf(silences);
        if (server.isUnresolved()) {
            throw new IllegalArgumentException("unresolved server address " + server);
        }
        if (mapping.transport() != Transport.UDP || filtering.transport() != Transport.UDP) {
            throw new IllegalArgumentException("NAT behaviour is asked over UDP");
        }
        requireSilences(silences.values());
    }

    /**
     * Refuses silences that nobody waits for.
     *
     * @param silences at most 64, none longer than 2 h
     * @throws IllegalArgumentException when there are more, or longer ones
     */
    public static void requireSilences(Collection<Duration> silences) {
        if (silences.size() > MOST_SILENCES
                || silences.stream().anyMatch(each -> each.compareTo(LONGEST_SILENCE) > 0)) {
            throw new IllegalArgumentException("silences " + silences + ", expected at most 64, of at most 2 h");
        }
    }

    /** The same without the question for lifetimes. */
    public static NatDiscoverySettings of(InetSocketAddress server, Base mapping, Base filtering) {
        return new NatDiscoverySettings(server, mapping, filtering, Map.of());
    }
}
