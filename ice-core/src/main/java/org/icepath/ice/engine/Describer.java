// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.MediaLine;
import org.icepath.candidate.NamedAddress;
import org.icepath.candidate.RemoteCandidate;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sdp.IceFragment;

/** Writes our description from what is gathered and, towards one peer, from what it said and what is selected. Not thread-safe. */
final class Describer {

    private static final Set<String> MEDIA = Set.of("audio", "video", "text", "application", "message", "image");
    private static final CandidateAddress NOWHERE = CandidateAddress.of("0.0.0.0", 9);
    private static final CandidateAddress REJECTED = CandidateAddress.of("0.0.0.0", 0);

    private final IceConfig config;
    private final Streams streams;
    private final IceCredentials credentials;
    private final HiddenAddresses hidden;

    Describer(IceConfig config, Streams streams, IceCredentials credentials, HiddenAddresses hidden) {
        this.config = config;
        this.streams = streams;
        this.credentials = credentials;
        this.hidden = hidden;
    }

    /** A candidate of ours as descriptions have it. */
    Candidate told(Candidate candidate) {
        return hidden.told(candidate);
    }

    /** Whether descriptions have a name for this candidate of ours. */
    boolean isHidden(Candidate candidate) {
        return hidden.isHidden(candidate);
    }

    /** What is trickled to one peer: all candidates so far, and whether they are all, of streams laid out as its own (RFC 8840 §4.3). */
    IceFragment fragment(
            IceDescription remote, List<GatheredCandidate> candidates, boolean complete, Dialogue dialogue) {
        IceDescription whole = towards(remote, candidates, complete, dialogue);
        IceDescription.Builder content = IceDescription.builder();
        whole.sessionCredentials().ifPresent(content::sessionCredentials);
        for (StreamDescription stream : whole.streams()) {
            StreamDescription.Builder late =
                    StreamDescription.builder(stream.index()).mediaLine(stream.mediaLine());
            stream.mid().ifPresent(late::mid);
            if (stream.hasIce()) {
                stream.credentials().ifPresent(late::credentials);
                late.candidates(stream.candidates()).endOfCandidates(complete);
            }
            content.stream(late.build());
        }
        return new IceFragment(content.build());
    }

    Streams streams() {
        return streams;
    }

    /** A first offer. */
    IceDescription offer(List<GatheredCandidate> candidates, boolean complete) {
        IceDescription.Builder description = begin().sessionCredentials(credentials);
        List<String> group = new ArrayList<>();
        boolean mids = config.trickles() || config.bundles();
        for (int index = 0; index < streams.size(); index++) {
            description.stream(
                    streams.removed().contains(index)
                            ? refused(streams.get(index), index)
                            : finish(begin(index, mids), candidatesOf(candidates, index, false), complete));
            if (!streams.removed().contains(index)) {
                group.add(String.valueOf(index));
            }
        }
        if (config.bundles()) {
            description.bundleGroup(group);
        }
        return description.build();
    }

    /** A stream of ours as nobody has heard of it yet. */
    private StreamDescription.Builder begin(int index, boolean mids) {
        StreamConfig stream = streams.get(index);
        StreamDescription.Builder section =
                StreamDescription.builder(index).mediaLine(mediaLine(stream)).rtcpMux(muxes(index));
        // fragments name their streams so (RFC 8840 §4.3)
        return mids ? section.mid(String.valueOf(index)) : section;
    }

    /** What is bundled is multiplexed (RFC 8843 §9.3). */
    private boolean muxes(int index) {
        return streams.get(index).rtcpMux() || config.bundles();
    }

    private static StreamDescription refused(StreamConfig stream, int index) {
        return StreamDescription.builder(index)
                .mediaLine(mediaLine(stream))
                .destination(REJECTED)
                .build();
    }

