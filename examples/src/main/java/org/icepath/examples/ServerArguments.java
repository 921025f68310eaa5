// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.icepath.sansio.Transport;
import org.icepath.turn.TurnServer;
import org.icepath.turn.ms.MsTurn;

/** TURN servers as command lines name them. */
public final class ServerArguments {

    private static final Pattern FIELDS = Pattern.compile(
            "(?<ms>ms:)?(?<host>\\[[^]]+]|[^:\\[]+):(?<port>\\d{1,5}):(?<user>[^:]+):(?<password>.*):(?<transport>[\\w-]+)");

    private ServerArguments() {}

    /**
     * Reads {@code HOST:PORT:USER:PASS:udp|tcp|tls|dtls}, or {@code ms:HOST:PORT:USER:PASS:udp|tcp|pseudo-tls} for an Edge server; IPv6
     * addresses stand in brackets, the password may have colons. User and password of the latter are text, whose bytes are used.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static TurnServer turnServer(String text) {
        Matcher fields = FIELDS.matcher(text);
        if (!fields.matches()) {
            throw new IllegalArgumentException("TURN server " + beginning(text)
                    + " is not HOST:PORT:USER:PASS:udp|tcp|tls|dtls, nor ms:HOST:PORT:USER:PASS:udp|tcp|pseudo-tls");
        }
        if (fields.group("ms") != null) {
            return edgeServer(fields);
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

    /** What names a server on the command line and in no case its password. */
    private static String beginning(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? text : text.substring(0, colon + 1) + "…";
    }

    private static TurnServer edgeServer(Matcher fields) {
        String host = fields.group("host").replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(fields.group("port"));
        String user = base64(fields.group("user"));
        String password = base64(fields.group("password"));
        return switch (fields.group("transport").toLowerCase(Locale.ROOT)) {
            case "udp" -> MsTurn.DEFAULT.server(host, port, Transport.UDP, user, password);
            case "tcp" -> MsTurn.DEFAULT.server(host, port, Transport.TCP, user, password);
            case "pseudo-tls" -> MsTurn.DEFAULT.withPseudoTls().server(host, port, Transport.TCP, user, password);
            default ->
                throw new IllegalArgumentException("transport " + fields.group("transport")
                        + " of an Edge server, expected udp, tcp or pseudo-tls");
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
