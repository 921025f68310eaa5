// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** Trusts whoever is there: for tests on networks of one's own. The library offers no such thing. */
final class AnyCertificate implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
