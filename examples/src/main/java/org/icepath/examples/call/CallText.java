// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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

    /** A pair; after an ICE restart there are two alike. */
    static String line(IceReport.PairEntry pair) {
        String restarted = pair.generation() == 0 ? "" : " in generation " + pair.generation();
        return pair.what() + restarted + ": " + pair.outcome();
    }

    static List<String> after(CallOutcome outcome) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("  What alice tried");
        outcome.report().pairs().forEach(pair -> lines.add("    " + line(pair)));
        if (outcome.report().pairs().isEmpty()) {
            lines.add(
                    outcome.connected()
                            ? "    nothing: without ICE there are no checks, and packets go where the peer's description says"
                            : "    no pair could be formed");
        }
        lines.add("");
        lines.add(row("Packets", "sent", "received", "lost", "duplicated", "overtaken"));
        outcome.directions().forEach(direction -> lines.add(row(direction)));
        outcome.directions().stream()
                .filter(direction -> direction.lost() > 0)
                .forEach(direction -> lines.add(
                        "  Lost from " + direction.from() + " to " + direction.to() + ": " + direction.missing()));
        lines.add("");
        lines.add("  " + verdict(outcome));
        lines.add("");
        return lines;
    }

    private static String row(CallOutcome.Direction direction) {
        return row(
                direction.from() + " → " + direction.to(),
                direction.sent(),
                direction.received(),
                direction.lost(),
                direction.duplicated(),
                direction.overtaken());
    }

    /** Figures go as they are, not in the digits of this machine's language. */
    private static String row(Object... cells) {
        Object[] texts = Stream.of(cells).map(String::valueOf).toArray();
        return String.format(Locale.ROOT, "  %-14s %9s %9s %6s %11s %10s", texts);
    }

    private static String verdict(CallOutcome outcome) {
        if (!outcome.connected()) {
            return "No call. " + outcome.report().verdict();
        }
        return outcome.lost() + " lost, " + outcome.duplicated() + " duplicated. The call ended " + outcome.way()
                + (outcome.agreed() ? "." : ", without a final exchange as it should be.");
    }
}
