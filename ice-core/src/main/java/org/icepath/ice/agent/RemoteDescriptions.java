// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.Inet6Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceRole;
import org.icepath.ice.pacing.Beat;

/** Takes the peer's descriptions (RFC 8445 §6.1; RFC 8839 §4). */
final class RemoteDescriptions {

    /** No Ta is longer: a peer may slow the checks down, not stop them. */
    private static final Duration LONGEST_TA = Duration.ofSeconds(1);

    private final AgentContext context;
    private final CheckClient client;
    private final CheckResults results;
    private final RemoteIntake remotes;
    private final Beat beat;

    RemoteDescriptions(
            AgentContext context, CheckClient client, CheckResults results, RemoteIntake remotes, Beat beat) {
        this.context = context;
        this.client = client;
        this.results = results;
        this.remotes = remotes;
        this.beat = beat;
    }

    /** Takes a description; returns whether the peer may still trickle candidates (RFC 8838 §13). */
    boolean take(long now, IceDescription remote) {
        beat.ta(effectiveTa(remote));
        context.peer(PeerNature.of(remote));
        if (context.learn(remote)) {
            client.dropUnreadable(now);
        }
        results.switchRole(IceRole.between(
                context.settings().lite(), remote.lite(), context.roles().role()));
        context.renominates(context.settings().renomination() && offersRenomination(remote));
        boolean mayTrickle = false;
        for (CheckList list : context.lists().lists()) {
            int index = list.layout().index();
            StreamDescription stream =
                    index < remote.streams().size() ? remote.streams().get(index) : null;
            if (stream == null || stream.rejected() || !accepts(list, stream)) {
                idle(list);
                continue;
            }
            if (list.state() == CheckList.State.IDLE) {
                list.start(now);
            }
            takeCandidates(now, list, stream);
            boolean trickles =
                    remote.offers(IceDescription.TRICKLE) || stream.options().contains(IceDescription.TRICKLE);
            mayTrickle |= trickles && !stream.endOfCandidates();
        }
        return mayTrickle;
    }

    /** RFC 8839 §5.6: an option may stand for the session or for one stream. */
    private static boolean offersRenomination(IceDescription remote) {
        return remote.offers(IceDescription.RENOMINATION)
                || remote.streams().stream().anyMatch(stream -> stream.options().contains(IceDescription.RENOMINATION));
    }

    /** Ta of both sides together: less than 50 ms only if both ask for it, the longer of the two (RFC 8445 §14.2, RFC 8839 §5.5). */
    private Duration effectiveTa(IceDescription remote) {
        Duration ours = context.settings().timings().ta();
        Duration theirs = remote.pacing().orElse(IceDescription.DEFAULT_PACING);
        Duration longer = ours.compareTo(theirs) >= 0 ? ours : theirs;
        return longer.compareTo(LONGEST_TA) > 0 ? LONGEST_TA : longer;
    }

    private boolean accepts(CheckList list, StreamDescription stream) {
        PeerCredentials known = list.credentials();
        IceCredentials given = stream.credentials().orElse(null);
        if (given == null) {
            return false;
        }
        if (known == null) {
            PeerCredentials credentials =
                    new PeerCredentials(context.settings().local().ufrag(), given);
            if (!credentials.fits(context.settings().checks().forms(context.traits()))) {
                context.outbox()
                        .ignored("stream " + list.layout().name() + ": the peer's fragment makes too long a username");
                return false;
            }
            list.credentials(credentials);
            return true;
        }
        if (!known.remote().equals(given)) {
            context.outbox()
                    .ignored("stream " + list.layout().name() + ": new credentials belong to another generation");
        }
        return true;
    }

    /** The peer has no part in a stream any more. */
    void idle(CheckList list) {
        if (list.state() == CheckList.State.IDLE) {
            return;
        }
        list.state(CheckList.State.IDLE);
        for (CheckPair pair : List.copyOf(list.pairs())) {
            client.forget(pair);
            list.remove(pair);
        }
    }

    private void takeCandidates(long now, CheckList list, StreamDescription stream) {
        boolean formed = false;
        for (Candidate candidate : bestOfEachKindFirst(stream.candidates())) {
            formed |= remotes.signalled(now, list, candidate);
        }
        if (formed && list.state() == CheckList.State.FAILED) {
            list.start(now);
        }
    }

    private record Kind(int component, CandidateType type, boolean ipv6) {

        static Kind of(Candidate candidate) {
            boolean ipv6 = candidate
                    .address()
                    .socketAddress()
                    .filter(address -> address.getAddress() instanceof Inet6Address)
                    .isPresent();
            return new Kind(candidate.component(), candidate.type(), ipv6);
        }
    }

    /** If there are too many, the last of a kind must not be the one that is left out: a relay often has the lowest priority. */
    private static List<Candidate> bestOfEachKindFirst(List<Candidate> candidates) {
        List<Candidate> byPriority = new ArrayList<>(candidates);
        byPriority.sort(Comparator.comparingLong(Candidate::priority).reversed());
        Set<Kind> seen = new HashSet<>();
        List<Candidate> first = new ArrayList<>();
        List<Candidate> others = new ArrayList<>();
        for (Candidate candidate : byPriority) {
            (seen.add(Kind.of(candidate)) ? first : others).add(candidate);
        }
        first.addAll(others);
        return first;
    }
}
