// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code icepath.jar peer} as it stands, on a virtual machine that starts fast: many short processes on few cores cost little but
 * their start. Only options of the virtual machine differ from a plain {@code java -jar}.
 */
final class IcepathPeer {

    private static final List<String> OPTIONS = List.of(
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-Xlog:disable", "-Xlog:all=error:stderr");

    private static boolean archived;

    private IcepathPeer() {}

    /** The words of the command; the first call makes an archive of the program's loaded classes. */
    static List<String> words() {
        return words("peer");
    }

    /** The words of another command of the program. */
    static List<String> words(String command) {
        List<String> words = new ArrayList<>(virtualMachine());
        words.addAll(List.of("-jar", Surroundings.jar().toString()));
        words.add(command);
        return List.copyOf(words);
    }

    /** The virtual machine and its options. */
    static synchronized List<String> virtualMachine() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path archive = Surroundings.workDirectory().resolve("icepath.jsa");
        if (!archived) {
            archived = true;
            archive(java, archive);
        }
        List<String> words = new ArrayList<>(List.of(java.toString()));
        words.addAll(OPTIONS);
        if (Files.exists(archive)) {
            words.add("-XX:SharedArchiveFile=" + archive);
        }
        return List.copyOf(words);
    }

    private static void archive(Path java, Path archive) {
        Surroundings.makeWorkDirectory();
        try {
            new ClassArchive(java, OPTIONS, Surroundings.jar()).write(archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the classes of icepath.jar were archived", e);
        }
    }
}
