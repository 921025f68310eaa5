// SPDX-License-Identifier: Apache-2.0
package org.icepath.connection;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who is trusted and who we are, on TLS and DTLS connections. Immutable; its methods return copies.
 *
 * <p>The server's certificate must be valid for the name that it was asked for (RFC 8489 §6.2.3), and a redirection does not change
 * that name.
 */
public final class TlsSettings {

    /** Who carries TLS out. */
    public enum Provider {
        /** The JDK's own: the default. */
        JDK,
        /** Bouncy Castle's, which is not registered with the JDK for it. */
        BOUNCY_CASTLE
    }

    private static final TlsSettings DEFAULT = new TlsSettings(Provider.JDK, null, null, true);

    private final Provider provider;
    private final @Nullable X509TrustManager trust;
    private final @Nullable X509KeyManager identity;
    private final boolean verifiesHostName;

    private TlsSettings(
            Provider provider,
            @Nullable X509TrustManager trust,
            @Nullable X509KeyManager identity,
            boolean verifiesHostName) {
        this.provider = Objects.requireNonNull(provider, "provider");
        this.trust = trust;
        this.identity = identity;
        this.verifiesHostName = verifiesHostName;
    }

    /** The JDK's TLS, the trust of the platform, no client certificate, and host names verified. */
    public static TlsSettings create() {
        return DEFAULT;
    }

    /** The same with another implementation of TLS; DTLS is not concerned. */
    public TlsSettings withProvider(Provider other) {
        return new TlsSettings(other, trust, identity, verifiesHostName);
    }

    /** The same with this trust in place of the platform's. */
    public TlsSettings trust(X509TrustManager manager) {
        return new TlsSettings(provider, Objects.requireNonNull(manager, "manager"), identity, verifiesHostName);
    }

    /**
     * The same with trust in these certificates only, and in what they have signed.
     *
     * @throws IllegalArgumentException if there is none, or the platform does not take them
     */
    public TlsSettings trustOnly(Collection<? extends Certificate> certificates) {
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("no certificate to trust");
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("trusted-" + number++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return trust((X509TrustManager) factory.getTrustManagers()[0]);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("these certificates cannot be trusted: " + e.getMessage(), e);
        }
    }

    /**
     * The same with trust in the certificates of a PEM text only.
     *
     * @param pem read to its end, and not closed
     * @throws IllegalArgumentException if it holds no certificate
     */
    public TlsSettings trustOnly(InputStream pem) {
        try {
            return trustOnly(CertificateFactory.getInstance("X.509").generateCertificates(pem));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no certificates in PEM: " + e.getMessage(), e);
        }
    }

    /** The same with a certificate of ours for servers that ask for one. */
    public TlsSettings identity(X509KeyManager manager) {
        return new TlsSettings(provider, trust, Objects.requireNonNull(manager, "manager"), verifiesHostName);
    }

    /**
     * The same with a certificate of ours that is read from PEM.
     *
     * @param chain our certificate, and those that lead to its root; read to its end, and not closed
     * @param key its private key in PKCS #8, unencrypted; likewise
     * @throws IllegalArgumentException if they are something else
     */
    public TlsSettings identity(InputStream chain, InputStream key) {
        return identity(PemIdentity.read(chain, key));
    }

    /**
     * The same without a look at the name in the server's certificate, which is then worth no more than the trust in whoever signed it.
     */
    public TlsSettings withoutHostNameVerification() {
        return new TlsSettings(provider, trust, identity, false);
    }

    /** Who carries TLS out. */
    public Provider provider() {
        return provider;
    }

    /** Who is trusted; empty for whom the platform trusts. */
    public Optional<X509TrustManager> trust() {
        return Optional.ofNullable(trust);
    }

    /** Who we are; empty for nobody in particular. */
    public Optional<X509KeyManager> identity() {
        return Optional.ofNullable(identity);
    }

    /** Whether the server's certificate must be for its name. */
    public boolean verifiesHostName() {
        return verifiesHostName;
    }

    @Override
    public String toString() {
        return "TlsSettings[" + provider + (trust == null ? "" : ", trust of its own")
                + (identity == null ? "" : ", client certificate") + (verifiesHostName ? "]" : ", any host name]");
    }
}
