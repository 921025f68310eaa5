// SPDX-License-Identifier: Apache-2.0
package org.icepath.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/** A certificate chain and its private key, read from PEM. */
final class PemIdentity {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private PemIdentity() {}

    static X509KeyManager read(InputStream chain, InputStream key) {
        try {
            Certificate[] certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(chain)
                    .toArray(Certificate[]::new);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("identity", privateKey(key), new char[0], certificates);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, new char[0]);
            for (KeyManager manager : factory.getKeyManagers()) {
                if (manager instanceof X509KeyManager found) {
                    return found;
                }
            }
            throw new IllegalArgumentException("the platform has no key manager for X.509");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("not a certificate and its key in PEM: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(InputStream pem) throws IOException, GeneralSecurityException {
        Matcher found = KEY.matcher(new String(pem.readAllBytes(), US_ASCII));
        if (!found.find()) {
            throw new IllegalArgumentException("no unencrypted private key in PKCS #8, as \"openssl pkcs8\" writes it");
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException anotherOne) {
                continue;
            }
        }
        throw new IllegalArgumentException("a private key of none of " + ALGORITHMS);
    }
}
