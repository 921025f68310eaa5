// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceFailure;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.ice.agent.AgentEvent;
import org.icepath.ice.agent.PairSnapshot;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;

/**
 * Where one peer stands, and what the application hears of it: the agent's events are translated, its datagrams go on to sockets and
 * relays. Not thread-safe.
 */
final class PeerProgress implements Output<AgentEvent> {

    private final int number;
    private final Streams streams;
    private final EngineOutbox outbox;
    private final LocalSide local;
    private final Departures departures;
    private final Generations generations;
    private final PeerPaths paths;
    private final Carriers carriers;
    private final Set<Permission> permissions = new LinkedHashSet<>(2);
    private IceRole role;
    private IceState state = IceState.WAITING;
    private boolean newlySelected;
    private boolean moved;
    private boolean contested;
    private boolean plainLost;
    private boolean consentGone;
    private long now;
    private @Nullable Output<?> out;
    private @Nullable PeerGeneration speaker;

    /** An address of the peer's that relays must let through to a component of ours. */
    record Permission(int stream, int component, InetSocketAddress address) {

        /** Whether relays that let the one through let the other through, too: permissions know no ports (RFC 8656 §9). */
        boolean covers(Permission other) {
            return stream == other.stream
                    && component == other.component
                    && address.getAddress().equals(other.address.getAddress());
        }
    }

    PeerProgress(
            int number,
            Streams streams,
            EngineOutbox outbox,
            LocalSide local,
            PeerPaths paths,
            Generations generations,
            IceRole role) {
        this.number = number;
        this.streams = streams;
        this.outbox = outbox;
        this.local = local;
        this.departures = local.departures();
        this.generations = generations;
        this.paths = paths;
        this.carriers = new Carriers(paths, generations);
        this.role = role;
    }

    IceRole role() {
        return role;
    }

    /**
     * We have another role: a conflict was repaired (RFC 8445 §7.3.1.1), or whom we talk to from now on is lite, and never controls
     * (RFC 8445 §6.1.1).
     */
    void takeRole(long at, IceRole next) {
        if (next != role) {
            role = next;
            outbox.peer(at, number, new IceEvent.RoleChanged(next));
        }
    }

    IceState state() {
        return state;
    }

    /** As {@link Carriers#pairs}. */
    List<PairSnapshot> pairs(long at) {
        return carriers.pairs(at);
    }

    Set<Permission> permissions() {
        return permissions;
    }

    /** Whether a stream has been selected since this was asked last. */
    boolean takeSelected() {
        boolean taken = newlySelected;
        newlySelected = false;
        return taken;
    }

    /** Whether {@link #takeSelected} would be true. */
    boolean hasNewlySelected() {
        return newlySelected;
    }

    /** Drains a generation; one object for all drains, since each packet is followed by one. */
    void drain(long at, PeerGeneration generation, Output<?> target) {
        now = at;
        out = target;
        speaker = generation;
        generation.agent().drainTo(this);
        consentGone &= !works();
        speaker = null;
        out = null;
    }

    /** Hands on what leaves while no agent speaks: answers to early checks. */
    void send(long at, Base base, InetSocketAddress to, ByteBuffer payload, Output<?> target) {
        now = at;
        out = target;
        transmit(base, to, payload);
        out = null;
    }

