// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.jspecify.annotations.Nullable;

/**
 * A STUN and TURN server as a machine (RFC 8489 §12, RFC 8656).
 *
 * <p>Each connection that its driver accepts is a base of its own, on which clients are heard until it ends.
 *
 * <p>Not thread-safe. Clients are heard on the bases given to {@link #listen}; the bases of allocations come from a {@link
 * RelaySockets}.
 */
public final class EdgeMachine implements Machine<EdgeEvent> {

    private final EdgeFaults faults = new EdgeFaults();
    private final Outbox outbox = new Outbox();
    private final Set<Base> listening = new HashSet<>();
    private final StunMessage message = new StunMessage();
    private final AllocationTable allocations;
    private final Authenticator authenticator;
    private final Replies replies;
    private final BindingRequests bindingRequests;
    private final AllocateRequests allocateRequests;
    private final AllocationRequests allocationRequests;
    private final Relaying relaying;
    private final EdgeConnections connections;
    private final @Nullable MsEdge edge;

    /**
     * Makes a server that listens nowhere yet.
     *
     * @param sockets where relayed addresses come from
     * @param random for nonces and tokens
     */
    public EdgeMachine(EdgeConfig config, RelaySockets sockets, RandomGenerator random) {
        this.allocations = new AllocationTable(outbox, sockets);
        this.authenticator = new Authenticator(config, faults, random);
        this.replies = new Replies(config, faults, authenticator, outbox);
        this.bindingRequests = new BindingRequests(replies, outbox);
        this.allocateRequests = new AllocateRequests(config, faults, allocations, sockets, replies, outbox, random);
        this.allocationRequests = new AllocationRequests(config, faults, allocations, replies, outbox, random);
        this.relaying = new Relaying(config, allocations, outbox, random);
        this.connections = new EdgeConnections(allocations, faults, replies, outbox, random);
        allocations.onGone(connections::endAll);
        this.edge = config.ms()
                .map(ms -> new MsEdge(ms, faults, sockets, outbox, random))
                .orElse(null);
    }

    /** Hears clients on this base too. */
    public void listen(Base base) {
        listening.add(base);
    }

    /**
     * Hears clients on four bases, two addresses with the same two ports each, and answers from another one where that is wanted
     * (RFC 5780).
     */
    public void listenForDiscovery(List<Base> bases) {
        listening.addAll(bases);
        bindingRequests.alternate(bases);
    }

    /**
     * Takes connections that are accepted on this port for those of MS-TURN clients.
     *
     * @throws IllegalStateException if this server does not speak it
     */
    public void listenInMs(int port) {
        if (edge == null) {
            throw new IllegalStateException("this server speaks no MS-TURN");
        }
        edge.listenOn(port);
    }

    /** What this server does wrong on demand. */
    public EdgeFaults faults() {
        return faults;
    }

    /** How many allocations there are. */
    public int allocationCount() {
        return allocations.all().size() + (edge == null ? 0 : edge.allocationCount());
    }

    /** How many connections with peers there are (RFC 6062). */
    public int connectionCount() {
        return connections.count();
    }

    /** Ends all connections with clients, as a server does with those that have been idle. */
    public void cutConnections() {
        Cause cut = new Cause(Cause.Kind.OTHER, "ended by the server");
        for (Base base : List.copyOf(listening)) {
            if (base.transport() != Transport.UDP) {
                outbox.close(base);
                closed(0, base, cut);
            }
        }
    }

