// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.IceRole;
import org.icepath.ice.agent.EarlyCheck;
import org.icepath.ice.agent.StreamLayout;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;

/**
 * Offers and answers with one peer, as far as generations go: which credentials of ours go out, and which generation an exchange begins
 * (RFC 8839 §4.4.1.1.1). Not thread-safe.
 */
final class Exchanges implements Output<EarlyCheck> {

    private final Agents agents;
    private final OurGeneration first;
    private final Generations generations;
    private final PeerProgress progress;
    private @Nullable OurGeneration proposed;
    private boolean open;
    private int begun;
    private long now;
    private @Nullable Output<?> out;

    /** @param first what the session tells all peers at first */
    Exchanges(Agents agents, OurGeneration first, Generations generations, PeerProgress progress) {
        this.agents = agents;
        this.first = first;
        this.generations = generations;
        this.progress = progress;
    }

    /** Whether an offer of ours is neither answered nor rolled back. */
    boolean isOpen() {
        return open;
    }

    /** Whether the open offer begins another generation. */
    boolean proposesRestart() {
        return proposed != null;
    }

    /** An offer of ours goes out; offered again, it has the credentials that it had, whatever has become due meanwhile. */
    void open(boolean restart) {
        if (restart && !open) {
            proposed = agents.begin(progress.role());
        }
        open = true;
    }

    /** The open offer is answered or counts for nothing; checks for what it proposed are strangers' from now on. */
    void settle() {
        open = false;
        proposed = null;
    }

    /** Our credentials for a stream in a description that goes out now. */
    IceCredentials credentials(int stream) {
        OurGeneration ours = proposed;
        return (ours == null ? known(stream) : ours).credentials();
    }

    /** A stream that is new is offered under what the others have by now: whoever answers may know nothing older. */
    private OurGeneration known(int stream) {
        return generations
                .latestOf(stream)
                .or(generations::latest)
                .map(PeerGeneration::ours)
                .orElse(first);
    }

    /** The streams that the peer's description carries over to another generation. */
    List<StreamLayout> renewed(RemoteLayout further, boolean answer) {
        if (answer && proposed != null) {
            return further.iceStreams();
        }
        return further.iceStreams().stream()
                .filter(stream -> !belongsToLatest(further, stream.index()))
                .toList();
    }

    private boolean belongsToLatest(RemoteLayout further, int stream) {
        StreamDescription theirs = further.remote().streams().get(stream);
        return generations
                .latestOf(stream)
                .filter(latest -> latest.fits(theirs))
                .isPresent();
    }

    /**
     * Begins a generation. The roles stay (RFC 8445 §6.1.1), whoever offers the restart; only a lite peer never controls.
     *
     * @param answer whether the peer answers, under what we have offered; to an offer we answer with fresh credentials
     */
    PeerGeneration begin(long at, RemoteLayout layout, List<StreamLayout> streams, boolean answer) {
        IceRole role = IceRole.between(agents.lite(), layout.remote().lite(), progress.role());
        progress.takeRole(at, role);
        OurGeneration ours = ours(streams, answer);
        PeerGeneration generation = new PeerGeneration(
                begun, ours, agents.agent(ours, role, streams, layout.remote()), streams, layout.remote());
        begun++;
        ours.early().holdAnswers();
        generations.add(at, generation);
        return generation;
    }

    private OurGeneration ours(List<StreamLayout> streams, boolean answer) {
        if (begun == 0) {
            return first;
        }
        OurGeneration offered = proposed;
        if (answer) {
            return offered == null ? known(streams.get(0).index()) : offered;
        }
        return agents.begin(progress.role());
    }

    /** Takes checks for what we told this peer alone, while their sender's half is not known (RFC 8445 §7.3). */
    boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        OurGeneration offered = proposed;
        if (offered != null && offered.early().handle(at, base, from, payload)) {
            return true;
        }
        for (int i = 0; i < generations.all().size(); i++) {
            OurGeneration ours = generations.all().get(i).ours();
            if (ours != first && ours.early().handle(at, base, from, payload)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a source has sent such a check under what our open offer proposes. */
    boolean knowsEarly(Base base, InetSocketAddress from) {
        OurGeneration offered = proposed;
        return offered != null && offered.early().knows(base, from);
    }

    /** Hands over the answers to such checks. */
    void drainTo(long at, Output<?> target) {
        now = at;
        out = target;
        OurGeneration offered = proposed;
        if (offered != null) {
            offered.early().drainTo(this);
        }
        for (int i = 0; i < generations.all().size(); i++) {
            OurGeneration ours = generations.all().get(i).ours();
            if (ours != first) {
                ours.early().drainTo(this);
            }
        }
        out = null;
    }

    @Override
    public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
        progress.send(now, base, to, payload, Objects.requireNonNull(out, "drained without a target"));
    }

    @Override
    public void event(EarlyCheck check) {
        // it is kept for the agent; the peer as such was heard of before
    }
}
