// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceException;
import org.icepath.ice.IceFailure;
import org.icepath.ice.agent.StreamLayout;

/** What a remote description means for each stream of ours: ICE, plain UDP or nothing, and whether RTCP is multiplexed. */
final class RemoteLayout {

    private final IceConfig config;
    private final Set<Integer> removed;
    private final Set<Streams.Place> absent;
    private final IceDescription told;
    private final Bundles bundles;
    private final IceDescription remote;
    private final List<StreamDescription> used;
    private final List<StreamLayout> iceStreams;
    private final List<StreamDescription> plainStreams;

    private RemoteLayout(Streams streams, IceDescription told, Bundles before) {
        this.config = streams.config();
        this.removed = streams.removed();
        this.absent = streams.absent();
        this.told = told;
        this.bundles = config.bundles() ? Bundles.of(told, this::lives, before) : Bundles.NONE;
        this.remote = bundles.placed(told);
        this.used = remote.streams().stream().filter(this::isUsed).toList();
        this.iceStreams = used.stream().filter(this::connects).map(this::layout).toList();
        this.plainStreams = used.stream()
                .filter(stream -> plain(stream) && !bundled().containsKey(stream.index()))
                .toList();
    }

    private boolean lives(int stream) {
        return stream < config.streams().size()
                && !removed.contains(stream)
                && !told.streams().get(stream).rejected();
    }

    /** Which streams travel together. */
    Bundles bundles() {
        return bundles;
    }

    /** The streams that travel on the path of another one, and which. */
    Map<Integer, Integer> bundled() {
        return bundles.carriers();
    }

    /** @throws IceException when nothing of the description can be used here */
    static RemoteLayout of(Streams streams, IceDescription remote) {
        return new RemoteLayout(streams, remote, Bundles.NONE).requireUsable();
    }

    /**
     * What a further description of the peer means.
     *
     * @throws IceException when nothing of it can be used here
     */
    RemoteLayout next(Streams streams, IceDescription further) {
        return new RemoteLayout(streams, further, bundles).requireUsable();
    }

    private RemoteLayout requireUsable() {
        if (used.isEmpty()) {
            throw new IceException(IceFailure.of(
                    IceFailure.Kind.UNUSABLE_DESCRIPTION,
                    "the description has " + told.streams().size()
                            + " streams, and none of them is both accepted and one of ours"));
        }
        return this;
    }

    /** What the same description means when our streams are others. */
    RemoteLayout over(Streams streams) {
        return new RemoteLayout(streams, told, bundles);
    }

    /** Whether the peer has no part, or no more part, in a stream. */
    boolean lacks(int stream) {
        return stream >= remote.streams().size() || isRefused(remote.streams().get(stream));
    }

    /** The description as it came. */
    IceDescription told() {
        return told;
    }

    /** The description with each transport in the place that it has here. */
    IceDescription remote() {
        return remote;
    }

    /** The streams that both sides have, and the places whose transport others have taken over. */
    List<StreamDescription> used() {
        return used;
    }

    /** Whether both sides have the stream in this place. */
    boolean has(int stream) {
        return !bundles.heirs().containsKey(stream) && used.stream().anyMatch(each -> each.index() == stream);
    }

    private boolean isUsed(StreamDescription stream) {
        if (bundles.heirs().containsKey(stream.index())) {
            return true;
        }
        return stream.index() < config.streams().size()
                && !removed.contains(stream.index())
                && !isRefused(stream)
                && (bundled().containsKey(stream.index())
                        || !components(stream.index()).isEmpty());
    }

    /** Port 0 is no refusal of a stream that is to be bundled, where it is (RFC 8843 §7.2.2). */
    boolean isRefused(StreamDescription stream) {
        boolean noPort = stream.destination().filter(each -> each.port() == 0).isPresent();
        return stream.rejected() || noPort && !bundled().containsKey(stream.index());
    }

    /** Whether a stream runs without ICE: the peer knows none, or something on the way rewrote its addresses (RFC 8839 §3.2.5). */
    boolean plain(StreamDescription stream) {
        return !stream.hasIce() || stream.iceMismatch() || remote.mismatch(stream);
    }