    /** Forgets all allocations without telling anyone, as after a crash. */
    public void forgetAllocations() {
        allocations.all().forEach(allocation -> allocations.remove(allocation, false));
        if (edge != null) {
            edge.forgetAllocations();
        }
    }

    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        if (faults.isSilent()) {
            return true;
        }
        if (!listening.contains(base)) {
            MsEdgeAllocation ms = edge == null ? null : edge.allocationAt(base);
            if (edge != null && ms != null) {
                noteUnlessDone(ms.tuple().client(), edge.fromPeer(now, ms, base, from, payload));
                return true;
            }
            Allocation allocation = allocations.of(base);
            if (allocation == null) {
                return connections.pass(now, base, from, payload);
            }
            noteUnlessDone(allocation.tuple().client(), relaying.fromPeer(now, allocation, from, payload));
            return true;
        }
        Exchange.FiveTuple tuple = new Exchange.FiveTuple(base, from);
        if (edge != null && edge.isMine(tuple, payload)) {
            int position = payload.position();
            noteUnlessDone(from, edge.fromClient(now, tuple, payload));
            payload.position(position);
            return true;
        }
        PacketKind kind = Demux.of(payload);
        if (kind == PacketKind.TURN_CHANNEL) {
            noteUnlessDone(from, relaying.sendChannelData(now, tuple, payload));
            return true;
        }
        return kind == PacketKind.STUN && handleStun(now, tuple, payload);
    }

    private boolean handleStun(long now, Exchange.FiveTuple tuple, ByteBuffer payload) {
        try {
            Exchange exchange = new Exchange(now, tuple, message.wrap(payload));
            if (!Fingerprint.absentOrRight(message)) {
                noteUnlessDone(tuple.client(), "wrong FINGERPRINT");
            } else if (message.messageClass() == StunClass.REQUEST) {
                handleRequest(exchange);
            } else if (message.messageClass() == StunClass.INDICATION
                    && message.method().equals(StunMethod.SEND)) {
                noteUnlessDone(tuple.client(), relaying.send(exchange));
            } else {
                noteUnlessDone(tuple.client(), "unexpected " + message);
            }
        } catch (StunParseException e) {
            noteUnlessDone(tuple.client(), String.valueOf(e.getMessage()));
        }
        return true;
    }

    private void handleRequest(Exchange exchange) {
        StunMethod method = exchange.message().method();
        if (faults.takeDrop(method)) {
            noteUnlessDone(exchange.client(), "dropped " + method + ", as the test wants it");
            return;
        }
        Credential credential = null;
        try {
            ErrorCode injected = faults.takeError(method).orElse(null);
            if (injected != null && Authenticator.isChallenge(injected.code())) {
                throw refusal(injected);
            }
            credential = method.equals(StunMethod.BINDING) ? null : authenticator.authenticate(exchange);
            if (injected != null) {
                throw refusal(injected);
            }
            dispatch(exchange, credential);
        } catch (Refusal refusal) {
            replies.error(exchange, credential, refusal);
            outbox.event(new EdgeEvent.Refused(exchange.client(), method, refusal.code(), refusal.reason()));
        } catch (StunParseException e) {
            Refusal refusal = new Refusal(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()));
            replies.error(exchange, credential, refusal);
            outbox.event(new EdgeEvent.Refused(exchange.client(), method, refusal.code(), refusal.reason()));
        }
    }

    private static Refusal refusal(ErrorCode error) {
        return new Refusal(error.code(), error.reason());
    }

    private void dispatch(Exchange exchange, @Nullable Credential credential) {
        StunMethod method = exchange.message().method();
        int[] unknown = exchange.message().unknownComprehensionRequired();
        if (unknown.length > 0) {
            throw new Refusal(ErrorCode.UNKNOWN_ATTRIBUTE, "Unknown Attribute", unknown);
        }
        if (credential == null) {
            bindingRequests.handle(exchange);
        } else if (method.equals(StunMethod.ALLOCATE)) {
            allocateRequests.handle(exchange, credential);
        } else if (method.equals(StunMethod.REFRESH)) {
            allocationRequests.refresh(exchange, credential);
        } else if (method.equals(StunMethod.CREATE_PERMISSION)) {
            allocationRequests.createPermission(exchange, credential);
        } else if (method.equals(StunMethod.CHANNEL_BIND)) {
            allocationRequests.channelBind(exchange, credential);
        } else if (method.equals(StunMethod.CONNECT)) {
            connections.connect(exchange, credential);
        } else if (method.equals(StunMethod.CONNECTION_BIND)) {
            connections.bind(exchange, credential);
            listening.remove(exchange.tuple().base());
        } else {
            throw new Refusal(ErrorCode.BAD_REQUEST, "Method not supported");
        }
    }

    private void noteUnlessDone(InetSocketAddress client, String reason) {
        if (!reason.isEmpty()) {
            outbox.event(new EdgeEvent.Ignored(client, reason));
        }
    }

    @Override
    public void sendFailed(long now, Base base, InetSocketAddress to, Cause cause) {
        Allocation allocation = allocations.of(base);
        if (allocation != null && cause.kind() == Cause.Kind.UNREACHABLE) {
            relaying.unreachable(allocation, to);
        }
    }

    @Override
    public void opened(long now, Base base) {
        boolean peers = edge != null && edge.opened(base) && !edge.isClient(base);
        if (!peers && !connections.opened(now, base)) {
            listening.add(base);
        }
    }

    @Override
    public void closed(long now, Base base, Cause cause) {
        listening.remove(base);
        connections.closed(now, base, cause);
        allocations.removeOn(base);
        if (edge != null) {
            edge.closed(base);
        }
    }

    @Override
    public void handleTimeout(long now) {
        allocations.handleTimeout(now);
        connections.handleTimeout(now);
        if (edge != null) {
            edge.handleTimeout(now);
        }
    }

    @Override
    public long nextTimeout() {
        long own = Math.min(allocations.nextTimeout(), connections.nextTimeout());
        return edge == null ? own : Math.min(own, edge.nextTimeout());
    }

    @Override
    public void drainTo(Output<? super EdgeEvent> out) {
        outbox.drainTo(out);
    }
}
