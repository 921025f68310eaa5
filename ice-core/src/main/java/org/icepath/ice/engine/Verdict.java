// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import java.util.stream.Collectors;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;

/** The whole story of a session in one sentence, and the likely reason where it failed. */
final class Verdict {

    private final IceConfig config;
    private final EngineSnapshot.Gathered ours;
    private final List<PeerSnapshot> peers;
    private final LikelyReason reason;

    Verdict(IceConfig config, EngineSnapshot.Gathered ours, List<PeerSnapshot> peers, Strangers.Seen strangers) {
        this.config = config;
        this.ours = ours;
        this.peers = peers;
        this.reason = new LikelyReason(config, ours, strangers);
    }

    String sentence() {
        if (peers.isEmpty()) {
            return ours.closed() ? "The session is closed." : withoutPeer();
        }
        return peers.stream().map(this::sentence).collect(Collectors.joining(" "));
    }

    private String withoutPeer() {
        if (ours.candidates().isEmpty() && ours.awaited().isEmpty()) {
            return "Nothing could be gathered: " + firstReason() + ".";
        }
        return ours.told().isPresent()
                ? "Our offer is made, and no answer of the peer's has been taken: that is for the signalling to bring."
                : "No description of the peer has come yet.";
    }

    private String firstReason() {
        return ours.missing().isEmpty()
                ? "there is no local address to begin with"
                : ours.missing().get(0).what() + ": " + ours.missing().get(0).why();
    }

    private String sentence(PeerSnapshot peer) {
        if (peer.layout().iceStreams().isEmpty() && usedPairs(peer).isEmpty() && peer.state() == IceState.CHECKING) {
            return "The peer has no ICE, and it named no place that packets can go to from here.";
        }
        return switch (peer.state()) {
            case WAITING, CHECKING -> "Checks are on their way: " + counts(peer) + usable(peer) + ".";
            case CONNECTED, COMPLETED -> "Connected: " + usedPairs(peer) + ".";
            case DISCONNECTED -> "The path was lost, and another one is being looked for: " + counts(peer) + ".";
            case FAILED -> "No path: " + counts(peer) + ". " + reason.of(peer);
            case CLOSED -> "Closed.";
        };
    }

    private String usable(PeerSnapshot peer) {
        String used = usedPairs(peer);
        return used.isEmpty() ? "" : "; already usable: " + used;
    }

    private String usedPairs(PeerSnapshot peer) {
        return peer.paths().stream()
                .flatMap(path -> path.inUse().stream()
                        .map(pair ->
                                config.streams().get(path.stream()).name() + "/" + path.component() + " " + way(pair)))
                .collect(Collectors.joining(", "));
    }

    private static String way(CandidatePair pair) {
        boolean ourRelay = pair.local().type() == CandidateType.RELAYED;
        boolean theirRelay = pair.remote().type() == CandidateType.RELAYED;
        String kind = ourRelay && theirRelay
                ? "over both relays"
                : ourRelay ? "over our relay" : theirRelay ? "over the peer's relay" : "directly";
        return kind + " (" + EventText.of(pair) + ")";
    }

    private static String counts(PeerSnapshot peer) {
        long failed = peer.pairs().stream()
                .filter(pair -> pair.state() == PairState.FAILED)
                .count();
        long answered =
                peer.pairs().stream().filter(pair -> pair.checksAnswered() > 0).count();
        int formed = peer.pairs().size();
        return "%d %s formed, %d answered, %d failed"
                .formatted(formed, formed == 1 ? "pair was" : "pairs were", answered, failed);
    }
}
