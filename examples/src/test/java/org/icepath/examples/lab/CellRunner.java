// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

/** How often cells run, and how many of their meetings at a time. */
final class CellRunner {

    /** The meetings of a cell. */
    static final int RUNS = Integer.getInteger("icepath.lab.runs", 20);

    /** Those of a cell where nothing is a matter of luck; {@code icepath.lab.runs} makes them more. */
    static final int FEW = Integer.getInteger("icepath.lab.runs", 3);

    /** Meetings at a time. */
    static final int PARALLEL =
            Integer.getInteger("icepath.lab.parallel", 3 * Runtime.getRuntime().availableProcessors());

    private CellRunner() {}

    /** Runs a cell; files of its runs go to {@code target/lab/CELL}. */
    static CellResult run(Cell cell) throws InterruptedException {
        return run(cell, PARALLEL, RUNS);
    }

    /** Runs a cell {@link #FEW a few times} only. */
    static CellResult runFew(Cell cell) throws InterruptedException {
        return run(cell, PARALLEL, FEW);
    }

    /** Runs a cell so many times, so many of its runs at a time. */
    static CellResult run(Cell cell, int parallel, int runs) throws InterruptedException {
        try (CellQueue queue = new CellQueue(parallel)) {
            queue.add(cell, runs);
            return queue.result(cell.name());
        }
    }
}
