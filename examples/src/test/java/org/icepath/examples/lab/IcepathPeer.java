// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

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
    static synchronized List<String> words(String command) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path archive = Surroundings.workDirectory().resolve("icepath.jsa");
        List<String> jar = List.of("-jar", Surroundings.jar().toString());
        if (!archived) {
            archived = true;
            archive(java, archive, jar);
        }
        List<String> words = new ArrayList<>(List.of(java.toString()));
        words.addAll(OPTIONS);
        if (Files.exists(archive)) {
            words.add("-XX:SharedArchiveFile=" + archive);
        }
        words.addAll(jar);
        words.add(command);
        return List.copyOf(words);
    }

    private static void archive(Path java, Path archive, List<String> jar) {
        List<Object> words = new ArrayList<>(List.of(java));
        words.addAll(OPTIONS);
        words.add("-XX:ArchiveClassesAtExit=" + archive);
        words.addAll(jar);
        Surroundings.makeWorkDirectory();
        // input ends at once: it gathers, loads what every run loads, and exits
        words.addAll(List.of("peer", "--address", "127.0.0.1"));
        Command.Result result = Command.of(words.toArray()).run();
        if (result.exit() != 0) {
            throw new IllegalStateException("icepath.jar peer does not run: " + result.output() + result.errors());
        }
    }
}
