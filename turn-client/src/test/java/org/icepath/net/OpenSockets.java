// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The sockets that this process had open at one time (Linux), by their names and not their number: one that another test has left and
 * that goes meanwhile makes up for none that is left.
 */
public final class OpenSockets {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Set<String> names;

    private OpenSockets(Set<String> names) {
        this.names = names;
    }

    /** Those of this moment; none where it cannot be known. */
    public static OpenSockets now() throws IOException {
        return new OpenSockets(read());
    }

    /** The last steps of closing are waited for; what leaks stays. */
    public void assertNoneOpenedSince() throws IOException {
        assertThat(settled(0, names)).isEmpty();
    }

    /** The same by number, where some are always kept open for those who come, other ones than before. */
    public void assertNoMoreThanBefore(int more) throws IOException {
        assertThat(settled(names.size() + more, Set.of())).hasSizeLessThanOrEqualTo(names.size() + more);
    }

    /** Those that are open besides these, when they are no more than so many or when that does not come about. */
    private static Set<String> settled(int most, Set<String> others) throws IOException {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (true) {
            Set<String> open = new HashSet<>(read());
            open.removeAll(others);
            if (open.size() <= most || System.nanoTime() > deadline) {
                return open;
            }
            Thread.onSpinWait();
        }
    }

    private static Set<String> read() throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return Set.of();
        }
        try (var files = Files.list(DESCRIPTORS)) {
            return files.map(OpenSockets::target)
                    .filter(target -> target.startsWith("socket:"))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException goneMeanwhile) {
            return "";
        }
    }
}
