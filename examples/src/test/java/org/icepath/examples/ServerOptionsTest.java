// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.icepath.connection.Proxy;
import org.icepath.ice.IceConfig;
import org.icepath.sansio.Transport;
import org.icepath.turn.TurnServer;
import org.icepath.turn.ms.MsTurn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the options for servers make of a configuration. */
class ServerOptionsTest {

    private static IceConfig configured(String... arguments) {
        return CommandLine.populateCommand(new ServerOptions(), arguments)
                .applyTo(IceConfig.create().stream("audio", 1));
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.test:8080,                        HTTP_CONNECT, '',      ''",
        "http://alice@proxy.test:8080,                  HTTP_CONNECT, alice,   ''",
        "http://alice:@proxy.test:8080,                 HTTP_CONNECT, alice,   ''",
        "socks5://alice:s%3Acr%40t:1@proxy.test:8080,   SOCKS5,       alice,   's:cr@t:1'",
        "socks5://a%3Ab:c@proxy.test:8080,              SOCKS5,       'a:b',   c"
    })
    void aProxyIsAskedAsTheUserThatItsUriNames(String uri, Proxy.Kind kind, String user, String password) {
        Proxy proxy = configured("--proxy", uri).connections().proxy();

        assertThat(proxy).isEqualTo(new Proxy(kind, "proxy.test", 8080, user, password));
    }

    // each has credentials of its own: those of the command line are for URIs, which have none
    @Test
    void userAndPasswordGoToServersThatAreNamedByUri() {
        IceConfig config = configured(
                "--turn",
                "turn:a.test",
                "--turn",
                "b.test:3478:bob:b-secret:udp",
                "--user",
                "alice",
                "--password",
                "a");

        assertThat(config.turnServers()).extracting(server -> server.username()).containsExactly("alice", "bob");
    }

    @Test
    void aSharedSecretIsForServersThatAreNamedByUri() {
        IceConfig config =
                configured("--turn", "turn:a.test", "--turn", "b.test:3478:bob:b-secret:udp", "--secret", "shared");

        assertThat(config.turnServers())
                .extracting(server -> config.credentialSupplier(server).isPresent())
                .containsExactly(true, false);
        assertThat(config.turnServers().get(1).username()).isEqualTo("bob");
    }

    // user and password of an Edge are text on the command line, and base64 to who speaks its dialect
    @ParameterizedTest
    @CsvSource({
        "ms:edge.test:3478:alice:a:b:udp,          edge.test, 3478, UDP, false, YTpi",
        "ms:edge.test:443:alice:secret:tcp,        edge.test,  443, TCP, false, c2VjcmV0",
        "ms:[2001:db8::1]:443:alice:s:pseudo-tls,  2001:db8::1, 443, TCP, true, cw=="
    })
    void anEdgeServerIsNamedByItsTransport(
            String text, String host, int port, Transport transport, boolean pseudoTls, String password) {
        TurnServer server = configured("--turn", text).turnServers().get(0);

        assertThat(server.host()).isEqualTo(host);
        assertThat(server.port()).isEqualTo(port);
        assertThat(server.transport()).isEqualTo(transport);
        assertThat(server.username()).isEqualTo("YWxpY2U=");
        assertThat(server.password()).isEqualTo(password);
        assertThat(server.dialect()).isInstanceOfSatisfying(MsTurn.class, spoken -> assertThat(spoken.pseudoTls())
                .isEqualTo(pseudoTls));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ms:edge.test:443:alice:secret:tls", "ms:edge.test:443:alice", "ms:edge.test"})
    void whatIsNoEdgeServerIsRefused(String text) {
        assertThatThrownBy(() -> configured("--turn", text)).isInstanceOf(IllegalArgumentException.class);
    }
}
