// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.agent.AgentEvent;
import org.icepath.ice.agent.IceAgent;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;

/**
 * Where one peer stands, and what the application hears of it: the agent's events are translated, its datagrams go on to sockets and
 * relays. Not thread-safe.
 */
final class PeerProgress implements Output<AgentEvent> {

    private final int number;
    private final IceConfig config;
    private final EngineOutbox outbox;
    private final Relays relays;
    private final PeerPaths paths;
    private final Set<Permission> permissions = new LinkedHashSet<>();
    private final Set<Integer> selected = new HashSet<>();
    private IceRole role;
    private IceState state = IceState.WAITING;
    private boolean newlySelected;
    private long now;
    private @Nullable Output<?> out;

    /** An address of the peer's that relays must let through to a component of ours. */
    record Permission(int stream, int component, InetSocketAddress address) {}

    PeerProgress(int number, IceConfig config, EngineOutbox outbox, Relays relays, PeerPaths paths, IceRole role) {
        this.number = number;
        this.config = config;
        this.outbox = outbox;
        this.relays = relays;
        this.paths = paths;
        this.role = role;
    }

    IceRole role() {
        return role;
    }

    IceState state() {
        return state;
    }

    Set<Permission> permissions() {
        return permissions;
    }

    /** The streams whose pairs are selected. */
    Set<Integer> selected() {
        return Collections.unmodifiableSet(selected);
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

    /** Drains an agent; one object for all drains, since each packet is followed by one. */
    void drain(long at, IceAgent agent, Output<?> target) {
        now = at;
        out = target;
        agent.drainTo(this);
        out = null;
    }

    @Override
    public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
        Output<?> target = Objects.requireNonNull(out, "drained without a target");
        if (Relays.isRelay(base)) {
            relays.transmit(now, base, to, payload, target);
        } else {
            target.transmit(base, to, payload);
        }
    }

    @Override
    public void event(AgentEvent event) {
        onAgentEvent(event);
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
        outbox.peer(at, number, new IceEvent.StateChanged(from, next));
    }

    void select(long at, int stream) {
        selected.add(stream);
        newlySelected = true;
        outbox.peer(at, number, new IceEvent.StreamSelected(nameOf(stream)));
    }

    void permit(Permission permission) {
        if (permissions.add(permission)) {
            relays.permit(permission.stream(), permission.component(), permission.address());
        }
    }

    private String nameOf(int stream) {
        return config.streams().get(stream).name();
    }

    private void onAgentEvent(AgentEvent event) {
        if (event instanceof AgentEvent.Ready ready) {
            paths.ready(now, ready.stream(), ready.component(), ready.pair());
        } else if (event instanceof AgentEvent.PathChanged changed) {
            paths.change(
                    now,
                    changed.stream(),
                    changed.component(),
                    changed.from().map(ActivePair::pair),
                    changed.to(),
                    changed.cause());
        } else if (event instanceof AgentEvent.NoPath lost) {
            paths.lost(lost.stream(), lost.component());
        } else if (event instanceof AgentEvent.ConsentLost lost) {
            paths.consentLost(now, lost.stream(), lost.component(), lost.pair());
        } else if (event instanceof AgentEvent.RemoteKnown known) {
            permit(new Permission(known.stream(), known.component(), known.address()));
        } else if (event instanceof AgentEvent.Selected all) {
            select(now, all.stream());
        } else {
            onRareEvent(event);
        }
    }

    private void onRareEvent(AgentEvent event) {
        if (event instanceof AgentEvent.StateChanged changed) {
            state = changed.to();
            outbox.peer(now, number, new IceEvent.StateChanged(changed.from(), changed.to()));
        } else if (event instanceof AgentEvent.RoleChanged changed) {
            role = changed.role();
            outbox.peer(now, number, new IceEvent.RoleChanged(role));
        } else if (event instanceof AgentEvent.FirstCheck check) {
            outbox.peer(
                    now,
                    number,
                    new IceEvent.FirstCheckReceived(nameOf(check.stream()), check.component(), check.from()));
        } else if (event instanceof AgentEvent.Failed failed) {
            outbox.peer(now, number, new IceEvent.Failed(failed.failure()));
        } else if (event instanceof AgentEvent.Ignored ignored) {
            outbox.peer(now, number, new IceEvent.Ignored(ignored.reason()));
        } else if (event instanceof AgentEvent.PeerReflexiveFound found) {
            outbox.timeline()
                    .add(
                            now,
                            number,
                            nameOf(found.stream()) + ": " + (found.local() ? "our" : "the peer's")
                                    + " peer-reflexive candidate "
                                    + found.candidate().address() + " became known");
        } else if (event instanceof AgentEvent.Nominated nominated) {
            outbox.timeline()
                    .add(
                            now,
                            number,
                            nameOf(nominated.stream()) + "/" + nominated.component() + " nominated "
                                    + EventText.of(nominated.pair().pair()));
        }
    }
}
