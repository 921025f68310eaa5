// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
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
        peers.forEach(peer -> peer.pairs().forEach(pair -> pairs.add(entry(peer, pair))));
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
            boolean better = Generations.RANKS.indexOf(peer.state()) < Generations.RANKS.indexOf(best);
            best = better && !peer.departed() ? peer.state() : best;
        }
        return best;
    }

    private CandidateEntry entry(GatheredCandidate gathered) {
        Candidate candidate = gathered.candidate();
        String outcome = "gathered after " + Math.round((gathered.at() - ours.startedAt()) / 1e6) + " ms";
        return new CandidateEntry(
                0, nameOf(gathered.stream()), candidate.component(), EventText.of(candidate), outcome);
    }

    private CandidateEntry entry(MissingCandidate missing) {
        return new CandidateEntry(
                0, nameOf(missing.stream()), missing.component(), missing.what(), "missing: " + missing.why());
    }

    private List<CandidateEntry> remoteEntries(PeerSnapshot peer) {
        List<CandidateEntry> entries = new ArrayList<>();
        for (StreamDescription stream : peer.layout().used()) {
            String name = nameOf(stream.index());
            peer.remotes().stream()
                    .filter(each -> each.stream() == stream.index())
                    .forEach(each -> entries.add(entry(name, peer, each)));
            learnt(peer, stream.index()).forEach(entries::add);
            peer.layout()
                    .whyPlain(stream)
                    .ifPresent(why -> entries.add(new CandidateEntry(
                            peer.number(), name, 1, "the default destination", "without ICE: " + why)));
        }
        return entries;
    }

    private static CandidateEntry entry(String stream, PeerSnapshot peer, PeerSnapshot.RemoteSnapshot remote) {
        Candidate named = remote.named();
        String origin = remote.trickled() ? "trickled" : "in the peer's description";
        String address = named.equals(remote.addressed())
                ? ""
                : ", which is " + remote.addressed().address().host();
        String outcome = remote.unused()
                .map(why -> ", but not used: " + why)
                .orElseGet(
                        () -> pairs(peer.pairs().stream().filter(remote::isIn).count()));
        return new CandidateEntry(
                peer.number(), stream, named.component(), EventText.of(named), origin + address + outcome);
    }

    private static String pairs(long number) {
        return number == 0 ? ", in no pair" : number == 1 ? ", in 1 pair" : ", in %d pairs".formatted(number);
    }

    /** What the peer has not named, and its checks have shown. */
    private Stream<CandidateEntry> learnt(PeerSnapshot peer, int stream) {
        return peer.pairs().stream()
                .filter(pair -> pair.stream() == stream
                        && pair.pair().remote().type() == CandidateType.PEER_REFLEXIVE
                        && peer.remotes().stream().noneMatch(each -> each.isIn(pair)))
                .map(pair -> new CandidateEntry(
                        peer.number(),
                        nameOf(stream),
                        pair.component(),
                        EventText.of(pair.pair().remote()),
                        "learnt from the peer's checks"))
                .distinct();
    }

    private PairEntry entry(PeerSnapshot peer, PairSnapshot pair) {
        return new PairEntry(
                peer.number(),
                pair.generation(),
                nameOf(pair.stream()),
                pair.component(),
                pair.what(),
                pair.state(),
                pair.outcome());
    }

    private List<String> findings() {
        List<String> findings = new ArrayList<>();
        ours.told().ifPresent(told -> CandidateExplainer.explain(told).stream()
                .filter(finding -> finding.severity() != Severity.HINT)
                .forEach(finding -> findings.add("our description, " + finding.text())));
        for (PeerSnapshot peer : peers) {
            findings.addAll(missing(peer));
            CandidateExplainer.explain(peer.layout().remote())
                    .forEach(finding -> findings.add(nameOf(peer) + "'s description, " + finding.text()));
        }
        if (strangers.checks() > 0) {
            findings.add("%d checks came for somebody else; the last had %s"
                    .formatted(strangers.checks(), strangers.last()));
        }
        if (strangers.packets() > 0) {
            findings.add(strangers.strayPackets() + "; dropped");
        }
        for (PeerSnapshot peer : peers) {
            peer.troubles()
                    .forEach(trouble -> findings.add(nameOf(peer) + ": " + nameOf(trouble.stream()) + "/"
                            + trouble.component() + " " + trouble.what()));
        }
        ours.awaited().forEach(awaited -> findings.add("still waiting for " + awaited));
        return findings;
    }

    /** What signalling has not brought, or has taken away. */
    private List<String> missing(PeerSnapshot peer) {
        List<String> missing = new ArrayList<>();
        for (int stream = 0; stream < config.streams().size(); stream++) {
            if (peer.layout().lacks(stream)) {
                missing.add(
                        nameOf(stream) + " is no part of the call with " + nameOf(peer)
                                + ": its m-line has port 0 there, or there is none (refused, removed, or not offered since it was added)");
            }
        }
        if (!peer.owed().isEmpty()) {
            missing.add(nameOf(peer) + ": " + peer.owed());
        }
        return missing;
    }

    private String nameOf(PeerSnapshot peer) {
        return peers.size() > 1 ? "peer " + peer.number() : "the peer";
    }

    private String nameOf(int stream) {
        return config.streams().get(stream).name();
    }
}
