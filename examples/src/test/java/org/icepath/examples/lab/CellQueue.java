// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the meetings of cells in order, so many at a time, whichever cell they are of: while those of one cell hold their pairs or wait for
 * what does not come, those of the next one start.
 */
final class CellQueue implements AutoCloseable {

    /** A cell under way. */
    private record Running(Cell cell, List<Future<Outcome>> outcomes) {}

    private final ExecutorService workers;
    private final Map<String, Running> cells = new HashMap<>();

    /** @param parallel how many meetings at a time */
    CellQueue(int parallel) {
        this.workers = Executors.newFixedThreadPool(parallel);
    }

    /** Has a cell run so many times, after all that were added before; files of its runs go to {@code target/lab/CELL}. */
    void add(Cell cell, int runs) {
        Path directory = Surroundings.workDirectory().resolve(cell.name());
        List<Future<Outcome>> outcomes = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            Cell.Encounter meeting = cell.meetings().apply(run);
            Path log = directory.resolve("run-%02d".formatted(run));
            outcomes.add(workers.submit(() -> meeting.run(log)));
        }
        cells.put(cell.name(), new Running(cell, outcomes));
    }

    /** What came of a cell, once all its runs are over. */
    CellResult result(String name) throws InterruptedException {
        Running running = cells.get(name);
        if (running == null) {
            throw new IllegalArgumentException("no cell " + name);
        }
        try {
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> outcome : running.outcomes()) {
                outcomes.add(outcome.get());
            }
            return CellResult.of(running.cell(), outcomes);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cell " + name, e.getCause());
        }
    }

    /** Ends what still runs. */
    @Override
    public void close() {
        workers.shutdownNow();
    }
}
