// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.icepath.connection.Proxy;
import org.icepath.ice.IceConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
}
