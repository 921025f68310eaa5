// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Packets sent and received over loopback on one event loop, the next ones when all before have arrived: through connected agents, and
 * through bare channels of the same kind with the same allocator; one at a time or in bursts. Relayed ones go to the same relay and
 * back, as ChannelData: over an agent's allocation, and over a bare channel.
 *
 * <p>The speed of a shared machine changes within a second, by more than what is to be seen. So each of the two has a process of its own,
 * they take turns of some milliseconds, and what counts is the median of the ratios of neighbours.
 *
 * <p>Bytes are counted apart, by a compiler that removes no object. The other one removes some or not as it happens to inline: Netty's copy
 * of the address that a packet goes to stays in about every fifth process, 24 bytes a packet, whoever sends.
 */
final class DatapathBench {

    private static final int WARM_UPS = 120;
    private static final int TURNS = 120;
    private static final int COUNTED = 20;
    private static final String KEEPS_ALL_OBJECTS = "-XX:TieredStopAtLevel=1";

    private DatapathBench() {}

    /** The lanes that have a bar, ours and what they are measured against. */
    static List<Row> run(int forks) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Comparison each : COMPARISONS) {
            rows.add(each.row(forks));
        }
        return rows;
    }

    private static final List<Comparison> COMPARISONS = List.of(
            new Comparison("send and receive a packet", Way.AGENTS, Way.BARE, 1.15, 3_000),
            new Comparison("send to a relay and receive from it", Way.RELAYED, Way.BARE_RELAYED, 1.15, 2_000),
            new Comparison("a packet of a burst", Way.AGENT_BURSTS, Way.BARE_BURSTS, 1.5, 32_000),
            new Comparison(
                    "a packet of a burst to a relay and back",
                    Way.RELAYED_BURSTS,
                    Way.BARE_RELAYED_BURSTS,
                    1.5,
                    16_000));

    /**
     * Two lanes.
     *
     * @param ratio the most that ours may cost
     * @param packets of one turn
     */
    private record Comparison(String name, Way ours, Way bare, double ratio, int packets) {

        Row row(int forks) throws IOException {
            List<Turns> runs = new ArrayList<>();
            for (int i = 0; i < forks; i++) {
                runs.add(take());
            }
            Turns middle = runs.stream()
                    .sorted(Comparator.comparingDouble(Turns::ratio))
                    .toList()
                    .get(forks / 2);
            return Row.of(
                    Bar.overBare(bare.name(), ratio, name, ours.name()),
                    new Score(middle.ours.nanos(), bytes(ours)),
                    new Score(middle.bare.nanos(), bytes(bare)),
                    middle.ratio);
        }

        /** Of a packet, in the turn with the fewest: what else a process does now and then, such as loading classes, only adds. */
        private double bytes(Way way) throws IOException {
            double fewest = Double.MAX_VALUE;
            try (Trial trial = new Trial(way, KEEPS_ALL_OBJECTS)) {
                for (int i = 0; i < COUNTED; i++) {
                    fewest = Math.min(fewest, trial.round(packets).bytes());
                }
            }
            return fewest;
        }

        private Turns take() throws IOException {
            List<Score> mine = new ArrayList<>();
            List<Score> others = new ArrayList<>();
            try (Trial first = new Trial(ours);
                    Trial second = new Trial(bare)) {
                for (int i = 0; i < WARM_UPS + TURNS; i++) {
                    Score one = first.round(packets);
                    Score other = second.round(packets);
                    if (i >= WARM_UPS) {
                        mine.add(one);
                        others.add(other);
                    }
                }
            }
            return Turns.of(mine, others);
        }
    }

    /** What came of two processes that took turns. */
    private record Turns(Score ours, Score bare, double ratio) {

        static Turns of(List<Score> ours, List<Score> bare) {
            double[] ratios = new double[ours.size()];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = ours.get(i).nanos() / bare.get(i).nanos();
            }
            Turns turns = new Turns(middle(ours), middle(bare), middle(ratios));
            System.out.printf(
                    "%9.1f ns, bare %9.1f ns, ratio %.3f%n", turns.ours.nanos(), turns.bare.nanos(), turns.ratio);
            return turns;
        }

        private static Score middle(List<Score> scores) {
            return new Score(middle(scores, Score::nanos), middle(scores, Score::bytes));
        }

        private static double middle(List<Score> scores, ToDoubleFunction<Score> figure) {
            return middle(scores.stream().mapToDouble(figure).toArray());
        }

        private static double middle(double[] figures) {
            java.util.Arrays.sort(figures);
            return figures[figures.length / 2];
        }
    }

    /** A process with a lane. */
    private static final class Trial implements AutoCloseable {

        private final Process process;
        private final Writer in;
        private final BufferedReader out;

        Trial(Way way, String... options) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.addAll(Bench.JVM_ARGUMENTS);
            command.addAll(List.of(options));
            command.addAll(List.of(LaneTrial.class.getName(), way.name()));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        Score round(int packets) throws IOException {
            in.write(packets + "\n");
            in.flush();
            String line = out.readLine();
            if (line == null) {
                throw new IOException("a lane has ended");
            }
            int space = line.indexOf(' ');
            return new Score(
                    Double.parseDouble(line.substring(0, space)), Double.parseDouble(line.substring(space + 1)));
        }

        @Override
        public void close() throws IOException {
            in.close();
            process.destroy();
        }
    }
}
