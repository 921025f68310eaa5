// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.icepath.stun.Attributes.ALTERNATE_DOMAIN;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import org.icepath.sansio.Transport;
import org.icepath.stun.StunMessage;
import org.jspecify.annotations.Nullable;

/**
 * The server that an allocation is asked of: that of the settings, or the one that it has sent us on to (RFC 8489 §10). Not thread-safe.
 */
final class ServerInUse {

    private final TurnDialect dialect;
    private final Transport transport;
    private final Consumer<TurnEvent> events;
    private final Redirects redirects;
    private InetSocketAddress address;
    private @Nullable InetSocketAddress forwarder;
    private String host;

    ServerInUse(AllocationSettings settings, TurnDialect dialect, Consumer<TurnEvent> events) {
        this.dialect = dialect;
        this.transport = settings.base().transport();
        this.events = events;
        this.address = settings.serverAddress();
        this.host = settings.server().host();
        this.redirects = new Redirects(address);
    }

    InetSocketAddress address() {
        return address;
    }

    /** The name that it must prove to have. */
    String host() {
        return host;
    }

    /** Where it is, for people: its address, or its name where a proxy alone knows the address. */
    String place() {
        return AddressText.isPlaceholder(address.getAddress())
                ? ServerUri.authority(host, address.getPort())
                : AddressText.of(address);
    }

    /** Whether an answer may come from there, too: of a server that has sent us on with a challenge. */
    boolean mayAnswer(InetSocketAddress from) {
        return from.equals(forwarder);
    }

    /** Follows an answer that names another server; false where it names none that may be asked. */
    boolean follow(StunMessage answer) {
        Optional<InetSocketAddress> next = further(dialect.alternateServer(answer));
        next.ifPresent(other -> {
            String domain = isSecure() ? answer.get(ALTERNATE_DOMAIN).orElse("") : "";
            events.accept(new TurnEvent.Redirected(address, other, domain));
            address = other;
            forwarder = null;
            host = domain.isEmpty() ? host : domain;
        });
        return next.isPresent();
    }

    /** Follows a challenge that is to be answered at another server; empty where it is at the one that sent it. */
    Optional<InetSocketAddress> followChallenge(StunMessage answer) {
        if (transport != Transport.UDP) {
            return Optional.empty(); // a connection leads to one server
        }
        Optional<InetSocketAddress> next =
                further(dialect.challengeServer(answer).filter(each -> !each.equals(address)));
        next.ifPresent(other -> {
            events.accept(new TurnEvent.Redirected(address, other, ""));
            forwarder = address;
            address = other;
        });
        return next;
    }

    private Optional<InetSocketAddress> further(Optional<InetSocketAddress> named) {
        return named.filter(next -> redirects.follow(address, next));
    }

    private boolean isSecure() {
        return transport == Transport.TLS || transport == Transport.DTLS;
    }
}
