// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The peer on top of libnice: built once, in a copy, because the shared directory is not written to. */
final class LibnicePeer {

    private LibnicePeer() {}

    /** The program, built if it is not there yet. */
    static synchronized Path executable() {
        Path directory = Surroundings.workDirectory().resolve("libnice");
        Path program = directory.resolve("peer-libnice");
        if (!Files.isExecutable(program)) {
            build(directory);
        }
        return program;
    }

    private static void build(Path directory) {
        Path sources = Surroundings.shared().resolve("interop/src/libnice");
        try {
            Files.createDirectories(directory);
            for (String file : new String[] {"Makefile", "peer-libnice.c"}) {
                Files.copy(sources.resolve(file), directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Command.of("make", "-s", "-C", directory).output();
    }
}
