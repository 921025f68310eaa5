// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the suite finds what it runs, and whether it can run here at all. */
final class Surroundings {

    private static final List<String> PROGRAMS =
            List.of("python3", "ip", "nft", "conntrack", "turnserver", "openssl", "node", "chromium", "gcc", "make");

    private Surroundings() {}

    /** Why the suite cannot run here; empty if it can. */
    static Optional<String> obstacle() {
        Optional<Path> shared = findShared();
        if (shared.isEmpty()) {
            return Optional.of("no directory 'shared' beside the checkout with lab/lab and interop/meet in it;"
                    + " -Dicepath.shared=DIR names another");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces need root");
        }
        return PROGRAMS.stream()
                .filter(program -> !onPath(program))
                .findFirst()
                .map(program -> "the program '" + program + "' is not installed; .ci/run lists the packages");
    }

    /** The directory with the lab and the other implementations; never written to. */
    static Path shared() {
        return findShared().orElseThrow(() -> new IllegalStateException("no shared directory"));
    }

    /** A file or directory below {@link #shared()}, if it is there. */
    static Optional<Path> shared(String path) {
        return findShared().map(shared -> shared.resolve(path)).filter(Files::exists);
    }

    /** Where the suite writes. */
    static Path workDirectory() {
        return Path.of("target", "lab").toAbsolutePath();
    }

    /** Makes the directory that the suite writes to; a fresh checkout has none. */
    static void makeWorkDirectory() {
        try {
            Files.createDirectories(workDirectory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The packaged program. */
    static Path jar() {
        return Path.of(System.getProperty("icepath.jar", "target/icepath.jar")).toAbsolutePath();
    }

    static boolean onPath(String program) {
        for (String directory : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return Files.isExecutable(Path.of("/usr/sbin", program)) || Files.isExecutable(Path.of("/sbin", program));
    }

    private static Optional<Path> findShared() {
        String named = System.getProperty("icepath.shared", "");
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named).toAbsolutePath()).filter(Surroundings::isShared);
        }
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path sibling = at.resolve("shared");
            if (isShared(sibling)) {
                return Optional.of(sibling);
            }
        }
        return Optional.empty();
    }

    private static boolean isShared(Path directory) {
        return Files.isExecutable(directory.resolve("lab/lab"))
                && Files.isExecutable(directory.resolve("interop/meet"));
    }
}
