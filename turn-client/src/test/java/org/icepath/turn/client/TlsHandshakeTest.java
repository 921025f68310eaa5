// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.icepath.connection.ConnectionSettings;
import org.icepath.connection.TlsSettings;
import org.icepath.net.EventLoops;
import org.icepath.testkit.edge.LoopbackIdentity;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What we say of ourselves in a TLS handshake, as a server of the JDK hears it. */
@Timeout(120)
class TlsHandshakeTest {

    private static final TlsSettings OURS =
            LoopbackIdentity.server().trust(LoopbackIdentity.client().trust().orElseThrow());

    private final EventLoops loops = EventLoops.start(1);
    private final SSLServerSocket server;

    TlsHandshakeTest() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                new KeyManager[] {OURS.identity().orElseThrow()},
                new TrustManager[] {OURS.trust().orElseThrow()},
                null);
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void tearDown() throws Exception {
        server.close();
        loops.close();
    }

    /** Accepts the connection of a client that wants a relay. */
    private SSLSocket accept(TlsSettings tls) throws Exception {
        TurnClient client = TurnClient.over(loops, ConnectionSettings.create().withTls(tls));
        CompletableFuture<TurnRelay> unused = client.allocate(
                TurnServer.parse("turns:localhost:" + server.getLocalPort()).credentials("alice", "s3cret"));
        return (SSLSocket) server.accept();
    }

    // RFC 7443 §3: a firewall or server that has several protocols at one port is told which this is.
    @ParameterizedTest
    @EnumSource(TlsSettings.Provider.class)
    void theProtocolIsNamed(TlsSettings.Provider provider) throws Exception {
        CompletableFuture<List<String>> offered = new CompletableFuture<>();
        try (SSLSocket connection = accept(OURS.withProvider(provider))) {
            connection.setHandshakeApplicationProtocolSelector((socket, protocols) -> {
                offered.complete(List.copyOf(protocols));
                return protocols.get(0);
            });
            connection.startHandshake();

            assertThat(offered).isCompletedWithValue(List.of("stun.turn"));
            assertThat(connection.getApplicationProtocol()).isEqualTo("stun.turn");
        }
    }

    // RFC 8489 §6.2.3 leaves it to the server to ask for one.
    @ParameterizedTest
    @EnumSource(TlsSettings.Provider.class)
    void aServerThatAsksForACertificateGetsOurs(TlsSettings.Provider provider) throws Exception {
        server.setNeedClientAuth(true);
        try (SSLSocket connection = accept(OURS.withProvider(provider))) {
            connection.startHandshake();

            X509Certificate ours = (X509Certificate) connection.getSession().getPeerCertificates()[0];
            assertThat(ours.getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
        }
    }
}