    /**
     * A description for one peer: laid out as its own is, and where pairs are selected with these alone (RFC 8839 §4.4.1.2.2).
     *
     * @param dialogue how far we have come with this peer
     */
    IceDescription towards(
            IceDescription remote, List<GatheredCandidate> candidates, boolean complete, Dialogue dialogue) {
        IceDescription.Builder description = begin();
        // credentials of the session would give ICE to a stream that is described without
        Optional<IceCredentials> common =
                dialogue.plain().isEmpty() ? Optional.of(dialogue.credentials().apply(0)) : Optional.empty();
        common.ifPresent(description::sessionCredentials);
        for (StreamDescription theirs : remote.streams()) {
            if (dialogue.fresh().contains(theirs.index())) {
                description.stream(fresh(theirs.index(), remote, candidates, complete, dialogue));
                continue;
            }
            StreamDescription.Builder section = StreamDescription.builder(theirs.index());
            section.mediaLine(theirs.mediaLine());
            theirs.mid().ifPresent(section::mid);
            if (isRefused(theirs, dialogue)) {
                description.stream(section.destination(REJECTED).build());
                continue;
            }
            boolean mux = muxes(theirs.index()) && theirs.rtcpMux();
            section.rtcpMux(mux);
            Integer tag = dialogue.bundled().get(theirs.index());
            if (tag != null) {
                description.stream(bundled(section, tag, candidates, dialogue));
                continue;
            }
            if (dialogue.plain().contains(theirs.index())) {
                section.iceMismatch(remote.mismatch(theirs));
                description.stream(plain(section, candidatesOf(candidates, theirs.index(), mux)));
                continue;
            }
            IceCredentials own = dialogue.credentials().apply(theirs.index());
            if (!common.equals(Optional.of(own))) {
                section.credentials(own);
            }
            List<CandidatePair> pairs = dialogue.selected().get(theirs.index());
            List<Candidate> told = pairs == null ? candidatesOf(candidates, theirs.index(), mux) : locals(pairs);
            if (pairs != null && dialogue.namesRemotes()) {
                pairs.forEach(pair ->
                        section.remoteCandidate(new RemoteCandidate(pair.component(), asTold(theirs, pair.remote()))));
            }
            description.stream(finish(section, told, complete));
        }
        List<String> group = Bundles.group(remote, dialogue.bundled());
        if (!group.isEmpty()) {
            description.bundleGroup(group);
        }
        int last = dialogue.fresh().stream().max(Integer::compare).orElse(-1);
        for (int index = remote.streams().size(); index <= last; index++) {
            description.stream(
                    dialogue.fresh().contains(index)
                            ? fresh(index, remote, candidates, complete, dialogue)
                            : refused(streams.get(index), index));
        }
        return description.build();
    }

    private boolean isRefused(StreamDescription theirs, Dialogue dialogue) {
        boolean noPort = theirs.destination().filter(each -> each.port() == 0).isPresent();
        return theirs.index() >= streams.size()
                || streams.removed().contains(theirs.index())
                || noPort && !dialogue.bundled().containsKey(theirs.index());
    }

    /** It goes where the tagged one of its group goes, and needs no candidates of its own (RFC 8843 §7.1.3). */
    private StreamDescription bundled(
            StreamDescription.Builder section, int tag, List<GatheredCandidate> candidates, Dialogue dialogue) {
        List<CandidatePair> pairs = dialogue.selected().get(tag);
        List<Candidate> told = pairs == null ? candidatesOf(candidates, tag, true) : locals(pairs);
        section.credentials(dialogue.credentials().apply(tag));
        return finish(section, told, false).toBuilder().clearCandidates().build();
    }

    private StreamDescription fresh(
            int index, IceDescription remote, List<GatheredCandidate> candidates, boolean complete, Dialogue dialogue) {
        boolean mids = remote.streams().stream().anyMatch(stream -> stream.mid().isPresent());
        StreamDescription.Builder section =
                begin(index, mids).credentials(dialogue.credentials().apply(index));
        return finish(section, candidatesOf(candidates, index, false), complete);
    }

