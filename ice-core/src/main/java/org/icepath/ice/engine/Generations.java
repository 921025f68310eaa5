// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.icepath.ice.Generation;
import org.icepath.ice.IceState;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.agent.Encounters;
import org.icepath.ice.agent.IceAgent;
import org.icepath.ice.agent.PairSnapshot;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/**
 * The generations of one peer that live side by side. One is in force for a stream until a later one has selected its pairs (RFC 8445
 * §9); it then stays to receive, and to answer the peer's consent checks, until the peer must have moved, too. Not thread-safe.
 */
final class Generations {

    /** How long a replaced generation stays: as long as consent on it would last without an answer (RFC 7675 §5.1). */
    static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    /**
     * How long a stream that is replaced stays in a generation that others still need: shorter than consent lasts after the last answer before,
     * so that what nobody answers any more says nothing of the others.
     */
    private static final long PART_DRAIN_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** Most that live: the one in force, the latest, and those that are drained. */
    private static final int MOST = 4;

    /** From the best to the worst that a stream can be in. */
    static final List<IceState> RANKS = List.of(
            IceState.COMPLETED,
            IceState.CONNECTED,
            IceState.CHECKING,
            IceState.DISCONNECTED,
            IceState.FAILED,
            IceState.WAITING,
            IceState.CLOSED);

    private final List<PeerGeneration> live = new ArrayList<>(1);
    private final Map<Integer, PeerGeneration> inForce = new HashMap<>(2);
    private boolean shrunk;

    /** All that live, oldest first. */
    List<PeerGeneration> all() {
        return live;
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    /** The agent of the one that lives, where no other does. */
    @Nullable
    IceAgent only() {
        return live.size() == 1 ? live.get(0).agent() : null;
    }

    /** The one that the latest exchange of descriptions began. */
    Optional<PeerGeneration> latest() {
        return live.isEmpty() ? Optional.empty() : Optional.of(live.get(live.size() - 1));
    }

    /** The name of the latest. */
    Generation name() {
        return latest().map(PeerGeneration::name).orElse(new Generation(0, ""));
    }

    /** The latest that has this stream. */
    Optional<PeerGeneration> latestOf(int stream) {
        for (int i = live.size() - 1; i >= 0; i--) {
            if (live.get(i).concerns(stream)) {
                return Optional.of(live.get(i));
            }
        }
        return Optional.empty();
    }

    /** The components of a stream that have a path of their own, and a part in the generation that goes on. */
    List<Integer> components(RemoteLayout layout, int stream) {
        Optional<PeerGeneration> latest = latestOf(stream);
        return layout.components(stream).stream()
                .filter(component -> latest.isEmpty() || latest.get().agent().takesPart(stream, component))
                .toList();
    }

    /** The latest that knows the peer by this fragment, if any that has this stream. */
    Optional<PeerGeneration> named(String remoteUfrag, int stream) {
        for (int i = live.size() - 1; i >= 0; i--) {
            if (live.get(i).hasRemoteUfrag(remoteUfrag) && live.get(i).concerns(stream)) {
                return Optional.of(live.get(i));
            }
        }
        return Optional.empty();
    }

    boolean isInForce(PeerGeneration generation, int stream) {
        return inForce.get(stream) == generation;
    }

    void add(long now, PeerGeneration generation) {
        live.add(generation);
        generation.streams().forEach(stream -> inForce.putIfAbsent(stream.index(), generation));
        for (int i = 0; i < live.size() - 1 && live.size() > MOST; i++) {
            PeerGeneration old = live.get(i);
            if (!inForce.containsValue(old)) {
                remove(now, old);
                i--;
            }
        }
    }

    /**
     * A generation has selected the pairs of a stream.
     *
     * @return whether that puts it in force in place of an earlier one
     */
    boolean select(long now, PeerGeneration generation, int stream) {
        generation.select(stream);
        PeerGeneration before = inForce.get(stream);
        if (before == null || before.number() >= generation.number()) {
            return false;
        }
        inForce.put(stream, generation);
        for (PeerGeneration old : live) {
            boolean replaced = old.number() < generation.number() && !inForce.containsValue(old);
            if (replaced && old.retireAt() == Machine.NEVER) {
                old.retireAt(now + DRAIN_NANOS);
            } else if (old.number() < generation.number()) {
                old.drain(stream, now + PART_DRAIN_NANOS);
            }
        }
        return true;
    }

    /**
     * Where the peer stands: for each stream the best of its generations that are not replaced, and of the streams the worst; those that
     * have failed do not count while others go on (RFC 8445 §8.1.2).
     */
    Optional<IceState> state() {
        int failed = RANKS.indexOf(IceState.FAILED);
        int worst = -1;
        boolean someFailed = false;
        for (int stream : inForce.keySet()) {
            int best = rank(stream);
            someFailed |= best == failed;
            worst = best == failed ? worst : Math.max(worst, best);
        }
        int rank = worst < 0 && someFailed ? failed : worst;
        return rank < 0 ? Optional.empty() : Optional.of(RANKS.get(rank));
    }

    private int rank(int stream) {
        int best = RANKS.size() - 1;
        for (PeerGeneration generation : live) {
            if (generation.retireAt() == Machine.NEVER && generation.concerns(stream)) {
                best = Math.min(best, RANKS.indexOf(generation.state()));
            }
        }
        return best;
    }

    /** Whether a stream has failed, in all of its generations that are not replaced. */
    boolean hasFailed(int stream) {
        boolean some = false;
        for (PeerGeneration generation : live) {
            if (generation.retireAt() == Machine.NEVER && generation.concerns(stream)) {
                some = true;
                if (!generation.agent().hasFailed(stream)) {
                    return false;
                }
            }
        }
        return some;
    }

    /** Whether a restart would bring a stream to a better path; not while one goes on that may still find it. */
    boolean wishRestart() {
        return inForce.entrySet().stream()
                .anyMatch(each -> each.getValue().isContested(each.getKey())
                        && latestOf(each.getKey())
                                .filter(latest -> latest.equals(each.getValue())
                                        || latest.agent().hasFailed(each.getKey()))
                                .isPresent());
    }

    boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        for (int i = live.size() - 1; i >= 0; i--) {
            if (live.get(i).agent().handle(now, base, from, payload)) {
                return true;
            }
        }
        return false;
    }

