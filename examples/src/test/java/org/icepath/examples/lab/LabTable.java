// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The suite's one table: printed, and written to {@code target/lab/table.txt}, when its last test is over. */
final class LabTable implements AutoCloseable {

    private final List<CellResult> results = new ArrayList<>();

    synchronized void add(CellResult result) {
        results.add(result);
    }

    @Override
    public synchronized void close() {
        if (results.isEmpty()) {
            return;
        }
        String table = text();
        System.out.print("\n" + table + "\n");
        Path file = Surroundings.workDirectory().resolve("table.txt");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        String row = "%-38s %6s %8s %11s   %s%n";
        text.append(row.formatted("cell", "runs", "passed", "median ms", "selected pairs"));
        for (CellResult result : results) {
            String median = Double.isNaN(result.medianMilliseconds())
                    ? "-"
                    : String.format(Locale.ROOT, "%.0f", result.medianMilliseconds());
            String pairs = result.types().entrySet().stream()
                    .map(type -> type.getKey() + " " + type.getValue())
                    .collect(Collectors.joining(", "));
            text.append(row.formatted(result.cell().name(), result.runs(), result.passed(), median, pairs));
        }
        return text.toString();
    }
}
