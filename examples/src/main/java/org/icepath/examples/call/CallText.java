// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.ArrayList;
import java.util.List;
import org.icepath.ice.IceReport;

/** What stands before and after a call's timeline. */
final class CallText {

    private CallText() {}

    static List<String> before(CallPlan plan) {
        return List.of(
                "",
                "  alice calls bob · " + plan.scenario() + " · " + plan.packetsSecond() + " packets a second each way",
                "  " + plan.scenario().story(),
                "");
    }

    static String line(IceReport.PairEntry pair) {
        return pair.what() + ": " + pair.outcome();
    }

    static List<String> after(CallOutcome outcome) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("  What alice tried");
        outcome.report().pairs().forEach(pair -> lines.add("    " + line(pair)));
        if (outcome.report().pairs().isEmpty()) {
            lines.add("    no pair could be formed");
        }
        lines.add("");
        lines.add("  %-14s %9s %9s %6s %11s %10s"
                .formatted("Packets", "sent", "received", "lost", "duplicated", "overtaken"));
        for (CallOutcome.Direction direction : outcome.directions()) {
            lines.add("  %-14s %9d %9d %6d %11d %10d"
                    .formatted(
                            direction.from() + " → " + direction.to(),
                            direction.sent(),
                            direction.received(),
                            direction.lost(),
                            direction.duplicated(),
                            direction.overtaken()));
        }
        outcome.directions().stream()
                .filter(direction -> direction.lost() > 0)
                .forEach(direction -> lines.add(
                        "  Lost from " + direction.from() + " to " + direction.to() + ": " + direction.missing()));
        lines.add("");
        lines.add("  " + verdict(outcome));
        lines.add("");
        return lines;
    }

    private static String verdict(CallOutcome outcome) {
        if (!outcome.connected()) {
            return "No call. " + outcome.report().verdict();
        }
        return "%d lost, %d duplicated. The call ended %s%s."
                .formatted(
                        outcome.lost(),
                        outcome.duplicated(),
                        outcome.way(),
                        outcome.agreed() ? "" : ", without a final exchange as it should be");
    }
}
