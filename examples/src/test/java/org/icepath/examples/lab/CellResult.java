// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What came of a cell.
 *
 * @param medianMilliseconds until both sides were connected, over the runs that did; NaN if none did
 * @param types how many runs selected which pair of types
 * @param complaints one for each run that is not as required
 */
record CellResult(Cell cell, int runs, double medianMilliseconds, Map<String, Integer> types, List<String> complaints) {

    static CellResult of(Cell cell, List<Outcome> outcomes) {
        Map<String, Integer> types = new TreeMap<>();
        List<String> complaints = new ArrayList<>();
        for (int run = 0; run < outcomes.size(); run++) {
            Outcome outcome = outcomes.get(run);
            types.merge(outcome.types(), 1, Integer::sum);
            Optional<String> complaint = cell.requirement().complaint(outcome);
            if (complaint.isPresent()) {
                complaints.add("run " + run + ": " + complaint.get());
            }
        }
        double[] times = outcomes.stream()
                .filter(Outcome::connected)
                .mapToDouble(Outcome::milliseconds)
                .sorted()
                .toArray();
        double median = times.length == 0 ? Double.NaN : (times[(times.length - 1) / 2] + times[times.length / 2]) / 2;
        return new CellResult(cell, outcomes.size(), median, types, complaints);
    }

    int passed() {
        return runs - complaints.size();
    }
}
