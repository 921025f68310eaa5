// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
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

    private final Map<TlsSettings, CompletableFuture<SslContext>> contexts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TlsSettings, CompletableFuture<SslContext>> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /** The context of a client; fails with {@link SSLException}, wrapped. Any thread. */
    synchronized CompletableFuture<SslContext> client(TlsSettings settings) {
        return contexts.computeIfAbsent(settings, added -> CompletableFuture.supplyAsync(() -> make(added)));
    }

    /** The context of a server whose certificate is the identity of the settings; fails likewise. Any thread. */
    static CompletableFuture<SslContext> server(TlsSettings settings) {
        return CompletableFuture.supplyAsync(() -> {
            KeyManager identity = settings.identity()
                    .orElseThrow(() -> new IllegalArgumentException("a TLS server needs a certificate"));
            return build(SslContextBuilder.forServer(identity), settings);
        });
    }

    private static SslContext make(TlsSettings settings) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .endpointIdentificationAlgorithm(settings.verifiesHostName() ? "HTTPS" : null);
        settings.identity().ifPresent(builder::keyManager);
        return build(builder, settings);
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
            builder.sslContextProvider(new BouncyCastleJsseProvider());
        }
        try {
            return builder.build();
        } catch (SSLException unusable) {
            throw new CompletionException(unusable);
        }
    }
}
