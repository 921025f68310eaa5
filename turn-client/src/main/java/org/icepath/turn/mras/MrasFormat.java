// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the format fixes, beside its element names: kept as data, because it names a vendor and the code does not. */
final class MrasFormat {

    /** The XML namespace of requests and answers. */
    static final String NAMESPACE = property("namespace");

    private MrasFormat() {}

    private static String property(String name) {
        try (InputStream stream = MrasFormat.class.getResourceAsStream("format.properties")) {
            if (stream == null) {
                throw new IllegalStateException("format.properties is not beside its class");
            }
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty(name, "");
        } catch (IOException e) {
            throw new UncheckedIOException("format.properties cannot be read", e);
        }
    }
}
