// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.icepath.Icepath;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.turn.TurnServer;

/**
 * A program for a host of the lab: how long a relayed candidate takes from a pool at its best and as it is, and a direct path
 * between two sessions on this host, without servers and with the pool. Prints the medians in milliseconds, one a line.
 */
public final class PoolProbe {

    private static final int WARM_UP = 10;
    private static final int TIMES = 7;
    private static final int PATIENCE_SECONDS = 20;

    private final IceRuntime runtime;

    private PoolProbe(IceRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Runs it.
     *
     * @param arguments the URIs of the pool at its best and as it is, user name and password
     */
    public static void main(String[] arguments) throws Exception {
        IceConfig plain = IceConfig.create().stream("audio", Candidate.RTP);
        IceConfig best = plain.turnServer(TurnServer.parse(arguments[0]).credentials(arguments[2], arguments[3]));
        IceConfig pool = plain.turnServer(TurnServer.parse(arguments[1]).credentials(arguments[2], arguments[3]));
        try (IceRuntime runtime = Icepath.start()) {
            PoolProbe probe = new PoolProbe(runtime);
            for (int i = 0; i < WARM_UP; i++) {
                probe.relayed(best);
                probe.direct(plain);
            }
            System.out.println("relayed by the best: " + median(() -> probe.relayed(best)));
            System.out.println("relayed by the pool: " + median(() -> probe.relayed(pool)));
            System.out.println("direct without: " + median(() -> probe.direct(plain)));
            System.out.println("direct with the pool: " + median(() -> probe.direct(pool)));
        }
    }

    private interface Measurement {
        long nanos() throws Exception;
    }

    private static long median(Measurement measurement) throws Exception {
        long[] nanos = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            nanos[i] = measurement.nanos();
        }
        Arrays.sort(nanos);
        return TimeUnit.NANOSECONDS.toMillis(nanos[TIMES / 2]);
    }

    private long relayed(IceConfig config) throws Exception {
        CompletableFuture<Long> relayed = new CompletableFuture<>();
        try (IceSession session = runtime.open(config)) {
            session.onEvent(event -> {
                if (event instanceof IceEvent.CandidateGathered found
                        && found.candidate().type() == CandidateType.RELAYED) {
                    relayed.complete(System.nanoTime());
                }
            });
            long begun = System.nanoTime();
            session.offer().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return relayed.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - begun;
        }
    }

    private long direct(IceConfig config) throws Exception {
        try (IceSession caller = runtime.open(config.trickle());
                IceSession callee = runtime.open(
                        IceConfig.create().stream("audio", Candidate.RTP).trickle())) {
            long begun = System.nanoTime();
            IceAnswer answer = callee.answer(caller.offer().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            List<CompletableFuture<Void>> ready = List.of(
                    caller.accept(answer.description())
                            .path("audio", Candidate.RTP)
                            .ready(),
                    answer.peer().path("audio", Candidate.RTP).ready());
            for (CompletableFuture<Void> each : ready) {
                each.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            return System.nanoTime() - begun;
        }
    }
}
