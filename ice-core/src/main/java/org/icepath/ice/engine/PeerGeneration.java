// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.Generation;
import org.icepath.ice.IceState;
import org.icepath.ice.agent.IceAgent;
import org.icepath.ice.agent.StreamLayout;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/** One generation of one peer: our credentials and the peer's, and the agent that checks under them. Mutable; not thread-safe. */
final class PeerGeneration {

    private final int number;
    private final OurGeneration ours;
    private final IceAgent agent;
    private final List<Part> parts = new ArrayList<>(1);
    private Generation name;
    private IceState state = IceState.WAITING;
    private long retireAt = Machine.NEVER;

    /** What this generation is for one of its streams. */
    private static final class Part {

        private final StreamLayout layout;
        private StreamDescription theirs;
        private boolean selected;
        private boolean contested;
        private boolean ended;
        private long drainedAt = Machine.NEVER;

        Part(StreamLayout layout, StreamDescription theirs) {
            this.layout = layout;
            this.theirs = theirs;
        }
    }

    PeerGeneration(int number, OurGeneration ours, IceAgent agent, List<StreamLayout> streams, IceDescription remote) {
        this.number = number;
        this.ours = ours;
        this.agent = agent;
        for (StreamLayout stream : streams) {
            parts.add(new Part(stream, remote.streams().get(stream.index())));
        }
        this.name = new Generation(number, ufrag());
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
        return parts.stream().map(part -> part.layout).toList();
    }

    /** Its stream in this place has gone for good. */
    void forget(int stream) {
        parts.removeIf(part -> part.layout.index() == stream);
        name = new Generation(number, ufrag());
    }

    /** A later generation carries this stream, which goes from here at that time; the others stay. */
    void drain(int stream, long until) {
        Part part = part(stream);
        if (part != null && part.drainedAt == Machine.NEVER) {
            part.drainedAt = until;
        }
    }

    /** When the first stream is drained; {@link Machine#NEVER} while none is being so. */
    long drainedAt() {
        long first = Machine.NEVER;
        for (int i = 0; i < parts.size(); i++) {
            first = Math.min(first, parts.get(i).drainedAt);
        }
        return first;
    }

    /** Ends the checks of streams that are drained. */
    void endDrained(long now) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i).drainedAt <= now) {
                int stream = parts.get(i).layout.index();
                forget(stream);
                agent.endStream(now, stream);
            }
        }
    }

    private @Nullable Part part(int stream) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).layout.index() == stream) {
                return parts.get(i);
            }
        }
        return null;
    }

    boolean concerns(int stream) {
        return part(stream) != null;
    }

    boolean concerns(int stream, int component) {
        Part part = part(stream);
        return part != null && part.layout.components().contains(component);
    }

    /** Whether this generation has selected the pairs of a stream. */
    boolean isSelected(int stream) {
        Part part = part(stream);
        return part != null && part.selected;
    }

    void select(int stream) {
        Part part = part(stream);
        if (part != null) {
            part.selected = true;
        }
    }

    /** Whether something better than what is selected here was found for a stream. */
    boolean isContested(int stream) {
        Part part = part(stream);
        return part != null && part.contested;
    }

    /** Notes whether something better was found; returns whether that is new. */
    boolean contest(int stream, boolean contested) {
        Part part = part(stream);
        boolean changes = part != null && part.contested != contested;
        if (part != null) {
            part.contested = contested;
        }
        return changes;
    }

    /** The peer trickles no more for a stream; returns whether that was the last one (RFC 8838 §13). */
    boolean ended(int stream) {
        boolean all = true;
        for (Part part : parts) {
            part.ended |= part.layout.index() == stream;
            all &= part.ended;
        }
        return all;
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
        return name;
    }

    private String ufrag() {
        return parts.stream()
                .flatMap(part -> part.theirs.credentials().stream())
                .map(IceCredentials::ufrag)
                .findFirst()
                .orElse("");
    }

    /** Whether a stream described so belongs to this generation. */
    boolean fits(StreamDescription stream) {
        Part part = part(stream.index());
        return part == null
                || part.theirs.credentials().isEmpty()
                || part.theirs.credentials().equals(stream.credentials());
    }

    /** Whether any stream is known under this fragment of the peer's. */
    boolean hasRemoteUfrag(String ufrag) {
        for (Part part : parts) {
            if (part.theirs
                    .credentials()
                    .filter(each -> each.ufrag().equals(ufrag))
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Takes what a description says of this generation. Streams that have gone on to a later one stay as they were last described
     * here: they carry media until the later one is selected. Those that are none of its own, or not any more, are as good as refused.
     */
    void setRemote(long now, IceDescription remote, boolean complete) {
        List<StreamDescription> others = new ArrayList<>(0);
        for (StreamDescription stream : remote.streams()) {
            Part part = part(stream.index());
            if (!stream.hasIce()) {
                continue;
            }
            if (part == null) {
                others.add(StreamDescription.builder(stream.index())
                        .mediaLine(stream.mediaLine())
                        .destination(Describer.REJECTED)
                        .build());
            } else if (fits(stream)) {
                part.theirs = stream;
            } else {
                others.add(part.theirs);
            }
        }
        name = new Generation(number, ufrag());
        agent.setRemote(now, others.isEmpty() ? remote : with(remote, others));
        if (complete) {
            agent.endOfRemote(now);
        }
    }

    private static IceDescription with(IceDescription remote, List<StreamDescription> others) {
        IceDescription.Builder mine = remote.toBuilder();
        others.forEach(mine::replaceStream);
        return mine.build();
    }
}
