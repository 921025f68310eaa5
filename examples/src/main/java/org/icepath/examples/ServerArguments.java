// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.icepath.turn.TurnServer;

/** TURN servers as command lines name them. */
public final class ServerArguments {

    private static final Pattern FIELDS = Pattern.compile(
            "(?<host>\\[[^]]+]|[^:\\[]+):(?<port>\\d{1,5}):(?<user>[^:]+):(?<password>.*):(?<transport>\\w+)");

    private ServerArguments() {}

    /**
     * Reads {@code HOST:PORT:USER:PASS:udp|tcp|tls|dtls}; IPv6 addresses stand in brackets, the password may have colons.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static TurnServer turnServer(String text) {
        Matcher fields = FIELDS.matcher(text);
        if (!fields.matches()) {
            throw new IllegalArgumentException("TURN server is not HOST:PORT:USER:PASS:udp|tcp|tls|dtls");
        }
        String address = fields.group("host") + ":" + fields.group("port");
        String uri =
                switch (fields.group("transport").toLowerCase(Locale.ROOT)) {
                    case "udp" -> "turn:" + address + "?transport=udp";
                    case "tcp" -> "turn:" + address + "?transport=tcp";
                    case "tls" -> "turns:" + address + "?transport=tcp";
                    case "dtls" -> "turns:" + address + "?transport=udp";
                    default ->
                        throw new IllegalArgumentException(
                                "TURN transport " + fields.group("transport") + ", expected udp, tcp, tls or dtls");
                };
        return TurnServer.parse(uri).credentials(fields.group("user"), fields.group("password"));
    }
}
