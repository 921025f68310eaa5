// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.icepath.bench.scale.ScaleBench;
import org.icepath.bench.scale.ScaleComparison;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks, prints one table of ratios and writes it to {@code target/bench.json}.
 *
 * <p>Arguments: a regular expression of the benchmarks to run (default all; {@code Scale} for the thousand calls, {@code
 * Datapath} for packets over sockets), and how many rounds to make (default 5), each of them a fork of every benchmark and a process of
 * every crowd. Exit status 1 when
 * a bar was not held, or could not be measured.
 */
public final class Bench {

    private static final String ALL = "org.icepath.bench";
    private static final String PACKAGE = ALL + ".";
    private static final String SCALE = "Scale";
    private static final String DATAPATH = "Datapath";
    private static final List<Bar> BARS = bars();

    static final List<String> JVM_ARGUMENTS = List.of(
            "-Xms512m",
            "-Xmx512m",
            "-XX:+UseParallelGC",
            "-Dio.netty.leakDetection.level=disabled",
            "-Dio.netty.allocator.type=pooled",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

    private Bench() {}

    public static void main(String[] arguments) throws RunnerException, IOException, InterruptedException {
        String include = arguments.length > 0 && !arguments[0].isEmpty() ? arguments[0] : ALL;
        int forks = arguments.length > 1 && !arguments[1].isEmpty() ? Integer.parseInt(arguments[1]) : 5;
        List<Row> rows = new ArrayList<>();
        if (!include.equals(SCALE) && !include.equals(DATAPATH)) {
            rows.addAll(rows(include, scores(include, forks)));
        }
        if (include.equals(DATAPATH) || include.equals(ALL)) {
            rows.addAll(DatapathBench.run(forks));
        }
        if (include.equals(SCALE) || include.equals(ALL)) {
            rows.add(scale(forks));
        }

        System.out.println();
        System.out.println(Row.header());
        rows.forEach(System.out::println);
        Path json = Path.of("target", "bench.json");
        Files.createDirectories(json.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), rows);
        System.out.println("written to " + json);
        if (rows.isEmpty()) {
            System.err.println("no bar is about " + include);
        }
        if (rows.isEmpty() || !rows.stream().allMatch(Row::held)) {
            System.exit(1);
        }
    }

    private static Row scale(int rounds) throws IOException, InterruptedException {
        ScaleComparison comparison = ScaleBench.run(rounds);
        System.out.println(comparison);
        return Row.of("connect a pair among 1,000; heap an agent", comparison, "ice4j");
    }

    /** A fork of everything, and all over again: what else the machine does meanwhile falls on both sides of a ratio. */
    private static Map<String, Score> scores(String include, int rounds) throws RunnerException {
        Map<String, Score> scores = new HashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (RunResult run : new Runner(options(include)).run()) {
                String name = run.getParams().getBenchmark().replace(PACKAGE, "");
                String memory = run.getParams().getParam("memory");
                scores.merge(memory == null ? name : name + ":" + memory, Score.of(run), Score::better);
            }
        }
        return scores;
    }

    private static Options options(String include) {
        return new OptionsBuilder()
                .include(include)
                .forks(1)
                .shouldFailOnError(true) // else a benchmark that throws is left out, and its bar with it
                .addProfiler(GCProfiler.class)
                .jvmArgs(JVM_ARGUMENTS.toArray(String[]::new))
                .build();
    }

    /** @throws IllegalStateException when a bar that was asked for has no score: nothing is held that was not measured */
    private static List<Row> rows(String include, Map<String, Score> scores) {
        Pattern asked = Pattern.compile(include);
        List<Row> rows = new ArrayList<>();
        for (Bar bar : BARS) {
            boolean wanted =
                    isAsked(asked, bar.benchmark()) && (bar.opponent().isEmpty() || isAsked(asked, bar.opponent()));
            if (wanted) {
                Score ours = score(scores, bar.benchmark());
                Score other = bar.opponent().isEmpty() ? new Score(bar.limitNanos(), 0) : score(scores, bar.opponent());
                rows.add(Row.of(bar, ours, other));
            }
        }
        return rows;
    }

    private static boolean isAsked(Pattern include, String benchmark) {
        return include.matcher(PACKAGE + benchmark.replaceFirst(":.*", "")).find();
    }

    private static Score score(Map<String, Score> scores, String benchmark) {
        Score score = scores.get(benchmark);
        if (score == null) {
            throw new IllegalStateException("no score of " + benchmark + ", but of " + scores.keySet());
        }
        return score;
    }

    private static List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        for (Memory memory : Memory.values()) {
            String kind = ", " + memory.name().toLowerCase(java.util.Locale.ROOT);
            String hmac = "CodecBench.limitHmac:" + memory;
            String verify = "CodecBench.decodeAndVerify:" + memory;
            bars.add(Bar.against(hmac, 1.30, "decode and verify a check" + kind, verify));
            bars.add(Bar.against(hmac, 1.35, "encode a check" + kind, "CodecBench.encode:" + memory));
            bars.add(Bar.against(
                    "CodecBench.opponentDecode:" + memory,
                    0.30,
                    "decode every value" + kind,
                    "CodecBench.decodeEveryValue:" + memory));
            bars.add(Bar.against(
                    verify, 0.30, "refuse a wrong FINGERPRINT" + kind, "CodecBench.refuseWrongFingerprint:" + memory));
            // where this misses the bar, the machine is too slow for the next one, whoever tells the packets apart
            bars.add(Bar.within(2, "read a first byte" + kind, "DemuxBench.limitFirstByte:" + memory));
            bars.add(Bar.within(2, "tell packets apart" + kind, "DemuxBench.demux:" + memory));
            bars.add(Bar.within(3, "write ChannelData into headroom" + kind, "ChannelDataBench.write:" + memory));
            bars.add(Bar.within(3, "read ChannelData" + kind, "ChannelDataBench.read:" + memory));
        }
        return List.copyOf(bars);
    }
}
