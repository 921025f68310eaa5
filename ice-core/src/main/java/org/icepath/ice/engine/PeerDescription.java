// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.RemoteCandidate;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.gather.GatheredCandidate;

/**
 * One description for one peer while it is written: laid out as the peer's own is, and where pairs are selected with these alone (RFC
 * 8839 §4.4.1.2.2).
 */
final class PeerDescription {

    private final Describer describer;
    private final IceDescription remote;
    private final List<GatheredCandidate> candidates;
    private final boolean complete;
    private final Describer.Dialogue dialogue;
    private final Optional<IceCredentials> common;

    PeerDescription(
            Describer describer,
            IceDescription remote,
            List<GatheredCandidate> candidates,
            boolean complete,
            Describer.Dialogue dialogue) {
        this.describer = describer;
        this.remote = remote;
        this.candidates = candidates;
        this.complete = complete;
        this.dialogue = dialogue;
        // credentials of the session would give ICE to a stream that is described without
        this.common =
                dialogue.plain().isEmpty() ? Optional.of(dialogue.credentials().apply(0)) : Optional.empty();
    }

    IceDescription write() {
        IceDescription.Builder description = describer.begin();
        common.ifPresent(description::sessionCredentials);
        for (StreamDescription theirs : remote.streams()) {
            boolean isFresh = dialogue.fresh().contains(theirs.index());
            description.stream(isFresh ? fresh(theirs.index()) : section(theirs));
        }
        List<String> group = group();
        if (!group.isEmpty()) {
            description.bundleGroup(group);
        }
        int last = dialogue.fresh().stream().max(Integer::compare).orElse(-1);
        for (int index = remote.streams().size(); index <= last; index++) {
            description.stream(dialogue.fresh().contains(index) ? fresh(index) : describer.refused(index));
        }
        return description.build();
    }

    /** The group as it stands, and what is new behind it (RFC 8843 §7.2); the first one where two streams come together only now. */
    private List<String> group() {
        List<String> group = new ArrayList<>(dialogue.layout().bundles().group(remote));
        if (!describer.bundles() || dialogue.fresh().isEmpty()) {
            return group;
        }
        List<StreamDescription> standing = remote.streams().stream()
                .filter(theirs -> dialogue.layout().has(theirs.index()))
                .toList();
        if (group.isEmpty() && standing.size() > 1) {
            return group; // the peer has refused to bundle
        }
        if (group.isEmpty()) {
            standing.stream().flatMap(theirs -> theirs.mid().stream()).forEach(group::add);
        }
        if (group.size() == standing.size()) {
            dialogue.fresh().stream().sorted().map(this::midOf).forEach(group::add);
        }
        return group;
    }

    /** A stream that the peer has not heard of yet. */
    private StreamDescription fresh(int index) {
        boolean mids = remote.streams().stream().anyMatch(stream -> stream.mid().isPresent());
        StreamDescription.Builder section =
                describer.begin(index, false).credentials(dialogue.credentials().apply(index));
        if (mids) {
            section.mid(midOf(index));
        }
        return describer.finish(section, describer.candidatesOf(candidates, index), complete);
    }

    /** A name for a stream of ours that no other m-line has: the peer may have named its own as it likes (RFC 5888 §4). */
    private String midOf(int index) {
        String mid = String.valueOf(index);
        while (isTaken(mid, index)) {
            mid = "s" + mid;
        }
        return mid;
    }

    private boolean isTaken(String mid, int index) {
        return remote.stream(mid).filter(other -> other.index() != index).isPresent();
    }

    private StreamDescription section(StreamDescription theirs) {
        StreamDescription.Builder section = StreamDescription.builder(theirs.index());
        section.mediaLine(theirs.mediaLine());
        theirs.mid().ifPresent(section::mid);
        if (!dialogue.layout().has(theirs.index())) {
            return section.destination(Describer.REJECTED).build();
        }
        section.rtcpMux(describer.muxes(theirs.index()) && theirs.rtcpMux());
        int place = dialogue.layout().bundles().placeOf(theirs.index());
        if (!dialogue.layout().bundles().isTagged(theirs.index())) {
            return bundled(section, place);
        }
        if (dialogue.plain().contains(place)) {
            section.iceMismatch(remote.mismatch(theirs));
            return plain(section, within(theirs, candidatesOf(place)));
        }
        return withIce(section, theirs, place);
    }

    /** It goes where the tagged one of its group goes, and needs no candidates of its own (RFC 8843 §7.1.3). */
    private StreamDescription bundled(StreamDescription.Builder section, int tag) {
        section.credentials(dialogue.credentials().apply(tag));
        return plain(section, told(tag));
    }

    /** A default destination, and no candidates. */
    private StreamDescription plain(StreamDescription.Builder section, List<Candidate> destinations) {
        return describer.finish(section, destinations, false).toBuilder()
                .clearCandidates()
                .build();
    }

    private StreamDescription withIce(StreamDescription.Builder section, StreamDescription theirs, int place) {
        IceCredentials own = dialogue.credentials().apply(place);
        if (!common.equals(Optional.of(own))) {
            section.credentials(own);
        }
        List<CandidatePair> pairs = dialogue.selected().get(place);
        if (pairs != null && dialogue.namesRemotes()) {
            pairs.forEach(pair ->
                    section.remoteCandidate(new RemoteCandidate(pair.component(), asTold(theirs, pair.remote()))));
        }
        List<Candidate> told = told(place);
        return describer.finish(section, told, theirs.hasIce() ? told : within(theirs, told), complete);
    }

    /**
     * Those that a peer without ICE can send to: of the address family that it has itself, which an answer must have (RFC 6157), and all
     * where there is none of that family.
     */
    private static List<Candidate> within(StreamDescription theirs, List<Candidate> ours) {
        Optional<Boolean> ipv6 = theirs.defaultDestination(Candidate.RTP)
                .flatMap(CandidateAddress::socketAddress)
                .map(InetSocketAddress::getAddress)
                .filter(address -> !address.isAnyLocalAddress())
                .map(Inet6Address.class::isInstance);
        List<Candidate> within = ours.stream()
                .filter(each -> ipv6.equals(
                        each.address().socketAddress().map(address -> address.getAddress() instanceof Inet6Address)))
                .toList();
        return within.isEmpty() ? ours : within;
    }

    /** Our candidates of a stream: those of the selected pairs where there are any. */
    private List<Candidate> told(int stream) {
        List<CandidatePair> pairs = dialogue.selected().get(stream);
        return pairs == null
                ? candidatesOf(stream)
                : pairs.stream().map(CandidatePair::local).map(describer::told).toList();
    }

    /** Those of the components that have a path of their own with this peer. */
    private List<Candidate> candidatesOf(int stream) {
        List<Integer> components = dialogue.components().apply(stream);
        return describer.candidatesOf(candidates, stream).stream()
                .filter(candidate -> components.contains(candidate.component()))
                .toList();
    }

    // What the peer has hidden behind a name is not for those who carry the description (RFC 8839 §5.2 has the
    // address).
    private static CandidateAddress asTold(StreamDescription theirs, Candidate remote) {
        return theirs.candidates(remote.component()).stream()
                .map(Candidate::address)
                .filter(address -> address instanceof NamedAddress
                        && address.port() == remote.address().port())
                .findFirst()
                .orElse(remote.address());
    }
}
