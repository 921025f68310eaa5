// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceState;
import org.icepath.ice.agent.IceAgent;
import org.icepath.ice.agent.StreamLayout;
import org.icepath.sansio.Machine;

/** One generation of one peer: our credentials and the peer's, and the agent that checks under them. Mutable; not thread-safe. */
final class PeerGeneration {

    private final int number;
    private final OurGeneration ours;
    private final IceAgent agent;
    private final List<StreamLayout> streams;
    private final Map<Integer, StreamDescription> theirs = new HashMap<>();
    private final Set<Integer> selected = new HashSet<>();
    private final Set<Integer> contested = new HashSet<>();
    private final Set<Integer> ended = new HashSet<>();
    private IceState state = IceState.WAITING;
    private long retireAt = Machine.NEVER;

    PeerGeneration(int number, OurGeneration ours, IceAgent agent, List<StreamLayout> streams, IceDescription remote) {
        this.number = number;
        this.ours = ours;
        this.agent = agent;
        this.streams = new ArrayList<>(streams);
        streams.forEach(stream -> theirs.put(stream.index(), remote.streams().get(stream.index())));
    }

    /** 0 for the first of a peer. */
    int number() {
        return number;
    }

    OurGeneration ours() {
        return ours;
    }

    IceAgent agent() {
        return agent;
    }

    List<StreamLayout> streams() {
        return streams;
    }

    /** Its stream in this place has gone for good. */
    void forget(int stream) {
        streams.removeIf(each -> each.index() == stream);
        theirs.remove(stream);
        selected.remove(stream);
    }

    boolean concerns(int stream) {
        return streams.stream().anyMatch(each -> each.index() == stream);
    }

    boolean concerns(int stream, int component) {
        return streams.stream()
                .anyMatch(each -> each.index() == stream && each.components().contains(component));
    }

    /** The streams whose pairs this generation has selected. */
    Set<Integer> selected() {
        return selected;
    }

    /** The streams for which something better than what is selected here was found. */
    Set<Integer> contested() {
        return contested;
    }

    /** The peer trickles no more for a stream; returns whether that was the last one (RFC 8838 §13). */
    boolean ended(int stream) {
        ended.add(stream);
        return streams.stream().allMatch(each -> ended.contains(each.index()));
    }

    IceState state() {
        return state;
    }

    void state(IceState next) {
        state = next;
    }

    /** When it ends, its streams being carried by a later one; {@link Machine#NEVER} until that is so. */
    long retireAt() {
        return retireAt;
    }

    void retireAt(long at) {
        retireAt = at;
    }

    /** The name that late candidates find this generation by. */
    Generation name() {
        return new Generation(number, ufrag());
    }

    private String ufrag() {
        return streams.stream()
                .flatMap(stream -> credentials(stream.index()).stream())
                .map(IceCredentials::ufrag)
                .findFirst()
                .orElse("");
    }

    private List<IceCredentials> credentials(int stream) {
        StreamDescription description = theirs.get(stream);
        return description == null
                ? List.of()
                : description.credentials().stream().toList();
    }

    /** Whether a stream described so belongs to this generation. */
    boolean fits(StreamDescription stream) {
        List<IceCredentials> known = credentials(stream.index());
        return known.isEmpty() || stream.credentials().stream().toList().equals(known);
    }

    /** Whether any stream is known under this fragment of the peer's. */
    boolean hasRemoteUfrag(String ufrag) {
        return theirs.values().stream()
                .flatMap(stream -> stream.credentials().stream())
                .anyMatch(credentials -> credentials.ufrag().equals(ufrag));
    }

    /**
     * Takes what a description says of this generation. Streams that have gone on to a later one stay as they were last described
     * here: they carry media until the later one is selected.
     */
    void setRemote(long now, IceDescription remote, boolean complete) {
        IceDescription.Builder mine = remote.toBuilder();
        for (StreamDescription stream : remote.streams()) {
            StreamDescription before = theirs.get(stream.index());
            if (before != null && stream.hasIce() && !fits(stream)) {
                mine.replaceStream(before);
            } else if (concerns(stream.index()) && stream.hasIce()) {
                theirs.put(stream.index(), stream);
            }
        }
        agent.setRemote(now, mine.build());
        if (complete) {
            agent.endOfRemote(now);
        }
    }
}
