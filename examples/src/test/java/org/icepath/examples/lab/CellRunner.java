// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs all meetings of a cell, some at a time. */
final class CellRunner {

    private static final int RUNS = Integer.getInteger("icepath.lab.runs", 20);
    private static final int FEW = Integer.getInteger("icepath.lab.runs", 3);
    private static final int PARALLEL =
            Integer.getInteger("icepath.lab.parallel", 3 * Runtime.getRuntime().availableProcessors());

    private CellRunner() {}

    /** Runs a cell; files of its runs go to {@code target/lab/CELL}. */
    static CellResult run(Cell cell) throws InterruptedException {
        return run(cell, PARALLEL, RUNS);
    }

    /** Runs a cell a few times only, where nothing is a matter of luck; {@code icepath.lab.runs} makes them more. */
    static CellResult runFew(Cell cell) throws InterruptedException {
        return run(cell, PARALLEL, FEW);
    }

    /** Runs a cell so many times, so many of its runs at a time. */
    static CellResult run(Cell cell, int parallel, int runs) throws InterruptedException {
        Path directory = Surroundings.workDirectory().resolve(cell.name());
        ExecutorService workers = Executors.newFixedThreadPool(parallel);
        try {
            List<Future<Outcome>> running = new ArrayList<>();
            for (int run = 0; run < runs; run++) {
                Cell.Encounter meeting = cell.meetings().apply(run);
                Path log = directory.resolve("run-%02d".formatted(run));
                running.add(workers.submit(() -> meeting.run(log)));
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> run : running) {
                outcomes.add(run.get());
            }
            return CellResult.of(cell, outcomes);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cell " + cell.name(), e.getCause());
        } finally {
            workers.shutdownNow();
        }
    }
}
