// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.Envelope;
import org.icepath.ice.IceEvent;
import org.icepath.ice.PathChange;
import org.icepath.ice.SendResult;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.agent.ActivePair;
import org.icepath.sansio.Base;

/**
 * The paths of one peer: which pair each component sends over, told as routes; and whose packet it is that arrived. Where RTCP is
 * multiplexed its path is RTP's (RFC 5761); where streams are bundled it is the first one's (RFC 8843). Not thread-safe.
 */
final class PeerPaths {

    private static final int RTCP_LOWEST_TYPE = 192;
    private static final int RTCP_HIGHEST_TYPE = 223;

    private final int peer;
    private final EngineOutbox outbox;
    private final Departures departures;
    private final List<PathState[]> paths = new ArrayList<>(1);
    private Bundles bundles = Bundles.NONE;

    PeerPaths(int peer, Streams streams, EngineOutbox outbox, Departures departures) {
        this.peer = peer;
        this.outbox = outbox;
        this.departures = departures;
        for (int index = 0; index < streams.size(); index++) {
            renew(index, streams.get(index));
        }
    }

    /** Makes the paths of a stream that is new in its place. */
    void renew(int index, StreamConfig stream) {
        PathState[] made = new PathState[stream.components().size()];
        for (int component = 1; component <= made.length; component++) {
            made[component - 1] = new PathState(index, stream.name(), component);
        }
        if (index == paths.size()) {
            paths.add(made);
        } else {
            paths.set(index, made);
        }
    }

    /** Nothing is sent any more on a stream. */
    void end(int stream) {
        for (PathState path : paths.get(stream)) {
            lose(path);
        }
    }

    private void lose(PathState path) {
        if (path.active().isPresent()) {
            path.lose(SendResult.NO_PATH);
            publish(path);
        }
    }

    /** Sends RTCP of a stream with its RTP from now on. */
    void mux(int stream) {
        PathState rtp = path(stream, Candidate.RTP);
        if (!rtp.muxed()) {
            rtp.mux();
            if (hasRtcp(stream)) {
                rtp.active().ifPresent(pair -> path(stream, Candidate.RTCP).use(pair));
                publish(path(stream, Candidate.RTCP));
            }
        }
    }

    /** RTCP of a stream goes its own way from now on: nowhere, until it has one. */
    void unmux(int stream) {
        PathState rtp = path(stream, Candidate.RTP);
        if (rtp.muxed()) {
            rtp.unmux();
            if (hasRtcp(stream)) {
                lose(path(stream, Candidate.RTCP));
            }
        }
    }

    /** Sends some streams on the paths of others from now on. A stream that is gone is sent no more, though others have its path. */
    void bundle(Bundles next) {
        Bundles before = bundles;
        bundles = next;
        next.carriers().forEach((stream, place) -> {
            if (!place.equals(before.carriers().get(stream))) {
                for (PathState path : paths.get(stream)) {
                    path(place, Candidate.RTP).active().ifPresent(path::use);
                    publish(path);
                }
            }
        });
        Set<Integer> stirred = new HashSet<>(before.heirs().keySet());
        stirred.addAll(next.heirs().keySet());
        stirred.stream().flatMap(place -> Stream.of(paths.get(place))).forEach(this::publish);
    }

    /** Whether the stream of a path is gone: it is only followed for those that have taken it over. */
    private boolean isSilent(PathState path) {
        return bundles.heirs().containsKey(path.stream());
    }

    /** The streams that travel on the path of a place, the one whose place it is included unless it is gone. */
    List<Integer> carriedBy(int place) {
        List<Integer> carried = new ArrayList<>(guests(place));
        if (!bundles.heirs().containsKey(place)) {
            carried.add(0, place);
        }
        return carried;
    }

    private List<Integer> guests(int place) {
        return bundles.carriers().keySet().stream()
                .filter(stream -> bundles.placeOf(stream) == place)
                .toList();
    }

    /** Lets packets flow over the first valid pair, and says that they may. */
    void ready(long now, int stream, int component, ActivePair pair) {
        for (PathState path : served(stream, component)) {
            if (path.active().isEmpty()) {
                path.use(pair);
                publish(path);
            }
            tell(now, path, new IceEvent.PathReady(path.streamName(), path.component(), pair.pair()));
        }
    }

    void change(long now, int stream, int component, Optional<CandidatePair> from, ActivePair to, PathChange cause) {
        for (PathState path : served(stream, component)) {
            path.active().ifPresent(departures::left);
            path.use(to);
            publish(path);
            tell(now, path, new IceEvent.PathChanged(path.streamName(), path.component(), from, to.pair(), cause));
        }
    }

