// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The story of a session for the person who asks why a call got no audio: what was gathered and what is missing, what was tried
 * and what became of it, which way media went, and a verdict.
 *
 * @param session the session's name in the log
 * @param state where it stands
 * @param candidates one entry for each candidate that was gathered or is missing, then for each of the peers': described, trickled (of one
 *     peer the first 100) or learnt from checks
 * @param pairs one entry for each pair that was formed: by peer, generation and stream, within these the highest priority first
 * @param timeline what happened, in order
 * @param findings what is odd about the candidates, in sentences
 * @param verdict the whole story in one sentence
 */
public record IceReport(
        String session,
        IceState state,
        List<CandidateEntry> candidates,
        List<PairEntry> pairs,
        List<Moment> timeline,
        List<String> findings,
        String verdict) {

    /**
     * A candidate that is there, or is not.
     *
     * @param peer whose it is: the number of a peer in its session, from 1, as in the log; 0 when it is ours
     * @param stream the stream
     * @param component the component
     * @param what the candidate, or what should have become one: "relayed candidate from turn.example.net:3478"
     * @param outcome what became of it: "gathered after 31 ms", "missing: no answer within 9.5 s"; of the peer's, how it came to be known
     *     and why it is not used: "trickled, in 2 pairs", "in the peer's description, but not used: one too many"
     */
    public record CandidateEntry(int peer, String stream, int component, String what, String outcome) {

        /** Whether it is ours. */
        public boolean ours() {
            return peer == 0;
        }
    }

    /**
     * A pair that was formed.
     *
     * @param peer the number of the peer in its session, from 1
     * @param generation the number of its generation, {@link Generation#number}: 0 for the first, one more with each ICE restart
     * @param stream the stream
     * @param component the component
     * @param what the two candidates in short
     * @param state where it stands in the check list
     * @param outcome what was sent and answered, and why it failed: "7 checks sent, none answered"
     */
    public record PairEntry(
            int peer, int generation, String stream, int component, String what, PairState state, String outcome) {}

    /**
     * Something that happened.
     *
     * @param at since the session was opened
     * @param peer the number of the peer that it concerns, from 1; 0 when it concerns the session
     * @param what in a few words
     */
    public record Moment(Duration at, int peer, String what) {}

    public IceReport {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(verdict, "verdict");
        candidates = List.copyOf(candidates);
        pairs = List.copyOf(pairs);
        timeline = List.copyOf(timeline);
        findings = List.copyOf(findings);
    }

    /** The report as lines of text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(session)
                .append(": ")
                .append(state)
                .append('\n')
                .append(verdict)
                .append('\n');
        section(text, "Candidates", candidates.stream().map(this::line).toList());
        section(text, "Pairs", pairs.stream().map(this::line).toList());
        section(text, "What happened", timeline.stream().map(this::line).toList());
        section(text, "Worth knowing", findings);
        return text.toString();
    }

    /**
     * The report as one JSON object (RFC 8259) on one line. Its names are this record's: {@code session}, {@code state}, {@code
     * verdict}, {@code candidates}, {@code pairs}, {@code timeline}, {@code findings}, and those of the entries; a moment's {@code
     * at} is in milliseconds.
     */
    public String json() {
        JsonText json = new JsonText().beginObject();
        json.field("session", session).field("state", state.name()).field("verdict", verdict);
        json.array("candidates", candidates, IceReport::write);
        json.array("pairs", pairs, IceReport::write);
        json.array("timeline", timeline, IceReport::write);
        json.array("findings", findings, JsonText::string);
        return json.endObject().toString();
    }

    /**
     * The report as one HTML page in UTF-8 for a browser: the moments on a line of time, and all else in tables. It needs nothing besides
     * and runs nothing: no script, no picture, no address of anybody's. Text from the network is escaped in it.
     */
    public String html() {
        return HtmlReport.of(this);
    }

    private static void write(JsonText json, CandidateEntry entry) {
        json.beginObject().field("peer", entry.peer).field("stream", entry.stream);
        json.field("component", entry.component)
                .field("ours", entry.ours())
                .field("what", entry.what)
                .field("outcome", entry.outcome);
        json.endObject();
    }

    private static void write(JsonText json, PairEntry entry) {
        json.beginObject().field("peer", entry.peer).field("generation", entry.generation);
        json.field("stream", entry.stream).field("component", entry.component);
        json.field("what", entry.what).field("state", entry.state.name()).field("outcome", entry.outcome);
        json.endObject();
    }

    private static void write(JsonText json, Moment moment) {
        BigDecimal milliseconds = BigDecimal.valueOf(moment.at.toNanos(), 6);
        json.beginObject()
                .field("at", milliseconds)
                .field("peer", moment.peer)
                .field("what", moment.what)
                .endObject();
    }

    private static void section(StringBuilder text, String title, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        text.append('\n').append(title).append('\n');
        lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }

    private String line(CandidateEntry entry) {
        String whose = entry.ours() ? "ours" : several() ? "peer " + entry.peer : "peer";
        return "%s/%d %s %s: %s".formatted(entry.stream, entry.component, whose, entry.what, entry.outcome);
    }

    private String line(PairEntry entry) {
        String generation = entry.generation == 0 ? "" : " in generation " + entry.generation;
        return "%s%s/%d %s%s: %s, %s"
                .formatted(
                        whose(entry.peer),
                        entry.stream,
                        entry.component,
                        entry.what,
                        generation,
                        entry.state,
                        entry.outcome);
    }

    private String line(Moment moment) {
        return String.format(Locale.ROOT, "%9.3f s  %s%s", moment.at.toNanos() / 1e9, whose(moment.peer), moment.what);
    }

    private String whose(int peer) {
        return peer != 0 && several() ? "peer " + peer + ": " : "";
    }

    /** Whether each line must say which peer it means. */
    boolean several() {
        return candidates.stream().anyMatch(entry -> entry.peer > 1)
                || pairs.stream().anyMatch(entry -> entry.peer > 1)
                || timeline.stream().anyMatch(moment -> moment.peer > 1);
    }
}
