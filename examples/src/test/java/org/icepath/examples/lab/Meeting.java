// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.icepath.examples.lab.Network.Side;

/**
 * Two programs that are to meet in a network. The carrier of their descriptions and judge of their data is {@code meet}, which
 * knows neither of them.
 *
 * @param network where
 * @param controlling the program in place A, unless {@code options} turn the roles
 * @param controlled the program in place B
 * @param hold how long they stay connected before the selected pairs are read
 * @param patience how long they may take
 * @param options further options of {@code meet}
 */
record Meeting(
        Network network,
        Program controlling,
        Program controlled,
        Duration hold,
        Duration patience,
        List<String> options)
        implements Cell.Encounter {

    /** A browser takes its time to start where others start, too, and calls what it has found all three seconds after the last. */
    private static final Duration UNTIL_DESCRIBED = Duration.ofSeconds(30);

    Meeting {
        options = List.copyOf(options);
    }

    static Meeting of(Network network, Program controlling, Program controlled) {
        return new Meeting(network, controlling, controlled, Duration.ZERO, Duration.ofSeconds(30), List.of());
    }

    /** The same, with its selected pairs read later. */
    Meeting holding(Duration time) {
        return new Meeting(network, controlling, controlled, time, patience, options);
    }

    /** The same, with what passes the wire of place A written to a capture file. */
    Meeting capturedTo(Path file) {
        return with("--pcap", file.toString(), "--pcap-if", "ice0");
    }

    /** The same, with further options of {@code meet}. */
    Meeting with(String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return new Meeting(network, controlling, controlled, hold, patience, all);
    }

    /**
     * Lets it happen.
     *
     * @param log what the two said, line by line, goes to this file and the verdict to one beside it
     */
    @Override
    public Outcome run(Path log) {
        Command.Result result = Command.of(words().toArray())
                .within(UNTIL_DESCRIBED.plus(patience).plus(hold).plusSeconds(25))
                .run();
        try {
            Files.createDirectories(log.getParent());
            Files.writeString(log, result.errors());
            Files.writeString(log.resolveSibling(log.getFileName() + ".json"), result.output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Outcome.of(result);
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(Surroundings.shared().resolve("interop/meet").toString());
        words.addAll(List.of("--verbose", "--timeout", Long.toString(patience.toSeconds())));
        words.addAll(List.of("--gather-timeout", Long.toString(UNTIL_DESCRIBED.toSeconds())));
        words.addAll(List.of("--a-netns", network.namespace(Side.A), "--b-netns", network.namespace(Side.B)));
        words.addAll(List.of("-a", controlling.command(), "-b", controlled.command()));
        words.addAll(options);
        if (!hold.isZero()) {
            words.addAll(List.of("--hold", Double.toString(hold.toMillis() / 1000.0)));
        }
        return words;
    }
}
