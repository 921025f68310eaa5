// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A key manager of the JDK for Bouncy Castle's TLS, which asks for keys of types such as {@code EC/secp256r1}. The JDK's managers know
 * {@code EC} alone, and would have no key.
 */
final class PlainKeyTypes extends X509ExtendedKeyManager {

    private final X509KeyManager keys;

    PlainKeyTypes(X509KeyManager keys) {
        this.keys = keys;
    }

    private static String plain(String keyType) {
        int detail = keyType.indexOf('/');
        return detail < 0 ? keyType : keyType.substring(0, detail);
    }

    private static String[] plain(String[] keyTypes) {
        return Stream.of(keyTypes).map(PlainKeyTypes::plain).distinct().toArray(String[]::new);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        return keys instanceof X509ExtendedKeyManager extended
                ? extended.chooseEngineClientAlias(plain(keyTypes), issuers, engine)
                : keys.chooseClientAlias(plain(keyTypes), issuers, null);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return keys instanceof X509ExtendedKeyManager extended
                ? extended.chooseEngineServerAlias(plain(keyType), issuers, engine)
                : keys.chooseServerAlias(plain(keyType), issuers, null);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return keys.chooseClientAlias(plain(keyTypes), issuers, socket);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return keys.chooseServerAlias(plain(keyType), issuers, socket);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return keys.getClientAliases(plain(keyType), issuers);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return keys.getServerAliases(plain(keyType), issuers);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return keys.getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return keys.getPrivateKey(alias);
    }
}
