// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.icepath.candidate.AddressScope;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IpAddress;
import org.icepath.candidate.NamedAddress;
import org.icepath.ice.IceConfig;
import org.icepath.ice.PairView;
import org.icepath.ice.agent.PairSnapshot;
import org.icepath.ice.gather.MissingCandidate;

/** Why no path was found to a peer, or the one that was found is lost, as far as can be told from here: the most telling sign decides. */
final class LikelyReason {

    /** Honest agents have one conflict, or none. */
    private static final long MANY_CONFLICTS = 5;

    private final IceConfig config;
    private final EngineSnapshot.Gathered ours;
    private final Strangers.Seen strangers;

    LikelyReason(IceConfig config, EngineSnapshot.Gathered ours, Strangers.Seen strangers) {
        this.config = config;
        this.ours = ours;
        this.strangers = strangers;
    }

    /** One sentence. */
    String of(PeerSnapshot peer) {
        List<Function<PeerSnapshot, Optional<String>>> signs = List.of(
                this::lostAfterItWorked,
                this::neverNominated,
                this::nothingToPair,
                this::someComponentsOnly,
                this::wrongCredentials,
                LikelyReason::roleConflict,
                LikelyReason::refused,
                this::refusedByOurRelay,
                this::noServerAnswers,
                LikelyReason::heardOnly,
                this::privateRelay);
        return signs.stream()
                .flatMap(sign -> sign.apply(peer).stream())
                .findFirst()
                .orElseGet(() -> silence(peer));
    }

    /** A lite agent checks nothing: what it lacks, the peer has not done. */
    private Optional<String> neverNominated(PeerSnapshot peer) {
        if (!config.isLite()) {
            return Optional.empty();
        }
        long checks = peer.encounters().checks();
        String where = ours().map(each -> each.address().toString()).findFirst().orElse("nowhere");
        return Optional.of(
                checks == 0
                        ? ("No check of the peer's came, and ICE-lite sends none: what stands before us must let UDP through to"
                                        + " %s, and that must be the address by which the peer can reach us.")
                                .formatted(where)
                        : ("The peer checked us %d times, as ICE-lite wants it, and nominated nothing: our answers do not"
                                        + " arrive, or the peer takes itself for the controlled side.")
                                .formatted(checks));
    }

    private Optional<String> nothingToPair(PeerSnapshot peer) {
        if (!peer.pairs().isEmpty()) {
            return Optional.empty();
        }
        List<Candidate> theirs = theirs(peer).toList();
        if (theirs.isEmpty()) {
            return Optional.of(
                    "The peer named no candidate, neither in its description nor later, and none of its checks came.");
        }
        if (theirs.stream().allMatch(each -> each.address() instanceof NamedAddress)) {
            return Optional.of("The peer gave nothing but names (%s), and nobody here knows their addresses."
                    .formatted(theirs.get(0).address().host()));
        }
        return otherFamily(theirs)
                .or(() -> otherTransport(theirs))
                .or(() -> TcpSides.why(ours().toList(), theirs))
                .or(() -> Optional.of(
                        "No candidate of the peer's fits one of ours in family and transport, or may be sent to"
                                + " (%s).".formatted(EventText.of(theirs.get(0)))));
    }

    private Optional<String> otherTransport(List<Candidate> theirs) {
        boolean theirTcp = theirs.stream().allMatch(each -> each.transport().isTcp());
        boolean theirUdp = theirs.stream().noneMatch(each -> each.transport().isTcp());
        boolean ourTcp = ours().allMatch(each -> each.transport().isTcp());
        boolean ourUdp = ours().noneMatch(each -> each.transport().isTcp());
        return theirTcp && ourUdp || theirUdp && ourTcp
                ? Optional.of("We have %s alone and the peer %s alone: one of the two has to offer both."
                        .formatted(ourTcp ? "TCP" : "UDP", theirTcp ? "TCP" : "UDP"))
                : Optional.empty();
    }

