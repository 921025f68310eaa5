// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import org.icepath.sansio.Transport;

/**
 * Where a TURN server is and who we are to it (RFC 7065).
 *
 * @param host a name or an address literal; IPv6 without brackets
 * @param port 1 to 65535; where it is to be discovered the default, which is asked when nothing else is found
 * @param transport between us and the server; the relay itself speaks UDP. Where it is to be discovered the default, too
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
     * Reads {@code turn:host[:port][?transport=udp|tcp]}, {@code turns:…}, or {@code host[:port]} for UDP.
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
        if (uri.isComplete()) {
            return Discovery.NONE;
        }
        return uri.transport().isPresent() ? Discovery.SERVICE : Discovery.NAMING;
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

    /** The same server by another transport. */
    public TurnServer over(Transport other) {
        return new TurnServer(host, port, other, discovery, username, password, dialect);
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
        boolean secure = transport == Transport.TLS || transport == Transport.DTLS;
        boolean datagrams = transport == Transport.UDP || transport == Transport.DTLS;
        String place = discovery == Discovery.NONE ? ServerUri.authority(host, port) : host;
        String by = datagrams ? "?transport=udp" : "?transport=tcp";
        return (secure ? "turns:" : "turn:") + place + (discovery == Discovery.NAMING ? "" : by);
    }
}
