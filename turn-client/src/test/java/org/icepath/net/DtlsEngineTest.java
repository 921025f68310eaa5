// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.function.Predicate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.icepath.connection.TlsSettings;
import org.icepath.testkit.edge.LoopbackIdentity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** DTLS between two engines in one thread, datagram by datagram. */
class DtlsEngineTest {

    private final TlsContexts contexts = new TlsContexts();
    private final Queue<Runnable> steps = new ArrayDeque<>();
    private Predicate<Integer> lost = number -> false;
    private int datagrams;

    private static final class End {
        @SuppressWarnings("NullAway.Init")
        private DtlsEngine engine;

        @SuppressWarnings("NullAway.Init")
        private End other;

        private final List<String> received = new ArrayList<>();
        private boolean handshaken;
        private boolean ended;
        private @Nullable SSLException failure;
    }

    private interface Step {
        void run() throws SSLException;
    }

    private void enqueue(End end, Step step) {
        steps.add(() -> {
            try {
                step.run();
            } catch (SSLException refused) {
                end.failure = refused;
            }
        });
    }

    private End end(SSLEngine protection) {
        End end = new End();
        end.engine = new DtlsEngine(protection, new DtlsEngine.Wire() {
            @Override
            public void transmit(ByteBuffer datagram) {
                ByteBuffer copy = ByteBuffer.allocate(datagram.remaining())
                        .put(datagram.duplicate())
                        .flip();
                if (!lost.test(datagrams++)) {
                    enqueue(end.other, () -> end.other.engine.receive(copy));
                }
            }

            @Override
            public void deliver(ByteBuffer datagram) {
                end.received.add(UTF_8.decode(datagram).toString());
            }

            @Override
            public void handshaken() {
                end.handshaken = true;
            }

            @Override
            public void ended() {
                end.ended = true;
            }

            @Override
            public void calculate(Runnable task) {
                enqueue(end, () -> {
                    task.run();
                    end.engine.calculated();
                });
            }
        });
        return end;
    }

    private End client(TlsSettings settings, String host) {
        return client(settings, host, serverEngine());
    }

    private End client(TlsSettings settings, String host, SSLEngine protection) {
        End client = end(TlsContexts.engine(contexts.datagrams(settings).join(), settings, host, 5_349));
        End server = end(protection);
        client.other = server;
        server.other = client;
        return client;
    }