    private Optional<String> otherFamily(List<Candidate> theirs) {
        boolean theirIpv6 = theirs.stream().anyMatch(LikelyReason::isIpv6);
        boolean theirIpv4 = theirs.stream().anyMatch(each -> !isIpv6(each));
        boolean ourIpv6 = ours().anyMatch(LikelyReason::isIpv6);
        boolean ourIpv4 = ours().anyMatch(each -> !isIpv6(each));
        boolean apart = theirIpv6 != theirIpv4 && ourIpv6 != ourIpv4 && theirIpv6 == ourIpv4;
        return apart
                ? Optional.of(
                        "We have IPv%s alone and the peer IPv%s alone: only a TURN server that speaks both could help."
                                .formatted(ourIpv6 ? "6" : "4", theirIpv6 ? "6" : "4"))
                : Optional.empty();
    }

    private Optional<String> lostAfterItWorked(PeerSnapshot peer) {
        boolean everywhere = peer.wasConnected() || components(peer).allMatch(path -> answered(peer, path));
        Optional<PairSnapshot> last = peer.pairs().stream()
                .filter(pair -> pair.lastAnsweredAt() != PairView.NOT_YET)
                .max(Comparator.comparingLong(PairSnapshot::lastAnsweredAt));
        return everywhere
                ? last.map(pair -> "It had worked: the peer answered last %s s after the start, over %s, and then %s."
                        .formatted(
                                String.format(Locale.ROOT, "%.1f", (pair.lastAnsweredAt() - ours.startedAt()) / 1e9),
                                EventText.of(pair.pair()),
                                pair.lastError().isEmpty() ? "fell silent" : "failed: " + pair.lastError()))
                : Optional.empty();
    }

    /** Why the path to a peer is lost that had been connected. */
    Optional<String> ofLoss(PeerSnapshot peer) {
        return lostAfterItWorked(peer);
    }

    private Optional<String> someComponentsOnly(PeerSnapshot peer) {
        Optional<PeerSnapshot.PathSnapshot> works =
                components(peer).filter(path -> answered(peer, path)).findFirst();
        Optional<PeerSnapshot.PathSnapshot> fails =
                components(peer).filter(path -> !answered(peer, path)).findFirst();
        if (works.isEmpty() || fails.isEmpty()) {
            return Optional.empty();
        }
        String advice = fails.get().component() == Candidate.RTCP
                ? ": what is between us lets RTP through and RTCP not, and with rtcp-mux one port would do."
                : ": what is between us lets one through and the other not.";
        return Optional.of("%s was answered and %s was not%s".formatted(name(works.get()), name(fails.get()), advice));
    }

    private Optional<String> wrongCredentials(PeerSnapshot peer) {
        boolean strange = peer.encounters().checks() == 0
                && (strangers.checks() > 0 || peer.encounters().forgeries() > 0);
        if (!strange) {
            return Optional.empty();
        }
        String what = strangers.last().isEmpty() ? "both our names and a wrong password" : strangers.last();
        return Optional.of("The only checks that came had " + what
                + ": the peer goes by another description than the one that we sent (an old one, or another call's).");
    }

    private static Optional<String> roleConflict(PeerSnapshot peer) {
        long conflicts = peer.encounters().roleConflicts();
        return conflicts < MANY_CONFLICTS
                ? Optional.empty()
                : Optional.of(
                        ("Both sides insist on the same role: %d of our checks were refused for it (487), whatever role we"
                                        + " took; the peer does not repair role conflicts (RFC 8445 §7.3.1.1).")
                                .formatted(conflicts));
    }

    private static Optional<String> refused(PeerSnapshot peer) {
        return peer.pairs().stream()
                .filter(pair -> pair.traffic().refusals() > 0)
                .max(Comparator.comparingLong(pair -> pair.traffic().refusals()))
                .map(pair -> "The peer hears our checks and refuses them: " + pair.lastError() + ".");
    }

    /** Only if all that the peer has is forbidden there does it explain anything. */
    private Optional<String> refusedByOurRelay(PeerSnapshot peer) {
        Map<InetAddress, String> refused = new HashMap<>();
        ours.refusedPeers().forEach(each -> refused.put(each.peer(), each.relay() + ": " + each.why()));
        List<InetAddress> theirs = theirs(peer)
                .flatMap(each -> each.address() instanceof IpAddress ip ? Stream.of(ip.ip()) : Stream.empty())
                .toList();
        if (theirs.isEmpty() || !refused.keySet().containsAll(theirs)) {
            return Optional.empty();
        }
        InetAddress shown = theirs.stream()
                .filter(each -> AddressScope.of(each) == AddressScope.GLOBAL)
                .findFirst()
                .orElse(theirs.get(0));
        return Optional.of("Our TURN server lets nothing through from the peer's address %s (%s): its rules forbid it."
                .formatted(IpAddress.format(shown), refused.get(shown)));
    }

