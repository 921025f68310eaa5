// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceReport.CandidateEntry;
import org.icepath.ice.IceReport.Moment;
import org.icepath.ice.IceReport.PairEntry;
import org.icepath.ice.IceState;
import org.icepath.ice.agent.PairSnapshot;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.ice.gather.MissingCandidate;
import org.icepath.sdp.explain.CandidateExplainer;
import org.icepath.sdp.explain.Severity;

/** Puts a snapshot into words. */
final class ReportWriter {

    /** Of each section; more is left out, and the reader has enough. */
    private static final int MOST_ENTRIES = 1_000;

    private final IceConfig config;
    private final EngineSnapshot.Gathered ours;
    private final List<PeerSnapshot> peers;
    private final Strangers.Seen strangers;

    ReportWriter(IceConfig config, EngineSnapshot.Gathered ours, List<PeerSnapshot> peers, Strangers.Seen strangers) {
        this.config = config;
        this.ours = ours;
        this.peers = peers;
        this.strangers = strangers;
    }

    IceReport write(String session, List<Moment> moments) {
        List<CandidateEntry> candidates = new ArrayList<>();
        ours.candidates().forEach(each -> candidates.add(entry(each)));
        ours.missing().forEach(each -> candidates.add(entry(each)));
        peers.forEach(peer -> candidates.addAll(remoteEntries(peer)));
        List<PairEntry> pairs = new ArrayList<>();
        peers.forEach(peer -> peer.pairs().forEach(pair -> pairs.add(entry(pair))));
        return new IceReport(
                session,
                state(),
                bounded(candidates),
                bounded(pairs),
                moments,
                bounded(findings()),
                new Verdict(config, ours, peers, strangers).sentence());
    }

    // A session has up to 32 peers, each with as much to say as it likes.
    private static <T> List<T> bounded(List<T> entries) {
        return entries.size() > MOST_ENTRIES ? entries.subList(0, MOST_ENTRIES) : entries;
    }

    /** The best that any peer has come to. */
    private IceState state() {
        if (ours.closed()) {
            return IceState.CLOSED;
        }
        IceState best = peers.isEmpty() || peers.stream().anyMatch(peer -> !peer.departed())
                ? IceState.WAITING
                : IceState.CLOSED;
        for (PeerSnapshot peer : peers) {
            boolean better = best == IceState.WAITING
                    || best == IceState.FAILED
                    || (peer.state() == IceState.CONNECTED && best == IceState.CHECKING)
                    || peer.state() == IceState.COMPLETED;
            best = better && !peer.departed() ? peer.state() : best;
        }
        return best;
    }

    private CandidateEntry entry(GatheredCandidate gathered) {
        Candidate candidate = gathered.candidate();
        String outcome = "gathered after %.0f ms".formatted((gathered.at() - ours.startedAt()) / 1e6);
        return new CandidateEntry(
                nameOf(gathered.stream()), candidate.component(), true, EventText.of(candidate), outcome);
    }

    private CandidateEntry entry(MissingCandidate missing) {
        return new CandidateEntry(
                nameOf(missing.stream()), missing.component(), true, missing.what(), "missing: " + missing.why());
    }

    private List<CandidateEntry> remoteEntries(PeerSnapshot peer) {
        List<CandidateEntry> entries = new ArrayList<>();
        for (StreamDescription stream : peer.layout().used()) {
            String name = nameOf(stream.index());
            for (Candidate candidate : stream.candidates()) {
                entries.add(new CandidateEntry(
                        name, candidate.component(), false, EventText.of(candidate), "in the peer's description"));
            }
            peer.layout()
                    .whyPlain(stream)
                    .ifPresent(why -> entries.add(
                            new CandidateEntry(name, 1, false, "the default destination", "without ICE: " + why)));
        }
        return entries;
    }

    private PairEntry entry(PairSnapshot pair) {
        return new PairEntry(nameOf(pair.stream()), pair.component(), pair.what(), pair.state(), pair.outcome());
    }

    private List<String> findings() {
        List<String> findings = new ArrayList<>();
        ours.told().ifPresent(told -> CandidateExplainer.explain(told).stream()
                .filter(finding -> finding.severity() != Severity.HINT)
                .forEach(finding -> findings.add("our description, " + finding.text())));
        for (PeerSnapshot peer : peers) {
            CandidateExplainer.explain(peer.layout().remote())
                    .forEach(finding -> findings.add("the peer's description, " + finding.text()));
        }
        if (strangers.checks() > 0) {
            findings.add("%d checks came for somebody else; the last had %s"
                    .formatted(strangers.checks(), strangers.last()));
        }
        for (PeerSnapshot peer : peers) {
            peer.troubles()
                    .forEach(trouble ->
                            findings.add(nameOf(trouble.stream()) + "/" + trouble.component() + " " + trouble.what()));
        }
        ours.awaited().forEach(awaited -> findings.add("still waiting for " + awaited));
        return findings;
    }

    private String nameOf(int stream) {
        return config.streams().get(stream).name();
    }
}