    private static SSLEngine serverEngine() {
        try {
            SSLContext context = SSLContext.getInstance("DTLS");
            context.init(
                    new KeyManager[] {LoopbackIdentity.server().identity().orElseThrow()},
                    new TrustManager[] {LoopbackIdentity.client().trust().orElseThrow()},
                    null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            return engine;
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private void run() {
        for (Runnable step = steps.poll(); step != null; step = steps.poll()) {
            step.run();
        }
    }

    private void handshake(End client) throws SSLException {
        client.engine.begin();
        client.other.engine.begin();
        run();
    }

    @Test
    void datagramsOfAllSizesArriveWhole() throws SSLException {
        End client = client(LoopbackIdentity.client(), "turn.example.test");
        handshake(client);

        assertThat(client.handshaken && client.other.handshaken)
                .as(client.failure + " " + client.other.failure)
                .isTrue();
        assertThat(client.engine.send(UTF_8.encode("a"))).isTrue();
        assertThat(client.engine.send(UTF_8.encode("b".repeat(1_400)))).isTrue();
        assertThat(client.other.engine.send(UTF_8.encode("c".repeat(1_300)))).isTrue();
        run();

        assertThat(client.other.received).containsExactly("a", "b".repeat(1_400));
        assertThat(client.received).containsExactly("c".repeat(1_300));
    }

    // RFC 6347 §4.2.4: a flight that is lost is sent again
    @Test
    void lostFlightsAreSentAgain() throws SSLException {
        lost = number -> number < 1 || number == 3 || number == 6;
        End client = client(LoopbackIdentity.client(), "localhost");
        handshake(client);

        for (int i = 0; i < 8 && !client.handshaken; i++) {
            client.engine.retransmit();
            run();
        }

        assertThat(client.handshaken).as("" + client.failure).isTrue();
    }

    // RFC 8489 §6.2.3
    @Test
    void aServerOfAnotherNameIsRefused() throws SSLException {
        End client = client(LoopbackIdentity.client(), "turn.elsewhere.test");

        handshake(client);

        assertThat(client.handshaken).isFalse();
        assertThat(client.failure).hasMessageContaining("turn.elsewhere.test");
    }

    // RFC 7443 §3: who has several protocols at one port is told which this is
    @Test
    void theProtocolIsNamed() throws SSLException {
        List<String> offered = new ArrayList<>();
        SSLEngine server = serverEngine();
        server.setHandshakeApplicationProtocolSelector((engine, protocols) -> {
            offered.addAll(protocols);
            return protocols.get(0);
        });

        handshake(client(LoopbackIdentity.client(), "localhost", server));

        assertThat(offered).containsExactly("stun.turn");
        assertThat(server.getApplicationProtocol()).isEqualTo("stun.turn");
    }

    // RFC 8489 §6.2.3 leaves it to the server to ask for one
    @Test
    void aServerThatAsksForACertificateGetsOurs() throws SSLException {
        SSLEngine server = serverEngine();
        server.setNeedClientAuth(true);
        TlsSettings ours = LoopbackIdentity.server()
                .trust(LoopbackIdentity.client().trust().orElseThrow());

        End client = client(ours, "localhost", server);
        handshake(client);

        assertThat(client.handshaken).as("" + client.failure).isTrue();
        assertThat(((X509Certificate) server.getSession().getPeerCertificates()[0])
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=localhost");
    }

    @Test
    void withoutACertificateSuchAServerRefusesUs() throws SSLException {
        SSLEngine server = serverEngine();
        server.setNeedClientAuth(true);

        End client = client(LoopbackIdentity.client(), "localhost", server);
        handshake(client);

        assertThat(client.handshaken).isFalse();
        assertThat(client.other.failure).isNotNull();
    }

    @Test
    void aServerThatNobodyTrustsIsRefused() throws SSLException {
        End client = client(TlsSettings.create(), "localhost");

        handshake(client);

        assertThat(client.handshaken).isFalse();
        assertThat(client.failure).isNotNull();
    }

    @Test
    void theEndOfTheOtherSideIsHeard() throws SSLException {
        End client = client(LoopbackIdentity.client(), "localhost");
        handshake(client);

        client.other.engine.close();
        run();

        assertThat(client.ended).isTrue();
        assertThat(client.engine.send(UTF_8.encode("late"))).isFalse();
    }

    @Test
    void rubbishAfterTheHandshakeIsIgnored() throws SSLException {
        End client = client(LoopbackIdentity.client(), "localhost");
        handshake(client);
        Random random = new Random(1);

        for (int i = 0; i < 2_000; i++) {
            byte[] rubbish = new byte[random.nextInt(200)];
            random.nextBytes(rubbish);
            if (rubbish.length > 3 && i % 2 == 0) {
                rubbish[0] = 23; // application data of DTLS 1.2
                rubbish[1] = (byte) 0xFE;
                rubbish[2] = (byte) 0xFD;
            }
            ByteBuffer datagram = ByteBuffer.wrap(rubbish);
            enqueue(client, () -> client.engine.receive(datagram));
        }
        run();
        client.other.engine.send(UTF_8.encode("still there"));
        run();

        assertThat(client.failure).isNull();
        assertThat(client.received).containsExactly("still there");
    }

    @Test
    void nothingIsSentBeforeTheHandshake() throws SSLException {
        End client = client(LoopbackIdentity.client(), "localhost");

        assertThat(client.engine.send(UTF_8.encode("early"))).isFalse();
        assertThat(steps).isEmpty();
        assertThatThrownBy(() -> TlsContexts.server(TlsSettings.create()).join())
                .hasRootCauseMessage("a TLS server needs a certificate");
    }
}
