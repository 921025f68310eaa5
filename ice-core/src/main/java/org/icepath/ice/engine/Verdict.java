// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.List;
import java.util.stream.Collectors;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRole;
import org.icepath.ice.PairState;
import org.icepath.ice.agent.PairSnapshot;

/** The whole story of a session in one sentence, and the likely reason where it failed. */
final class Verdict {

    private final IceConfig config;
    private final EngineSnapshot.Gathered ours;
    private final List<PeerSnapshot> peers;
    private final Strangers.Seen strangers;
    private final LikelyReason reason;

    Verdict(IceConfig config, EngineSnapshot.Gathered ours, List<PeerSnapshot> peers, Strangers.Seen strangers) {
        this.config = config;
        this.ours = ours;
        this.peers = peers;
        this.strangers = strangers;
        this.reason = new LikelyReason(config, ours, strangers);
    }

    String sentence() {
        if (peers.isEmpty()) {
            return ours.closed() ? "The session is closed." : withoutPeer();
        }
        return peers.stream()
                .map(peer -> (peers.size() > 1 ? "Peer " + peer.number() + ": " : "") + sentence(peer))
                .collect(Collectors.joining(" "));
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
        String now = peer.layout().iceStreams().isEmpty() ? withoutIce(peer) : withIce(peer);
        return peer.departed() ? "Closed by the application; before that: " + now : now;
    }

    private String withoutIce(PeerSnapshot peer) {
        String used = usedPairs(peer);
        String troubles = troubles(peer);
        return switch (peer.state()) {
            case WAITING -> "The peer has no ICE; packets can go to it as soon as our own addresses are known.";
            case CHECKING -> "The peer has no ICE, and it named no place that packets can go to from here.";
            case CONNECTED, COMPLETED ->
                (troubles.isEmpty() ? "Connected: " + used + "." : "Connected: " + used + ", but " + troubles + ".")
                        + silence(peer);
            case DISCONNECTED -> "The path to a peer without ICE was lost: " + troubles + ".";
            case FAILED ->
                troubles.isEmpty()
                        ? "No path: the peer has no ICE, and it named no place that packets can go to from here."
                        : "No path to a peer without ICE: " + troubles + ".";
            case CLOSED -> "Closed.";
        };
    }

    /** Nobody answers for a path without ICE: that it is there says nothing of whether anybody hears us. */
    private String silence(PeerSnapshot peer) {
        List<String> silent = peer.paths().stream()
                .filter(path ->
                        path.component() == Candidate.RTP && !path.inUse().isEmpty() && !path.heard())
                .map(path -> nameOf(path.stream(), path.component()))
                .toList();
        return silent.isEmpty()
                ? ""
                : " No packet of the peer's has come so far for " + String.join(", ", silent) + strays() + ".";
    }

    /** Whoever is silent may be heard from elsewhere. */
    private String strays() {
        return strangers.packets() == 0
                ? ""
                : ", but " + strangers.strayPackets()
                        + ": if that is the peer, it sends from elsewhere than its description says";
    }

    private String troubles(PeerSnapshot peer) {
        return peer.troubles().stream()
                .map(trouble -> nameOf(trouble.stream(), trouble.component()) + " " + trouble.what())
                .collect(Collectors.joining("; "));
    }

    private String withIce(PeerSnapshot peer) {
        String troubles = troubles(peer);
        return ofIce(peer) + (troubles.isEmpty() ? "" : " Without ICE: " + troubles + ".");
    }

    private String ofIce(PeerSnapshot peer) {
        return switch (peer.state()) {
            case WAITING, CHECKING -> "Checks are on their way: " + counts(peer) + usable(peer) + ".";
            case CONNECTED -> "Connected: " + usedPairs(peer) + unsettled(peer) + "." + failures(peer);
            case COMPLETED -> "Connected: " + usedPairs(peer) + "." + failures(peer) + muteness(peer);
            case DISCONNECTED ->
                iceWorks(peer)
                        ? "Connected in part: " + usedPairs(peer) + "." + failures(peer)
                        : "The path was lost, and another one is being looked for: " + counts(peer) + "."
                                + reason.ofLoss(peer).map(why -> " " + why).orElse("");
            case FAILED -> "No path: " + counts(peer) + ". " + reason.of(peer);
            case CLOSED -> "Closed.";
        };
    }

    /** Whether all streams with ICE that have not failed have their paths: then it is one without ICE that was lost. */
    private static boolean iceWorks(PeerSnapshot peer) {
        return peer.layout().iceStreams().stream()
                .filter(stream -> !peer.failed().contains(stream.index()))
                .allMatch(stream ->
                        stream.components().stream().allMatch(component -> peer.isSending(stream.index(), component)));
    }

    /** What has failed beside what works. */
    private String failures(PeerSnapshot peer) {
        StringBuilder failures = new StringBuilder();
        for (int stream : peer.failed()) {
            PeerSnapshot only = peer.only(stream);
            failures.append(" No path for ")
                    .append(config.streams().get(stream).name())
                    .append(": ")
                    .append(counts(only))
                    .append(". ")
                    .append(reason.of(only));
        }
        return failures.toString();
    }

    private static String unsettled(PeerSnapshot peer) {
        return peer.role() == IceRole.CONTROLLED
                ? ", and the peer, which controls, has not nominated all it has to"
                : ", and not all of it is nominated yet";
    }

    /** For the call that is connected and has no sound. Consent is asked for after five seconds: media has had its time. */
    private String muteness(PeerSnapshot peer) {
        List<String> mute = peer.layout().iceStreams().stream()
                .filter(stream -> isMute(peer, stream.index()))
                .map(stream -> stream.name())
                .toList();
        return mute.isEmpty()
                ? ""
                : " The path works, and yet no packet of the peer's application came for " + String.join(", ", mute)
                        + (strangers.packets() > 0
                                ? strays() + "."
                                : ": look at what sends and encrypts media, or at a hold.");
    }

    private static boolean isMute(PeerSnapshot peer, int stream) {
        List<PairSnapshot> pairs =
                peer.pairs().stream().filter(pair -> pair.stream() == stream).toList();
        return pairs.stream().anyMatch(pair -> pair.traffic().consentRequestsSent() > 0)
                && pairs.stream().allMatch(pair -> pair.traffic().packetsReceived() == 0);
    }

    private String usable(PeerSnapshot peer) {
        String used = usedPairs(peer);
        return used.isEmpty() ? "" : "; already usable: " + used;
    }

    private String usedPairs(PeerSnapshot peer) {
        return peer.paths().stream()
                .flatMap(path ->
                        path.inUse().stream().map(pair -> nameOf(path.stream(), path.component()) + " " + way(pair)))
                .collect(Collectors.joining(", "));
    }

    private String nameOf(int stream, int component) {
        return config.streams().get(stream).name() + "/" + component;
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
