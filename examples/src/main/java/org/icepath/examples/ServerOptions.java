// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.icepath.connection.ConnectionSettings;
import org.icepath.connection.Proxy;
import org.icepath.connection.TlsSettings;
import org.icepath.ice.IceConfig;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which servers a command asks, and how it gets to them. */
public final class ServerOptions {

    @Option(
            names = "--stun",
            paramLabel = "SERVER",
            description = "A STUN server: stun.example.net, stun:HOST:PORT; may be repeated.")
    private List<String> stunServers = new ArrayList<>();

    @Option(
            names = "--turn",
            paramLabel = "SERVER",
            description = "A TURN server: a turn: or turns: URI with --user and --password,"
                    + " HOST:PORT:USER:PASS:udp|tcp|tls|dtls, or for an Edge server"
                    + " ms:HOST:PORT:USER:PASS:udp|tcp|pseudo-tls; may be repeated.")
    private List<String> turnServers = new ArrayList<>();

    @Option(names = "--user", paramLabel = "NAME", description = "The user name for turn: and turns: servers.")
    private String user = "";

    @Option(names = "--password", paramLabel = "TEXT", description = "The password for turn: and turns: servers.")
    private String password = "";

    @Option(
            names = "--secret",
            paramLabel = "TEXT",
            description =
                    "The secret that turn: and turns: servers share with us: time-limited credentials are made of it.")
    private String secret = "";

    @Option(names = "--both-families", description = "Ask TURN servers for an IPv4 and an IPv6 address.")
    private boolean bothFamilies;

    @Option(names = "--port-pairs", description = "Ask TURN servers for RTP and RTCP on ports that follow each other.")
    private boolean portPairs;

    @Option(names = "--mobile", description = "Have allocations follow changes of our address (RFC 8016).")
    private boolean mobile;

    @Option(names = "--tls-ca", paramLabel = "FILE", description = "Trust the certificates in this PEM file only.")
    private @Nullable Path trusted;

    @Option(names = "--tls-insecure", description = "Accept any certificate of a TURN server.")
    private boolean insecure;

    @Option(
            names = "--proxy",
            paramLabel = "URI",
            description =
                    "Reach TURN servers over TCP and TLS through http://HOST:PORT or socks5://HOST:PORT; a user name"
                            + " and password stand before the host, USER:PASS@.")
    private @Nullable URI proxy;

    /**
     * The configuration with these servers.
     *
     * @throws IllegalArgumentException if one cannot be understood; the message says which
     */
    public IceConfig applyTo(IceConfig config) {
        requireWhatGoesTogether();
        IceConfig changed = config.connections(connections());
        changed = bothFamilies ? changed.relayBothFamilies() : changed;
        changed = portPairs ? changed.relayPortPairs() : changed;
        changed = mobile ? changed.mobileRelays() : changed;
        for (String server : stunServers) {
            changed = changed.stunServer(server);
        }
        for (String server : turnServers) {
            changed = secret.isEmpty() || !isUri(server)
                    ? changed.turnServer(turnServer(server))
                    : changed.turnServer(turnServer(server), this::timeLimited);
        }
        return changed;
    }

    /** Whether there is a STUN server. */
    public boolean asksStun() {
        return !stunServers.isEmpty();
    }

    /** Whether there is a TURN server. */
    public boolean asksTurn() {
        return !turnServers.isEmpty();
    }

    /** Whether relays are asked for ports that follow each other, which takes two components. */
    public boolean portPairs() {
        return portPairs;
    }

    /** What would be left aside in silence is refused: whoever wrote it meant something. */
    private void requireWhatGoesTogether() {
        boolean named = !user.isEmpty() || !password.isEmpty() || !secret.isEmpty();
        require(
                !named || turnServers.stream().anyMatch(ServerOptions::isUri),
                "--user, --password and --secret are for" + " turn: and turns: servers, and there is none");
        require(password.isEmpty() || !user.isEmpty(), "--password without --user");
        require(password.isEmpty() || secret.isEmpty(), "--password and --secret exclude each other");
        require(user.isEmpty() || !password.isEmpty() || !secret.isEmpty(), "--user without --password or --secret");
        require(!insecure || trusted == null, "--tls-ca and --tls-insecure exclude each other");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static boolean isUri(String server) {
        return server.startsWith("turn:") || server.startsWith("turns:");
    }

    private TurnServer turnServer(String text) {
        if (!isUri(text)) {
            return ServerArguments.turnServer(text);
        }
        TurnServer server = TurnServer.parse(text);
        return user.isEmpty() || !secret.isEmpty() ? server : server.credentials(user, password);
    }

    /** Good for an hour: long enough for a call to notice the end of them. */
    private CompletionStage<TurnCredentials> timeLimited(TurnEvent.CredentialsWanted wanted) {
        long until = Instant.now().plus(Duration.ofHours(1)).getEpochSecond();
        return CompletableFuture.completedFuture(
                TurnCredentials.timeLimited(user, secret.getBytes(StandardCharsets.UTF_8), until));
    }

    private ConnectionSettings connections() {
        return ConnectionSettings.create().withTls(tls()).via(proxy());
    }

    private TlsSettings tls() {
        Path file = trusted;
        if (file != null) {
            try (InputStream pem = Files.newInputStream(file)) {
                return TlsSettings.create().trustOnly(pem);
            } catch (IOException e) {
                throw new IllegalArgumentException("--tls-ca " + file + " cannot be read", e);
            }
        }
        return insecure
                ? TlsSettings.create().trust(new AnyCertificate()).withoutHostNameVerification()
                : TlsSettings.create();
    }

    private Proxy proxy() {
        URI uri = proxy;
        if (uri == null) {
            return Proxy.NONE;
        }
        Proxy bare =
                switch (String.valueOf(uri.getScheme())) {
                    case "http" -> Proxy.http(String.valueOf(uri.getHost()), uri.getPort());
                    case "socks5" -> Proxy.socks5(String.valueOf(uri.getHost()), uri.getPort());
                    default ->
                        throw new IllegalArgumentException("--proxy " + uri + " is neither http:// nor socks5://");
                };
        String credentials = uri.getRawUserInfo();
        if (credentials == null || credentials.isEmpty()) {
            return bare;
        }
        String[] parts = credentials.split(":", 2);
        return bare.credentials(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
    }

    /** Without percent-encoding (RFC 3986 §3.2.1): a name may have a colon in it. */
    private static String decoded(String part) {
        return part.isEmpty() ? part : URI.create("//" + part + "@proxy").getUserInfo();
    }
}
