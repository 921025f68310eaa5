// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Objects;
import org.icepath.sansio.Transport;

/**
 * Where a TURN server is and who we are to it (RFC 7065).
 *
 * @param host a name or an address literal; IPv6 without brackets
 * @param port 1 to 65535; where it is to be discovered the default, which is asked when nothing else is found
 * @param transport between us and the server; the relay itself speaks UDP. Where it is left open the one that is preferred
 * @param discovery what DNS may say better
 * @param username empty for a server that asks for none; at most 508 bytes of UTF-8 (RFC 8489 §14.3)
 * @param password never printed
 * @param dialect which kind of server it is; with {@link TurnDialect#RFC8656} it is what its user takes for the rule
 */
public record TurnServer(
        String host,
        int port,
        Transport transport,
        Discovery discovery,
        String username,
        String password,
        TurnDialect dialect) {

    private static final int MAX_USERNAME_BYTES = 508;

    public TurnServer {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(discovery, "discovery");
        Objects.requireNonNull(password, "password");
        Objects.requireNonNull(dialect, "dialect");
        ServerUri.checkHost(host);
        ServerUri.checkPort(port);
        if (username.getBytes(UTF_8).length > MAX_USERNAME_BYTES) {
            throw new IllegalArgumentException("the user name has more than " + MAX_USERNAME_BYTES + " bytes");
        }
        if (!username.isEmpty()) {
            dialect.objectionTo(TurnCredentials.longTerm(username, password)).ifPresent(why -> {
                throw new IllegalArgumentException(why);
            });
        }
    }

    /**
     * Reads {@code turn:host[:port][?transport=udp|tcp]}, {@code turns:…}, or {@code host[:port]}, which is as {@code turn:}. Where
     * nothing says otherwise, a transport that is left open is UDP, then TCP, and for {@code turns:} TLS, then DTLS (RFC 5928 §3).
     *
     * @throws IllegalArgumentException if it is none of these; the message says what is wrong
     */
    public static TurnServer parse(String text) {
        ServerUri uri = ServerUri.parse(text, "turn");
        String named = uri.transport().orElse(uri.secure() ? "tcp" : "udp"); // RFC 7065 §3.1, RFC 5928 §3
        Transport transport =
                switch (named) {
                    case "udp" -> uri.secure() ? Transport.DTLS : Transport.UDP;
                    case "tcp" -> uri.secure() ? Transport.TLS : Transport.TCP;
                    default -> throw new IllegalArgumentException("\"" + text + "\": transport is neither udp nor tcp");
                };
        int port = uri.port().orElse(uri.defaultPort());
        return new TurnServer(uri.host(), port, transport, discovery(uri), "", "", TurnDialect.RFC8656);
    }

    private static Discovery discovery(ServerUri uri) {
        if (uri.transport().isPresent()) {
            return uri.isComplete() ? Discovery.NONE : Discovery.SERVICE;
        }
        return uri.isComplete() ? Discovery.TRANSPORT : Discovery.NAMING;
    }

    /** The port where a server is that says nothing else (RFC 8489 §18.6). */
    public static int defaultPort(Transport transport) {
        return transport == Transport.TLS || transport == Transport.DTLS
                ? StunServer.DEFAULT_TLS_PORT
                : StunServer.DEFAULT_PORT;
    }

    /**
     * The same server with long-term credentials (RFC 8489 §9.2).
     *
     * @throws IllegalArgumentException when they are not of the form that its dialect has
     */
    public TurnServer credentials(String user, String secret) {
        return new TurnServer(host, port, transport, discovery, user, secret, dialect);
    }

    /** The same server, to be asked without credentials: somebody supplies them when it wants some ({@link CredentialSupplier}). */
    public TurnServer withoutCredentials() {
        return credentials("", "");
    }

    /** The same server by this transport alone. */
    public TurnServer over(Transport other) {
        Discovery left =
                switch (discovery) {
                    case NONE, TRANSPORT -> Discovery.NONE;
                    case SERVICE, NAMING -> Discovery.SERVICE;
                };
        return new TurnServer(host, port, other, left, username, password, dialect);
    }

    /** The transports to reach it by, in the order of preference (RFC 5928 §3): one, where its URI names that. */
    public List<Transport> transports() {
        if (discovery == Discovery.NONE || discovery == Discovery.SERVICE) {
            return List.of(transport);
        }
        return isSecure() ? List.of(Transport.TLS, Transport.DTLS) : List.of(Transport.UDP, Transport.TCP);
    }

    private boolean isSecure() {
        return transport == Transport.TLS || transport == Transport.DTLS;
    }

    /**
     * The same server, spoken to in another dialect.
     *
     * @throws IllegalArgumentException when there are credentials of a form that it does not have
     */
    public TurnServer speaking(TurnDialect other) {
        return new TurnServer(host, port, transport, discovery, username, password, other);
    }

    /** The dialect to speak to it in, where {@code rule} is spoken to servers that are not known to speak another one. */
    public TurnDialect dialectOr(TurnDialect rule) {
        return dialect == TurnDialect.RFC8656 ? rule : dialect;
    }

    /** Whether there are credentials. */
    public boolean hasCredentials() {
        return !username.isEmpty();
    }

    /** The URI form, without credentials. */
    @Override
    public String toString() {
        boolean located = discovery == Discovery.NONE || discovery == Discovery.TRANSPORT;
        String place = located ? ServerUri.authority(host, port) : host;
        String by = transport == Transport.UDP || transport == Transport.DTLS ? "?transport=udp" : "?transport=tcp";
        return (isSecure() ? "turns:" : "turn:") + place + (transports().size() > 1 ? "" : by);
    }
}