    /**
     * As {@link IceAgent#dataArrived}: any generation that knows the source lets it through (RFC 8445 §12.2), and all watch what the
     * peer's data does, since the peer may move to the other generation sooner or later than we do.
     */
    int dataArrived(long now, Base base, InetSocketAddress from, int bytes) {
        int place = IceAgent.NOBODY;
        for (int i = live.size() - 1; i >= 0; i--) {
            boolean found = place != IceAgent.NOBODY;
            int known = live.get(i).agent().dataArrived(now, base, from, found ? IceAgent.COUNTED : bytes);
            place = found ? place : known;
        }
        return place;
    }

    /** Whether the last {@link #dataArrived} has left an agent something to say, or an earlier deadline. */
    boolean isStirred() {
        for (int i = 0; i < live.size(); i++) {
            if (live.get(i).agent().isStirred()) {
                return true;
            }
        }
        return false;
    }

    void handleTimeout(long now) {
        for (int i = 0; i < live.size(); i++) {
            PeerGeneration generation = live.get(i);
            if (generation.retireAt() <= now) {
                remove(now, generation);
                i--;
            } else {
                generation.agent().handleTimeout(now);
                generation.endDrained(now);
            }
        }
    }

    long nextTimeout() {
        long next = Machine.NEVER;
        for (int i = 0; i < live.size(); i++) {
            PeerGeneration generation = live.get(i);
            long ends = Math.min(generation.retireAt(), generation.drainedAt());
            next = Math.min(next, Math.min(ends, generation.agent().nextTimeout()));
        }
        return next;
    }

    /** A pair as it stands in its generation. */
    Optional<PairSnapshot> snapshotOf(ActivePair pair) {
        for (int i = live.size() - 1; i >= 0; i--) {
            if (live.get(i).number() == pair.generation()) {
                return live.get(i).agent().snapshotOf(pair.pair());
            }
        }
        return Optional.empty();
    }

    List<PairSnapshot> pairs(long now) {
        List<PairSnapshot> pairs = new ArrayList<>();
        for (int i = live.size() - 1; i >= 0; i--) {
            pairs.addAll(live.get(i).agent().snapshot(now).pairs());
        }
        return pairs;
    }

    /** What the agents have met with together. */
    Encounters encounters(long now) {
        Encounters all = Encounters.NONE;
        for (PeerGeneration generation : live) {
            all = all.plus(generation.agent().snapshot(now).encounters());
        }
        return all;
    }

    void close(long now) {
        live.forEach(generation -> generation.agent().close(now));
    }

    /** A stream has gone from its place; a generation that has no other stream ends, one whose others are replaced is drained. */
    void forget(long now, int stream) {
        inForce.remove(stream);
        for (PeerGeneration generation : List.copyOf(live)) {
            generation.forget(stream);
            if (generation.streams().isEmpty()) {
                remove(now, generation);
            } else if (generation.retireAt() == Machine.NEVER && isReplaced(generation)) {
                generation.retireAt(now + DRAIN_NANOS);
            }
        }
    }

    private boolean isReplaced(PeerGeneration generation) {
        return generation.streams().stream()
                .map(stream -> inForce.get(stream.index()))
                .allMatch(carrier -> carrier != null && carrier.number() > generation.number());
    }

    /** Closes all, and forgets them. */
    void end(long now) {
        close(now);
        live.clear();
        inForce.clear();
        shrunk = true;
    }

    private void remove(long now, PeerGeneration generation) {
        generation.agent().close(now);
        live.remove(generation);
        shrunk = true;
    }

    /** Whether one has ended since this was asked last. */
    boolean takeShrunk() {
        boolean taken = shrunk;
        shrunk = false;
        return taken;
    }

    /** Whether one that lives knows a candidate of the peer's at this address. */
    boolean knows(int stream, int component, InetAddress address) {
        return live.stream().anyMatch(each -> each.agent().knows(stream, component, address));
    }
}
