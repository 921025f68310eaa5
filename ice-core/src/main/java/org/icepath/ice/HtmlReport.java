// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.icepath.ice.IceReport.CandidateEntry;
import org.icepath.ice.IceReport.Moment;
import org.icepath.ice.IceReport.PairEntry;

/**
 * Writes a report as one HTML page that needs nothing besides: no script, no picture, no address of anybody's. Much of a report's text is
 * what a server or the peer has sent, so whatever is not ours is escaped, and a policy in the page forbids what might slip through. Not
 * thread-safe.
 */
final class HtmlReport {

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width">
            <style>
            :root { color-scheme: light dark; --good: #1a7f37; --bad: #cf222e; --busy: #9a6700; --dim: #6e7781; }
            body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin-top: 2rem; }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th { text-align: left; font-weight: normal; color: var(--dim); }
            td, th { padding: .15rem .75rem .15rem 0; vertical-align: top; border-bottom: 1px solid #8883; }
            th { white-space: nowrap; } td { overflow-wrap: break-word; } td:last-child { overflow-wrap: anywhere; }
            td.at, td.gap { text-align: right; white-space: nowrap; } td.gap { color: var(--dim); }
            td.line { width: 30%; min-width: 8rem; } td.line svg { display: block; width: 100%; height: 1.3em; }
            svg path { stroke: #8886; vector-effect: non-scaling-stroke; } svg .now { stroke: var(--busy); stroke-width: 4; }
            .verdict { font-size: 1.1rem; border-left: .3rem solid; padding-left: .75rem; } .verdict span { color: CanvasText; }
            .good { color: var(--good); } .bad { color: var(--bad); } .busy { color: var(--busy); }
            </style>
            """;

    private final IceReport report;
    private final StringBuilder page = new StringBuilder(HEAD);

    private HtmlReport(IceReport report) {
        this.report = report;
    }

    static String of(IceReport report) {
        return new HtmlReport(report).write();
    }

    private String write() {
        page.append("<title>");
        text("ICE " + report.session()).raw("</title>\n</head>\n<body>\n<h1>");
        text(report.session()).raw(": ");
        element("span", toneOf(report.state()), report.state().name()).raw("</h1>\n");
        raw("<p class=\"verdict " + toneOf(report.state()) + "\">");
        element("span", "", report.verdict()).raw("</p>\n");
        section("What happened", report.timeline(), List.of("at", "since", "", "peer", "what"), new Rows()::add);
        section("Candidates", report.candidates(), List.of("whose", "for", "candidate", "outcome"), this::row);
        section("Pairs", report.pairs(), List.of("peer", "generation", "for", "pair", "state", "outcome"), this::row);
        section("Worth knowing", report.findings(), List.of(), this::row);
        return raw("</body>\n</html>\n").page.toString();
    }

    private <T> void section(String title, List<T> entries, List<String> columns, Consumer<T> row) {
        if (entries.isEmpty()) {
            return;
        }
        element("h2", "", title).raw("\n<table>\n");
        if (!columns.isEmpty()) {
            raw("<tr>");
            columns.forEach(column -> element("th", "", column));
            raw("</tr>\n");
        }
        for (T entry : entries) {
            raw("<tr>");
            row.accept(entry);
            raw("</tr>\n");
        }
        raw("</table>\n");
    }

    /** The moments, each with its place on a line from the first to the last. */
    private final class Rows {

        private final long start = at(0);
        private final long length = Math.max(1, at(report.timeline().size() - 1) - start);
        private long before = start;

        private long at(int moment) {
            return report.timeline().isEmpty()
                    ? 0
                    : report.timeline().get(moment).at().toNanos();
        }

        void add(Moment moment) {
            long now = moment.at().toNanos();
            cell("at", milliseconds(moment.at())).cell("gap", "+" + milliseconds(Duration.ofNanos(now - before)));
            long place = Math.round(10 + 980.0 * Math.min(length, Math.max(0, now - start)) / length);
            raw("<td class=\"line\"><svg viewBox=\"0 0 1000 20\" preserveAspectRatio=\"none\">")
                    .raw("<path d=\"M0 10H1000\"/><path class=\"now\" d=\"M" + place + " 3V17\"/></svg></td>");
            cell("", peer(moment.peer())).cell("", moment.what());
            before = now;
        }
    }

    private void row(CandidateEntry entry) {
        boolean missing =
                entry.outcome().startsWith("missing: ") || entry.outcome().contains("not used: ");
        cell("", entry.ours() ? "ours" : "peer " + entry.peer())
                .cell("", place(entry.stream(), entry.component()))
                .cell("", entry.what())
                .cell(missing ? "bad" : "", entry.outcome());
    }

    private void row(PairEntry entry) {
        cell("", peer(entry.peer()))
                .cell("", Integer.toString(entry.generation()))
                .cell("", place(entry.stream(), entry.component()))
                .cell("", entry.what())
                .cell(toneOf(entry.state()), entry.state().name())
                .cell("", entry.outcome());
    }

    private void row(String finding) {
        cell("", finding);
    }

    private static String peer(int peer) {
        return peer == 0 ? "" : Integer.toString(peer);
    }

    private static String place(String stream, int component) {
        return stream + "/" + component;
    }

    private static String milliseconds(Duration since) {
        return String.format(Locale.ROOT, "%.1f ms", since.toNanos() / 1e6);
    }

    private static String toneOf(IceState state) {
        return switch (state) {
            case CONNECTED, COMPLETED -> "good";
            case DISCONNECTED, FAILED -> "bad";
            case WAITING, CHECKING, CLOSED -> "busy";
        };
    }

    private static String toneOf(PairState state) {
        return switch (state) {
            case SUCCEEDED -> "good";
            case FAILED -> "bad";
            case FROZEN, WAITING, IN_PROGRESS -> "busy";
        };
    }

    private HtmlReport cell(String tone, String text) {
        return element("td", tone, text);
    }

    /** @param tone of our own making, never text of others */
    private HtmlReport element(String name, String tone, String text) {
        raw("<" + name + (tone.isEmpty() ? ">" : " class=\"" + tone + "\">"));
        return text(text).raw("</" + name + ">");
    }

    private HtmlReport raw(String written) {
        page.append(written);
        return this;
    }

    private HtmlReport text(String text) {
        text.codePoints().forEach(this::escape);
        return this;
    }

    private void escape(int c) {
        switch (c) {
            case '&' -> page.append("&amp;");
            case '<' -> page.append("&lt;");
            case '>' -> page.append("&gt;");
            case '"' -> page.append("&quot;");
            case '\'' -> page.append("&#39;");
            case '\n', '\t' -> page.appendCodePoint(c);
            default -> page.appendCodePoint(isUnfit(c) ? 0xfffd : c);
        }
    }

    /** Control characters and half surrogate pairs have no place in HTML; direction marks would have a line read as another one. */
    private static boolean isUnfit(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
    }
}
