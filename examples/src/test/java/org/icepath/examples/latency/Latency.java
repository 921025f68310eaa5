// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.latency;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.icepath.examples.lab.Network;

/**
 * Measures, prints one table and writes it to {@code target/latency.json}.
 *
 * <p>Arguments: how many calls of each kind (default 200), and a regular expression that the names of the experiments must contain
 * (default all). Exit status 1 when a bar was not held.
 */
public final class Latency {

    private static final int CALLS = 200;
    private static final int COLD_CALLS = 5;
    private static final int WARM_UP = 3_000;
    private static final int BEAT_MILLIS = 5;

    /** Of fewer distances there is nothing to be said: the callee of a call with one pair begins one transaction. */
    private static final int ENOUGH = 10;

    private final int calls;
    private final Pattern include;
    private final LatencyNetwork network;
    private final List<Row> rows = new ArrayList<>();

    private Latency(int calls, Pattern include, LatencyNetwork network) {
        this.calls = calls;
        this.include = include;
        this.network = network;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int calls = arguments.length > 0 && !arguments[0].isEmpty() ? Integer.parseInt(arguments[0]) : CALLS;
        Pattern include = Pattern.compile(arguments.length > 1 ? arguments[1] : "");
        List<Row> rows;
        try (LatencyNetwork network = new LatencyNetwork()) {
            rows = new Latency(calls, include, network).measure();
        }
        if (include.matcher(RelayGathering.NAME).find()) {
            for (Row row : RelayGathering.measure(calls)) {
                rows.add(row);
                System.out.println(row);
            }
        }
        Path json = Path.of("target", "latency.json");
        Files.createDirectories(json.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(json.toFile(), rows);
        System.out.println("written to " + json);
        if (!rows.stream().allMatch(Row::held)) {
            System.exit(1);
        }
    }

    private List<Row> measure() throws IOException, InterruptedException {
        System.out.println(Row.header());
        cold();
        try (PeerProcess caller = PeerProcess.start(network.namespace(Network.Side.A));
                PeerProcess callee = PeerProcess.start(network.namespace(Network.Side.B))) {
            network.prepare(Experiment.warmUp());
            samples(Experiment.warmUp(), caller, callee, WARM_UP);
            for (Experiment experiment : Experiment.all()) {
                if (include.matcher(experiment.name()).find()) {
                    warm(experiment, caller, callee);
                }
            }
        }
        return rows;
    }

    /** The first call of fresh processes. */
    private void cold() throws IOException {
        Experiment experiment = Experiment.warmUp();
        network.prepare(experiment);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < COLD_CALLS; i++) {
            try (PeerProcess caller = PeerProcess.start(network.namespace(Network.Side.A));
                    PeerProcess callee = PeerProcess.start(network.namespace(Network.Side.B))) {
                samples.addAll(samples(experiment, caller, callee, 1));
            }
        }
        add("cold, " + experiment.name() + ": data both ways", samples, Sample::data, 0);
        add("cold, " + experiment.name() + ": both selected", samples, Sample::selected, 0);
    }

    private void warm(Experiment experiment, PeerProcess caller, PeerProcess callee)
            throws IOException, InterruptedException {
        network.prepare(experiment);
        samples(experiment, caller, callee, 3); // neighbours are known, the relays of a delay are up
        try (Capture callerSends = Capture.of(network.namespace(Network.Side.A), LatencyNetwork.CALLEE);
                Capture calleeSends = Capture.of(network.namespace(Network.Side.B), LatencyNetwork.CALLER)) {
            samples(experiment, caller, callee, 1);
            List<Sample> samples = samples(experiment, caller, callee, calls);
            add(experiment.name() + ": data both ways", samples, Sample::data, experiment.dataMillis());
            add(experiment.name() + ": both selected", samples, Sample::selected, experiment.selectedMillis());
            pacing(experiment, "caller", callerSends.gaps());
            pacing(experiment, "callee", calleeSends.gaps());
        }
    }

    private static List<Sample> samples(Experiment experiment, PeerProcess caller, PeerProcess callee, int count)
            throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(call(experiment, caller, callee));
        }
        return samples;
    }

    private static Sample call(Experiment experiment, PeerProcess caller, PeerProcess callee) throws IOException {
        // agents of one runtime share the beat: the first check of
        // a call must not wait for the last one of the call before
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2 * BEAT_MILLIS));
        String offer = caller.ask("offer " + settings(Network.Side.A, experiment), "description")[0];
        String answer = callee.ask("answer " + settings(Network.Side.B, experiment) + " " + offer, "description")[0];
        Sample sample = Sample.of(caller.ask("accept " + answer, "result"), callee.hear("result"));
        caller.ask("close", "closed");
        callee.ask("close", "closed");
        return sample;
    }

    private static String settings(Network.Side side, Experiment experiment) {
        return experiment.taMillis() + " " + LatencyNetwork.addresses(side, experiment);
    }

    private void add(String what, List<Sample> samples, ToLongFunction<Sample> measure, double bar) {
        long[] nanos = samples.stream().mapToLong(measure).sorted().toArray();
        add(Row.of(what, nanos, bar));
    }

    /** RFC 8445 §14.2: Ta within an agent, 5 ms between agents. */
    private void pacing(Experiment experiment, String side, Capture.Gaps gaps) {
        distance(experiment.name() + ": " + side + "'s new checks apart", gaps.ofOneAgent(), experiment.taMillis());
        distance(experiment.name() + ": " + side + "'s agents' checks apart", gaps.ofAll(), BEAT_MILLIS);
    }

    private void distance(String what, long[] nanos, double bar) {
        if (nanos.length >= ENOUGH) {
            add(Row.least(what, nanos, bar));
        }
    }

    private void add(Row row) {
        rows.add(row);
        System.out.println(row);
    }
}