    private Optional<String> privateRelay(PeerSnapshot peer) {
        Optional<String> own = ours().flatMap(each -> notPublic(each).stream()).findFirst();
        Optional<String> foreign =
                theirs(peer).flatMap(each -> notPublic(each).stream()).findFirst();
        return own.map(address -> "Our relay address " + address + isPrivate(theirs(peer)))
                .or(() -> foreign.map(address -> "The peer's relay address " + address + isPrivate(ours())));
    }

    /** Who has nothing but private addresses may be in the network of the relay: then its address is as it should be. */
    private static String isPrivate(Stream<Candidate> others) {
        boolean perhapsInside = others.noneMatch(
                each -> each.address() instanceof IpAddress ip && AddressScope.of(ip.ip()) == AddressScope.GLOBAL);
        return " is private: the server behind a NAT does not announce its public address"
                + (perhapsInside
                        ? ", unless both sides are in its network; then a firewall stops even the relay."
                        : ".");
    }

    private static Optional<String> notPublic(Candidate candidate) {
        boolean isRelay = candidate.type() == CandidateType.RELAYED;
        return isRelay && candidate.address() instanceof IpAddress ip && AddressScope.of(ip.ip()) != AddressScope.GLOBAL
                ? Optional.of(ip.host())
                : Optional.empty();
    }

    private Optional<String> noServerAnswers(PeerSnapshot peer) {
        boolean asked = !config.stunServers().isEmpty() || !config.turnServers().isEmpty();
        boolean answered = ours().anyMatch(each -> each.type() != CandidateType.HOST && !isMapped(each));
        List<String> silent = ours.missing().stream()
                .map(MissingCandidate::why)
                .filter(why -> why.contains("no answer"))
                .toList();
        if (!asked || answered || silent.isEmpty() || peer.encounters().checks() > 0) {
            return Optional.empty();
        }
        boolean overTcpOnly = silent.stream().allMatch(why -> why.contains("over TCP"));
        return Optional.of("Not even our own servers answered: this network lets "
                + (overTcpOnly ? "nothing out to them, which we asked over TCP." : "no UDP out."));
    }

    /** Known beforehand, from no server. */
    private boolean isMapped(Candidate candidate) {
        return config.natMappings().stream()
                .anyMatch(mapping ->
                        candidate.address() instanceof IpAddress ip && ip.ip().equals(mapping.external()));
    }

    private static Optional<String> heardOnly(PeerSnapshot peer) {
        long checks = peer.encounters().checks();
        return checks == 0
                ? Optional.empty()
                : Optional.of(
                        "The peer's checks reach us (%d of them), but none of ours is answered: a firewall lets one direction through."
                                .formatted(checks));
    }

    private String silence(PeerSnapshot peer) {
        return new SilentPeer(ours().toList(), theirs(peer).toList(), ours.missing()).why();
    }

    private Stream<PeerSnapshot.PathSnapshot> components(PeerSnapshot peer) {
        return peer.paths().stream().filter(path -> peer.pairs().stream().anyMatch(pair -> isOn(pair, path)));
    }

    private static boolean answered(PeerSnapshot peer, PeerSnapshot.PathSnapshot path) {
        return peer.pairs().stream().anyMatch(pair -> isOn(pair, path) && pair.checksAnswered() > 0);
    }

    private static boolean isOn(PairSnapshot pair, PeerSnapshot.PathSnapshot path) {
        return pair.stream() == path.stream() && pair.component() == path.component();
    }

    private String name(PeerSnapshot.PathSnapshot path) {
        return config.streams().get(path.stream()).name() + "/" + path.component();
    }

    private Stream<Candidate> ours() {
        return ours.candidates().stream().map(each -> each.candidate());
    }

    private static Stream<Candidate> theirs(PeerSnapshot peer) {
        return peer.remotes().stream().map(PeerSnapshot.RemoteSnapshot::addressed);
    }

    private static boolean isIpv6(Candidate candidate) {
        return candidate.address() instanceof IpAddress ip && ip.isIpv6();
    }
}