    /** Whether RTCP of a stream travels with its RTP: both sides said so (RFC 5761 §5.1.1). */
    boolean muxed(int stream) {
        return stream < remote.streams().size()
                && (config.streams().get(stream).rtcpMux() || config.bundles())
                && remote.streams().get(stream).rtcpMux();
    }

    /** The components of a stream that have a path of their own; none where it is bundled. */
    List<Integer> components(int stream) {
        return possible(stream).stream()
                .filter(component -> names(stream, component))
                .toList();
    }

    /** The components of a stream that could have a path of their own, if the peer wants them. */
    List<Integer> possible(int stream) {
        return wanted(stream)
                .filter(component -> !absent.contains(new Streams.Place(stream, component)))
                .toList();
    }

    private Stream<Integer> wanted(int stream) {
        return config.streams().get(stream).components().stream()
                .filter(component -> !bundled().containsKey(stream))
                .filter(component -> component != Candidate.RTCP || !muxed(stream));
    }

    /** The components that the peer has of their own in a further description, and that our sockets were given up of. */
    List<Streams.Place> missing(Streams streams, IceDescription further) {
        return new RemoteLayout(streams, further, bundles).missing();
    }

    private List<Streams.Place> missing() {
        return remote.streams().stream()
                .filter(stream -> stream.index() < config.streams().size() && !removed.contains(stream.index()))
                .filter(stream -> !isRefused(stream))
                .flatMap(stream -> wanted(stream.index())
                        .filter(component -> names(stream.index(), component))
                        .map(component -> new Streams.Place(stream.index(), component)))
                .filter(absent::contains)
                .toList();
    }

    /** Whether the peer has a component, or may yet have it: else there is one less (RFC 8445 §6.1.2.2). */
    private boolean names(int stream, int component) {
        if (stream >= remote.streams().size()) {
            return true;
        }
        StreamDescription theirs = remote.streams().get(stream);
        if (plain(theirs)) {
            return theirs.defaultDestination(component).isPresent();
        }
        boolean told = !theirs.candidates().isEmpty() && (!trickles() || theirs.endOfCandidates());
        return !told || !theirs.candidates(component).isEmpty();
    }

    /** The streams for an agent to connect. */
    List<StreamLayout> iceStreams() {
        return iceStreams;
    }

    private boolean connects(StreamDescription stream) {
        return !plain(stream) && !bundled().containsKey(stream.index());
    }

    private StreamLayout layout(StreamDescription stream) {
        int named = bundles.heirs().getOrDefault(stream.index(), stream.index());
        return new StreamLayout(stream.index(), config.streams().get(named).name(), components(stream.index()));
    }

    /** The streams for plain UDP. */
    List<StreamDescription> plainStreams() {
        return plainStreams;
    }

    /** Why a stream is without ICE, in words; empty when it has ICE. */
    Optional<String> whyPlain(StreamDescription stream) {
        if (!stream.hasIce()) {
            return Optional.of("the peer offers no ICE");
        } else if (stream.iceMismatch()) {
            return Optional.of("the peer says that our addresses were changed on the way (ice-mismatch)");
        } else if (remote.mismatch(stream)) {
            return Optional.of(
                    "the peer's default destination is none of its candidates: something on the way changed it");
        }
        return Optional.empty();
    }

    /** The options that count for the whole session. */
    Set<String> options() {
        Set<String> options = new HashSet<>(remote.options());
        used.forEach(stream -> stream.options().stream().filter(remote::offers).forEach(options::add));
        return options;
    }

    /** Whether the peer takes candidates one by one. */
    boolean trickles() {
        return remote.offers(IceDescription.TRICKLE);
    }

    /** Whether the peer has said, or implies by not trickling, that no candidates follow. */
    boolean complete() {
        return !trickles()
                || used.stream()
                        .allMatch(stream -> stream.endOfCandidates()
                                || plain(stream)
                                || bundled().containsKey(stream.index()));
    }

    /** Whether the agent checks this component. */
    boolean checks(int stream, int component) {
        return iceStreams.stream()
                .anyMatch(each -> each.index() == stream && each.components().contains(component));
    }

    /** The peer's username fragment: of the first stream that has one; empty without ICE. */
    String ufrag() {
        return used.stream()
                .flatMap(stream -> stream.credentials().stream())
                .map(credentials -> credentials.ufrag())
                .findFirst()
                .orElse("");
    }
}
