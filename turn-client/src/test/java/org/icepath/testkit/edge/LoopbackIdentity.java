// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.icepath.connection.TlsSettings;

/**
 * A certificate for {@code localhost}, {@code turn.example.test} and the loopback addresses, signed by itself. Its key is in the test kit
 * for everyone to read: trust it in tests only.
 */
public final class LoopbackIdentity {

    private LoopbackIdentity() {}

    /** What a server with this certificate is set up with. */
    public static TlsSettings server() {
        try (InputStream chain = resource("loopback.pem");
                InputStream key = resource("loopback-key.pem")) {
            return TlsSettings.create().identity(chain, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a client has that trusts this certificate and no other one. */
    public static TlsSettings client() {
        try (InputStream pem = resource("loopback.pem")) {
            return TlsSettings.create().trustOnly(pem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(LoopbackIdentity.class.getResourceAsStream(name), name);
    }
}