    @Override
    public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
        departures.transmit(now, base, to, payload, Objects.requireNonNull(out, "drained without a target"));
    }

    @Override
    public void event(AgentEvent event) {
        onAgentEvent(Objects.requireNonNull(speaker, "drained without a generation"), event);
    }

    /** A stream has gone from its place: what carried it has nothing to do with another one there, nor with where the peer stands. */
    void forget(long at, int stream) {
        generations.forget(at, stream);
        carriers.forget(stream);
        review(at);
    }

    /** The peer goes on without ICE: paths are others' affair from now on. */
    void endGenerations(long at) {
        generations.end(at);
        carriers.clear();
    }

    void moveTo(long at, IceState next) {
        IceState from = state;
        if (from == next) {
            return;
        }
        if (!from.successors().contains(next)) {
            throw new IllegalStateException("peer " + number + " from " + from + " to " + next);
        }
        state = next;
        moved = true;
        outbox.peer(at, number, new IceEvent.StateChanged(from, next));
    }

    private boolean works() {
        return state == IceState.CONNECTED || state == IceState.COMPLETED;
    }

    /** Whether a path was lost because the peer has taken back its consent, or let it expire: no check will bring that one back. */
    boolean consentGone() {
        return consentGone && state == IceState.DISCONNECTED;
    }

    /** Whether the peer, or one of its streams, has come to stand elsewhere since this was asked last. */
    boolean takeMoved() {
        boolean taken = moved;
        moved = false;
        return taken;
    }

    /** Descriptions or our own streams have changed: what is owed may be something else. */
    void look() {
        moved = true;
        contested = true;
    }

    /** Whether it may have changed since this was asked last that a restart is wished. */
    boolean takeContested() {
        boolean taken = contested;
        contested = false;
        return taken;
    }

    void select(long at, int stream) {
        newlySelected = true;
        paths.carriedBy(stream).forEach(each -> outbox.peer(at, number, new IceEvent.StreamSelected(nameOf(each))));
    }

    void permit(Permission permission) {
        if (permissions.add(permission)) {
            local.relays().permit(permission.stream(), permission.component(), permission.address());
        }
    }

    /** The addresses that generations have taken along which have ended: relays need not let them through for this peer. */
    List<Permission> takeForgotten() {
        if (!generations.takeShrunk()) {
            return List.of();
        }
        List<Permission> forgotten =
                permissions.stream().filter(each -> !isKnown(each)).toList();
        forgotten.forEach(permissions::remove);
        return forgotten;
    }

    private boolean isKnown(Permission permission) {
        InetAddress address = permission.address().getAddress();
        return generations.knows(permission.stream(), permission.component(), address)
                || paths.active(permission.stream(), permission.component())
                        .filter(pair -> pair.remote().getAddress().equals(address))
                        .isPresent();
    }

    private String nameOf(int stream) {
        return streams.nameOf(stream);
    }

    private void onAgentEvent(PeerGeneration from, AgentEvent event) {
        if (event instanceof AgentEvent.Ready ready) {
            carriers.ready(now, from, ready);
        } else if (event instanceof AgentEvent.PathChanged changed) {
            carriers.changed(now, from, changed);
            // after a renomination the selected pair may differ from the default destination (RFC 8839 §4.4.1.2.2)
            newlySelected |= changed.cause() == PathChange.PROMOTED && from.isSelected(changed.stream());
        } else if (event instanceof AgentEvent.PathSuspect suspect) {
            local.suspect(now, suspect.stream(), suspect.component());
        } else if (event instanceof AgentEvent.NoPath lost) {
            carriers.lost(now, from, lost);
        } else if (event instanceof AgentEvent.ConsentLost lost) {
            carriers.consentLost(now, from, lost);
            consentGone = true;
            local.suspect(now, lost.stream(), lost.component()); // a NAT may have rebound since it was suspect first
        } else if (event instanceof AgentEvent.RemoteKnown known) {
            permit(new Permission(known.stream(), known.component(), known.address()));
        } else if (event instanceof AgentEvent.ConnectionWanted wanted) {
            local.connections().want(now, wanted.base(), wanted.remote());
        } else if (event instanceof AgentEvent.Selected all) {
            onSelected(from, all.stream());
        } else {
            onRareEvent(from, event);
        }
    }

    private void onSelected(PeerGeneration from, int stream) {
        boolean replaces = generations.select(now, from, stream);
        contested = true;
        if (replaces) {
            carriers.takeOver(now, from, stream);
            int begun = from.number();
            narrate(stream, () -> ": generation " + begun + " is in force");
        }
        if (generations.isInForce(from, stream)) {
            select(now, stream);
        }
    }

    private void onRareEvent(PeerGeneration from, AgentEvent event) {
        boolean latest = generations.latest().filter(from::equals).isPresent();
        if (event instanceof AgentEvent.StateChanged changed) {
            from.state(changed.to());
            review(now);
        } else if (event instanceof AgentEvent.RoleChanged changed && latest) {
            takeRole(now, changed.role());
        } else if (event instanceof AgentEvent.FirstCheck check && from.number() == 0) {
            outbox.peer(
                    now,
                    number,
                    new IceEvent.FirstCheckReceived(nameOf(check.stream()), check.component(), check.from()));
        } else if (event instanceof AgentEvent.Multiplexed shared) {
            paths.mux(shared.stream());
        } else if (event instanceof AgentEvent.Wrapped wrapped) {
            paths.wrap(wrapped.remote(), wrapped.envelope());
        } else if (event instanceof AgentEvent.RestartWished wish) {
            contested |= from.contest(wish.stream(), wish.wished());
        } else if (event instanceof AgentEvent.Failed failed) {
            onFailed(from, failed.failure());
        } else if (event instanceof AgentEvent.Overruled overruled) {
            String stream = overruled.stream() == AgentEvent.ALL_STREAMS ? "" : nameOf(overruled.stream());
            outbox.peer(now, number, new IceEvent.Overruled(stream, overruled.why()));
        } else if (event instanceof AgentEvent.Ignored ignored) {
            outbox.peer(now, number, new IceEvent.Ignored(ignored.reason()));
        } else {
            narrate(from, event);
        }
    }

    /**
     * The agents together say where the peer stands, unless a stream without ICE beside theirs has lost its path. An agent that has just begun
     * says so soon.
     */
    void review(long at) {
        generations.state().filter(next -> next != IceState.WAITING).ifPresent(next -> {
            boolean works = next == IceState.CONNECTED || next == IceState.COMPLETED;
            moveTo(at, works && plainLost ? IceState.DISCONNECTED : next);
        });
    }

    /** Whether a stream without ICE beside others with it has lost its path, and it is waited for. */
    void plainLost(long at, boolean lost) {
        if (lost != plainLost) {
            plainLost = lost;
            review(at);
        }
    }

    /** What an earlier generation misses is no failure while a later one carries on; nor is the other way round. */
    private void onFailed(PeerGeneration from, IceFailure failure) {
        moved = true;
        // the others have waited for it: all that can be selected is now
        newlySelected |= from.streams().stream()
                .anyMatch(each -> each.name().equals(failure.stream()) && !from.isSelected(each.index()));
        boolean inForce = from.streams().stream().anyMatch(stream -> generations.isInForce(from, stream.index()));
        if (inForce) {
            outbox.peer(now, number, new IceEvent.Failed(failure));
        } else if (from.retireAt() == Machine.NEVER) {
            outbox.peer(now, number, new IceEvent.RestartFailed(failure));
            contested = true; // what the restart was to bring may be worth another one
        }
    }

    private void narrate(PeerGeneration from, AgentEvent event) {
        int generation = from.number();
        if (event instanceof AgentEvent.PeerReflexiveFound found) {
            narrate(
                    found.stream(),
                    () -> ": " + (found.local() ? "our" : "the peer's") + " peer-reflexive candidate "
                            + found.candidate().address() + " became known" + in(generation));
        } else if (event instanceof AgentEvent.PathLeft left) {
            narrate(
                    left.stream(),
                    () -> "/" + left.component() + " leaves "
                            + EventText.of(left.pair().pair()) + in(generation) + ": " + left.why());
        } else if (event instanceof AgentEvent.Nominated nominated) {
            narrate(
                    nominated.stream(),
                    () -> "/" + nominated.component() + " nominated "
                            + EventText.of(nominated.pair().pair()) + in(generation));
        }
    }

    private void narrate(int stream, Supplier<String> what) {
        String name = nameOf(stream);
        outbox.timeline().add(now, number, () -> name + what.get());
    }

    private static String in(int generation) {
        return generation == 0 ? "" : " in generation " + generation;
    }
}