    private void tell(long now, PathState path, IceEvent event) {
        if (!isSilent(path)) {
            outbox.peer(now, peer, event);
        }
    }

    void consentLost(long now, int stream, int component, ActivePair pair) {
        for (PathState path : served(stream, component)) {
            if (path.consentLost(pair)) {
                publish(path);
            }
            tell(now, path, new IceEvent.ConsentLost(path.streamName(), path.component(), pair.pair()));
        }
    }

    void lost(int stream, int component) {
        for (PathState path : served(stream, component)) {
            lose(path);
        }
    }

    void close() {
        for (int stream = 0; stream < paths.size(); stream++) {
            end(stream);
        }
    }

    /** Publishes anew all routes that leave from a relay, because its channels have changed. */
    void refresh(Base relay) {
        for (PathState[] components : paths) {
            for (PathState path : components) {
                if (path.active().filter(pair -> pair.base().equals(relay)).isPresent()) {
                    publish(path);
                }
            }
        }
    }

    /** Publishes anew all routes between a candidate and a peer's address, because they have another connection now. */
    void refresh(Base candidate, InetSocketAddress remote) {
        for (PathState[] components : paths) {
            for (PathState path : components) {
                boolean concerned = path.active()
                        .filter(pair ->
                                pair.base().equals(candidate) && pair.remote().equals(remote))
                        .isPresent();
                if (concerned) {
                    publish(path);
                }
            }
        }
    }

    /** Puts something before each packet that goes to an address of the peer's. */
    void wrap(InetSocketAddress remote, Envelope envelope) {
        for (PathState path : all()) {
            path.active().filter(pair -> pair.remote().equals(remote)).ifPresent(pair -> {
                path.use(pair.within(envelope));
                publish(path);
            });
        }
    }

    Optional<ActivePair> active(int stream, int component) {
        return path(stream, component).active();
    }

    /** The pair that the packets of a component go by; empty as well where its stream is gone and others have its path. */
    Optional<ActivePair> carrying(int stream, int component) {
        PathState path = path(stream, component);
        return isSilent(path) ? Optional.empty() : path.active();
    }

    /** The pairs in use, of all components. */
    List<PathState> all() {
        List<PathState> all = new ArrayList<>();
        for (PathState[] components : paths) {
            all.addAll(List.of(components));
        }
        return all;
    }

    /**
     * Hands a packet of the application's to the sink.
     *
     * @return whether it was the path's first, which is told
     */
    boolean deliver(long now, int place, int component, InetSocketAddress from, ByteBuffer packet, MediaSink sink) {
        int stream = bundles.heirs().isEmpty() ? place : bundles.heirs().getOrDefault(place, place);
        PathState path = path(stream, component);
        if (path(place, component).mixed() && hasRtcp(stream) && isRtcp(packet)) {
            path = path(stream, Candidate.RTCP);
        }
        boolean first = path.firstPacket();
        if (first) {
            outbox.peer(now, peer, new IceEvent.FirstPacket(path.streamName(), path.component(), from));
        }
        sink.received(now, peer, stream, path.component(), from, packet);
        return first;
    }

    /** RFC 5761 §4: packet types 192 to 223 are RTCP's; RTP payload types are chosen so that none of them meets these. */
    private static boolean isRtcp(ByteBuffer packet) {
        if (packet.remaining() < 2) {
            return false;
        }
        int type = packet.get(packet.position() + 1) & 0xFF;
        return type >= RTCP_LOWEST_TYPE && type <= RTCP_HIGHEST_TYPE;
    }

    /** The paths that a pair of this component serves. */
    private List<PathState> served(int stream, int component) {
        List<PathState> served = new ArrayList<>(List.of(path(stream, component)));
        if (component == Candidate.RTP && path(stream, Candidate.RTP).muxed() && hasRtcp(stream)) {
            served.add(path(stream, Candidate.RTCP));
        }
        if (component == Candidate.RTP) {
            guests(stream).forEach(each -> served.addAll(List.of(paths.get(each))));
        }
        return served;
    }

    private void publish(PathState path) {
        Optional<Route> route = carrying(path.stream(), path.component()).map(departures::route);
        outbox.tell(new EngineEvent.RouteChanged(peer, path.stream(), path.component(), route, path.whenAbsent()));
    }

    private boolean hasRtcp(int stream) {
        return paths.get(stream).length >= Candidate.RTCP;
    }

    private PathState path(int stream, int component) {
        return paths.get(stream)[component - 1];
    }
}
