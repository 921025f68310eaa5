// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.shared;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory {@code shared/vectors} beside the project.
 *
 * <p>Its files have licences of their own, so tests read them where they lie, and are skipped with {@link #ABSENT} as their
 * message where the directory is missing.
 */
public final class SharedVectors {

    /** What a skipped test says. */
    public static final String ABSENT = "no directory shared/vectors beside the project: nothing to compare with";

    private SharedVectors() {}

    /** The directory, looked for in the working directory and in each one above it. */
    public static Optional<Path> directory() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path candidate = at.resolve("shared").resolve("vectors");
            if (Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * A file or directory in it.
     *
     * @param name relative to the directory, with slashes
     * @return empty when there is none
     */
    public static Optional<Path> find(String name) {
        return directory().map(directory -> directory.resolve(name)).filter(Files::exists);
    }
}