    /**
     * How far we have come with a peer.
     *
     * @param selected the selected pairs of the streams that have them, by stream
     * @param namesRemotes whether the peer's candidates of the selected pairs are named
     * @param credentials ours for a stream
     * @param plain the streams that are described without ICE
     * @param fresh the streams that the peer has not heard of, or not since it refused another in their place
     * @param bundled the streams that travel on the path of another one, and which
     */
    record Dialogue(
            Map<Integer, List<CandidatePair>> selected,
            boolean namesRemotes,
            IntFunction<IceCredentials> credentials,
            Set<Integer> plain,
            Set<Integer> fresh,
            Map<Integer, Integer> bundled) {}

    /** A default destination, and no word of ICE. */
    private StreamDescription plain(StreamDescription.Builder section, List<Candidate> candidates) {
        return finish(section, candidates, false).toBuilder().clearCandidates().build();
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

    private IceDescription.Builder begin() {
        IceDescription.Builder description = IceDescription.builder();
        config.profile().sdp().options().forEach(description::option);
        description.lite(config.isLite());
        if (config.renominates()) {
            description.option(IceDescription.RENOMINATION);
        }
        if (config.trickles()) {
            description.option(IceDescription.TRICKLE);
        }
        if (!config.timings().ta().equals(IceDescription.DEFAULT_PACING)) {
            description.pacing(config.timings().ta());
        }
        return description;
    }

    private StreamDescription finish(StreamDescription.Builder section, List<Candidate> candidates, boolean complete) {
        section.candidates(config.profile().sdp().arranged(candidates));
        section.endOfCandidates(config.trickles() && complete);
        Optional<Candidate> rtp = defaultOf(candidates, Candidate.RTP);
        section.destination(rtp.map(Candidate::address).orElse(NOWHERE));
        defaultOf(candidates, Candidate.RTCP).map(Candidate::address).ifPresent(section::rtcpDestination);
        StreamDescription stream = section.build();
        if (stream.rtcpMux() && stream.rtcpDestination().isEmpty() && rtp.isPresent()) {
            // a peer without rtcp-mux would take the next port for RTCP's default, which is no candidate (RFC 8839
            // §3.2.5)
            return section.rtcpDestination(rtp.get().address()).build();
        }
        return stream;
    }

    /** The candidate that a peer without ICE is most likely to reach (RFC 8445 §5.1.4). */
    private Optional<Candidate> defaultOf(List<Candidate> candidates, int component) {
        return config.profile()
                .sdp()
                .defaultCandidate(candidates.stream()
                        .filter(each -> each.component() == component)
                        .toList());
    }

    /** The candidate that is the default destination of a component in {@link #offer}. */
    Optional<GatheredCandidate> defaultOf(List<GatheredCandidate> candidates, int stream, int component) {
        return defaultOf(candidatesOf(candidates, stream, false), component).flatMap(chosen -> candidates.stream()
                .filter(each ->
                        each.stream() == stream && hidden.told(each.candidate()).equals(chosen))
                .findFirst());
    }

    private List<Candidate> locals(List<CandidatePair> pairs) {
        return pairs.stream().map(CandidatePair::local).map(hidden::told).toList();
    }

    private List<Candidate> candidatesOf(List<GatheredCandidate> candidates, int stream, boolean muxed) {
        return candidates.stream()
                .filter(each -> each.stream() == stream)
                .map(GatheredCandidate::candidate)
                .map(hidden::told)
                .map(config.profile().sdp()::told)
                .filter(candidate -> !muxed || candidate.component() != Candidate.RTCP)
                .toList();
    }

    private static MediaLine mediaLine(StreamConfig stream) {
        return MEDIA.contains(stream.name())
                ? new MediaLine(stream.name(), MediaLine.AUDIO.protocol(), MediaLine.AUDIO.formats())
                : MediaLine.AUDIO;
    }
}
