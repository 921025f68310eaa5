// SPDX-License-Identifier: Apache-2.0
package org.icepath.connection;

import java.util.Objects;

/**
 * What TCP connections go through.
 *
 * <p>A proxy is given the server's name, so that names which only the proxy can resolve work.
 *
 * @param kind what it speaks
 * @param host a name or an address literal; empty only without a proxy
 * @param port 1 to 65535; 0 only without a proxy
 * @param username empty for a proxy that asks for none
 * @param password never printed
 */
public record Proxy(Kind kind, String host, int port, String username, String password) {

    /** What a proxy speaks. */
    public enum Kind {
        /** There is no proxy. */
        NONE,
        /** HTTP CONNECT (RFC 9110 §9.3.6). */
        HTTP_CONNECT,
        /** SOCKS version 5 (RFC 1928, RFC 1929). */
        SOCKS5
    }

    private static final int MAX_PORT = 65_535;

    /** No proxy: straight to the server. */
    public static final Proxy NONE = new Proxy(Kind.NONE, "", 0, "", "");

    public Proxy {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(password, "password");
        boolean fits =
                kind == Kind.NONE ? host.isEmpty() && port == 0 : !host.isBlank() && port > 0 && port <= MAX_PORT;
        if (!fits) {
            throw new IllegalArgumentException("a proxy " + kind + " at \"" + host + "\" port " + port);
        }
    }

    /** An HTTP proxy that lets CONNECT through to the server's port. */
    public static Proxy http(String host, int port) {
        return new Proxy(Kind.HTTP_CONNECT, host, port, "", "");
    }

    /** A SOCKS 5 proxy. */
    public static Proxy socks5(String host, int port) {
        return new Proxy(Kind.SOCKS5, host, port, "", "");
    }

    /** The same with a user name and password: HTTP's Basic, or RFC 1929. */
    public Proxy credentials(String user, String secret) {
        return new Proxy(kind, host, port, user, secret);
    }

    /** Whether there is a proxy at all. */
    public boolean isUsed() {
        return kind != Kind.NONE;
    }

    /** Kind and place, without credentials. */
    @Override
    public String toString() {
        return isUsed() ? "Proxy[" + kind + " " + host + ":" + port + "]" : "Proxy[none]";
    }
}
