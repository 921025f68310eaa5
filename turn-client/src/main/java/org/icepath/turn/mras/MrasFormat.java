// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What the format fixes, beside its element names: as data beside the vendor's dialect, since it names him and the code does not. */
final class MrasFormat {

    private static final String FILE = "/org/icepath/turn/ms/media-relay-service.properties";

    /** The XML namespace of requests and answers. */
    static final String NAMESPACE = property("namespace");

    private MrasFormat() {}

    private static String property(String name) {
        try (InputStream stream = MrasFormat.class.getResourceAsStream(FILE)) {
            if (stream == null) {
                throw new IllegalStateException(FILE + " is missing");
            }
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty(name, "");
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
    }
}
