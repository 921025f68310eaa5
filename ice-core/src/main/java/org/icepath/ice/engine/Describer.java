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
    static final CandidateAddress REJECTED = CandidateAddress.of("0.0.0.0", 0);

    private final IceConfig config;
    private final Streams streams;
    private final IceCredentials credentials;
    private final HiddenAddresses hidden;
    private final Origins origins;

    Describer(IceConfig config, Streams streams, IceCredentials credentials, HiddenAddresses hidden) {
        this.config = config;
        this.streams = streams;
        this.credentials = credentials;
        this.hidden = hidden;
        this.origins = new Origins(credentials.ufrag());
    }

    /** Counts the offers that are for nobody yet. */
    Origins origins() {
        return origins;
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
                    streams.has(index)
                            ? finish(begin(index, mids), candidatesOf(candidates, index), complete)
                            : refused(index));
            if (streams.has(index)) {
                group.add(String.valueOf(index));
            }
        }
        if (config.bundles()) {
            description.bundleGroup(group);
        }
        return origins.next(description.build());
    }

    /** A stream of ours as nobody has heard of it yet. */
    StreamDescription.Builder begin(int index, boolean mids) {
        StreamConfig stream = streams.get(index);
        StreamDescription.Builder section =
                StreamDescription.builder(index).mediaLine(mediaLine(stream)).rtcpMux(muxes(index));
        // fragments name their streams so (RFC 8840 §4.3)
        return mids ? section.mid(String.valueOf(index)) : section;
    }

    /** Whether streams are offered as a bundle. */
    boolean bundles() {
        return config.bundles();
    }

    /** What is bundled is multiplexed (RFC 8843 §9.3). */
    boolean muxes(int index) {
        return streams.get(index).rtcpMux() || config.bundles();
    }

    /** A stream of ours that is no more. */
    StreamDescription refused(int index) {
        return StreamDescription.builder(index)
                .mediaLine(mediaLine(streams.get(index)))
                .destination(REJECTED)
                .build();
    }

    /**
     * A further description for one peer, or the answer to its offer.
     *
     * @param dialogue how far we have come with this peer
     */
    IceDescription towards(
            IceDescription remote, List<GatheredCandidate> candidates, boolean complete, Dialogue dialogue) {
        return new PeerDescription(this, remote, candidates, complete, dialogue).write();
    }

    /**
     * How far we have come with a peer.
     *
     * @param selected the selected pairs of the streams that have them, by stream
     * @param namesRemotes whether the peer's candidates of the selected pairs are named
     * @param credentials ours for a stream
     * @param plain the streams that are described without ICE
     * @param fresh the streams that the peer has not heard of, or not since it refused another in their place
     * @param components those of a stream that are described
     * @param layout what the peer's description means for each stream
     */
    record Dialogue(
            Map<Integer, List<CandidatePair>> selected,
            boolean namesRemotes,
            IntFunction<IceCredentials> credentials,
            Set<Integer> plain,
            Set<Integer> fresh,
            IntFunction<List<Integer>> components,
            RemoteLayout layout) {}

    /** A description without streams. */
    IceDescription.Builder begin() {
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

    /**
     * A stream with these candidates and its default destinations.
     *
     * @param complete whether no more will come
     */
    StreamDescription finish(StreamDescription.Builder section, List<Candidate> candidates, boolean complete) {
        return finish(section, candidates, candidates, complete);
    }

    /**
     * As {@link #finish(StreamDescription.Builder, List, boolean)}.
     *
     * @param destinations those of the candidates that may be default destinations
     */
    StreamDescription finish(
            StreamDescription.Builder section,
            List<Candidate> candidates,
            List<Candidate> destinations,
            boolean complete) {
        section.candidates(config.profile().sdp().arranged(candidates));
        section.endOfCandidates(config.trickles() && complete);
        Optional<Candidate> rtp = defaultOf(destinations, Candidate.RTP);
        section.destination(rtp.map(Candidate::address).orElse(NOWHERE));
        defaultOf(destinations, Candidate.RTCP).map(Candidate::address).ifPresent(section::rtcpDestination);
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
        return defaultOf(candidatesOf(candidates, stream), component).flatMap(chosen -> candidates.stream()
                .filter(each ->
                        each.stream() == stream && hidden.told(each.candidate()).equals(chosen))
                .findFirst());
    }

    /** Our candidates of a stream as descriptions have them. */
    List<Candidate> candidatesOf(List<GatheredCandidate> candidates, int stream) {
        return candidates.stream()
                .filter(each -> each.stream() == stream)
                .map(GatheredCandidate::candidate)
                .map(hidden::told)
                .map(config.profile().sdp()::told)
                .toList();
    }

    private static MediaLine mediaLine(StreamConfig stream) {
        return MEDIA.contains(stream.name())
                ? new MediaLine(stream.name(), MediaLine.AUDIO.protocol(), MediaLine.AUDIO.formats())
                : MediaLine.AUDIO;
    }
}
