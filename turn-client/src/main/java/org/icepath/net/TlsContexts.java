// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.icepath.connection.TlsSettings;

/**
 * What TLS connections begin with: made once for each {@link TlsSettings}, and not on an event loop, since reading the trust of the
 * platform takes some 100 ms. Thread-safe.
 */
final class TlsContexts {

    /** The application protocol of TURN (RFC 7443 §2). */
    static final String ALPN = "stun.turn";

    private static final int MOST_KEPT = 16;
    private static final int LARGEST_DATAGRAM = 4_096;

    private final Map<TlsSettings, CompletableFuture<SslContext>> contexts = new Latest<>();
    private final Map<TlsSettings, CompletableFuture<SSLContext>> datagrams = new Latest<>();

    /** The settings that were used last. */
    private static final class Latest<T> extends LinkedHashMap<TlsSettings, T> {
        private static final long serialVersionUID = 1L;

        Latest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<TlsSettings, T> eldest) {
            return size() > MOST_KEPT;
        }
    }

    /** The context of a client; fails with {@link SSLException}, wrapped. Any thread. */
    synchronized CompletableFuture<SslContext> client(TlsSettings settings) {
        return contexts.computeIfAbsent(settings, added -> CompletableFuture.supplyAsync(() -> make(added)));
    }

    /** The context of a client over datagrams; fails likewise. Any thread. */
    synchronized CompletableFuture<SSLContext> datagrams(TlsSettings settings) {
        return datagrams.computeIfAbsent(
                settings,
                added -> CompletableFuture.supplyAsync(() -> {
                    try {
                        SSLContext context = SSLContext.getInstance("DTLS");
                        KeyManager[] identity = settings.identity()
                                .map(manager -> new KeyManager[] {manager})
                                .orElse(null);
                        TrustManager[] trust = settings.trust()
                                .map(manager -> new TrustManager[] {manager})
                                .orElse(null);
                        context.init(identity, trust, null);
                        return context;
                    } catch (GeneralSecurityException unusable) {
                        throw new CompletionException(unusable);
                    }
                }));
    }

    /** What protects the datagrams of one client. */
    static SSLEngine engine(SSLContext context, TlsSettings settings, String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {ALPN});
        parameters.setProtocols(new String[] {"DTLSv1.2"});
        parameters.setMaximumPacketSize(LARGEST_DATAGRAM);
        if (settings.verifiesHostName()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The context of a server whose certificate is the identity of the settings; fails likewise. Any thread. */
    static CompletableFuture<SslContext> server(TlsSettings settings) {
        return CompletableFuture.supplyAsync(() -> {
            KeyManager identity = identity(settings)
                    .orElseThrow(() -> new IllegalArgumentException("a TLS server needs a certificate"));
            return build(SslContextBuilder.forServer(identity), settings);
        });
    }

    private static SslContext make(TlsSettings settings) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .endpointIdentificationAlgorithm(settings.verifiesHostName() ? "HTTPS" : null);
        identity(settings).ifPresent(builder::keyManager);
        return build(builder, settings);
    }

    private static Optional<KeyManager> identity(TlsSettings settings) {
        boolean bouncyCastle = settings.provider() == TlsSettings.Provider.BOUNCY_CASTLE;
        return settings.identity().map(keys -> bouncyCastle ? new PlainKeyTypes(keys) : keys);
    }

    private static SslContext build(SslContextBuilder builder, TlsSettings settings) {
        builder.sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ALPN));
        settings.trust().ifPresent(builder::trustManager);
        if (settings.provider() == TlsSettings.Provider.BOUNCY_CASTLE) {
            builder.sslContextProvider(new BouncyCastleJsseProvider(new BouncyCastleProvider()));
        }
        try {
            return builder.build();
        } catch (SSLException unusable) {
            throw new CompletionException(unusable);
        }
    }
}
