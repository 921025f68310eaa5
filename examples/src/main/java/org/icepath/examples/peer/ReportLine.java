// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.peer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.icepath.ice.IceReport;

/** An {@link IceReport} as a {@code report} event. */
final class ReportLine {

    private ReportLine() {}

    static ObjectNode of(IceReport report) {
        ObjectNode event = JsonLines.event("report");
        event.put("state", report.state().name().toLowerCase(Locale.ROOT)).put("verdict", report.verdict());
        ArrayNode candidates = event.putArray("candidates");
        for (IceReport.CandidateEntry entry : report.candidates()) {
            candidates
                    .addObject()
                    .put("component", entry.component())
                    .put("ours", entry.ours())
                    .put("what", entry.what())
                    .put("outcome", entry.outcome());
        }
        ArrayNode pairs = event.putArray("pairs");
        for (IceReport.PairEntry entry : report.pairs()) {
            pairs.addObject()
                    .put("generation", entry.generation())
                    .put("component", entry.component())
                    .put("what", entry.what())
                    .put("state", entry.state().name().toLowerCase(Locale.ROOT))
                    .put("outcome", entry.outcome());
        }
        ArrayNode timeline = event.putArray("timeline");
        for (IceReport.Moment moment : report.timeline()) {
            timeline.addObject().put("ms", moment.at().toNanos() / 1e6).put("what", moment.what());
        }
        ArrayNode findings = event.putArray("findings");
        report.findings().forEach(findings::add);
        return event;
    }
}
