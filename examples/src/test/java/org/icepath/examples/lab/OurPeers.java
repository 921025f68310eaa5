// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** Peers of our own on other implementations; their sources are resources of these tests. */
final class OurPeers {

    private OurPeers() {}

    /** The program on libnice, built if it is not there yet. */
    static synchronized Path libnice() {
        Path program = Surroundings.workDirectory().resolve("libnice-peer");
        if (!Files.isExecutable(program)) {
            Path source = copied("libnice-peer.c");
            String compile = "gcc -O1 -Wall -o '" + program + "' '" + source
                    + "' $(pkg-config --cflags --libs nice json-glib-1.0)";
            Command.of("sh", "-c", compile).output();
        }
        return program;
    }

    /** The script that drives Chromium; its page lies beside it. */
    static Path chromium() {
        try {
            return Path.of(Objects.requireNonNull(OurPeers.class.getResource("chromium-peer.mjs"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path copied(String resource) {
        Surroundings.makeWorkDirectory();
        Path copy = Surroundings.workDirectory().resolve(resource);
        try (InputStream source = Objects.requireNonNull(OurPeers.class.getResourceAsStream(resource))) {
            Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }
}
