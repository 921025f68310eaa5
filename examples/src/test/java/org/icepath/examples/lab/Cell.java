// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.nio.file.Path;
import java.util.function.IntFunction;

/**
 * One row of the table: meetings of a kind, and what must hold of each of them.
 *
 * @param name for the table and for file names: lower case words and hyphens
 * @param meetings the meeting of each run, counted from 0
 */
record Cell(String name, Requirement requirement, IntFunction<? extends Encounter> meetings) {

    /** One run of a cell. */
    @FunctionalInterface
    interface Encounter {
        Outcome run(Path log) throws InterruptedException;
    }

    @Override
    public String toString() {
        return name;
    }
}
