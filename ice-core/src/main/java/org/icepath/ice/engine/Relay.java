// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.ice.gather.AllocationRequest;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnDialect;
import org.jspecify.annotations.Nullable;

/** One allocation, the candidate gathering asked for it, and the peers that it must let through. Not thread-safe. */
final class Relay {

    /** Peers choose how many addresses they name; permissions are bounded all the same, as {@link TurnAllocation}'s are. */
    static final int MAX_PERMISSIONS = 256;

    /** Those who go over one connection to the server. */
    private static final int MAX_SHARES = 64;

    /** Between the identifiers of {@link #accepting} and {@link #opening}; those of data connections follow the former. */
    private static final long OPENING_ID = 1L << 31;

    /** Why a peer is not let through whom there is no room for. */
    static final String TOO_MANY = "the relay lets " + MAX_PERMISSIONS + " other addresses through";

    private final int number;
    private final AllocationRequest request;
    private final TurnAllocation allocation;
    private final Set<InetAddress> permitted = new HashSet<>();
    private final List<InetAddress> toPermit = new ArrayList<>();
    private final Map<InetAddress, String> refused = new HashMap<>(0);
    private final Set<InetSocketAddress> bound = new HashSet<>();
    private final Set<InetSocketAddress> channels = new HashSet<>(0);
    private final List<Base> bases = new ArrayList<>(2);
    private final Map<InetSocketAddress, Base> shared = new HashMap<>(0);
    private Base leaving;
    private int shares;
    private int moves;
    private boolean ended;
    private boolean succeeded;
    private long heardAt;

    /** @param number its place among all of a session, from 1 */
    Relay(int number, AllocationRequest request, TurnAllocation allocation) {
        this.number = number;
        this.request = request;
        this.allocation = allocation;
        this.leaving = request.local().base();
    }

    int number() {
        return number;
    }

    AllocationRequest request() {
        return request;
    }

    TurnAllocation allocation() {
        return allocation;
    }

    /**
     * The relayed bases, one of each family at most; where connections are relayed what peers connect to, and what they are connected to
     * from. Empty until the allocation stands.
     */
    List<Base> bases() {
        return bases;
    }

    void allocated(long now, Base relayed) {
        bases.add(relayed);
        if (relaysConnections()) {
            InetSocketAddress from = sharesItsConnection()
                    ? relayed.address()
                    : new InetSocketAddress(relayed.address().getAddress(), HostBase.ACTIVE_PORT);
            bases.add(new Base(relayed.id() + OPENING_ID, relayed.transport(), from));
        }
        heardAt = now;
    }

    /** Where connections are relayed: the base that peers connect to. */
    Base accepting() {
        return bases.get(0);
    }

    /**
     * Where connections are relayed: the base that the server connects from on our behalf (RFC 6062 §4.3). It is the relayed address
     * without its port, since nobody connects to an active candidate; with it where all peers share one connection.
     */
    Base opening() {
        return bases.get(1);
    }

    /** When something last came over it, or when it was allocated. */
    long heardAt() {
        return heardAt;
    }

    void heardAt(long now) {
        heardAt = now;
    }

    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** Whether another one was asked for in its place while it stood. */
    boolean isSucceeded() {
        return succeeded;
    }

    void succeed() {
        succeeded = true;
    }

    boolean serves(int stream, int component) {
        return request.local().stream() == stream && request.local().component() == component;
    }

    /** Whether connections are relayed, each a connection of its own to the server (RFC 6062), and not datagrams. */
    boolean relaysConnections() {
        return request.local().transport().isTcp();
    }

    /** Whether all peers come and go over the connection to the server, told apart by their addresses ({@link TurnDialect}). */
    boolean sharesItsConnection() {
        return relaysConnections() && !allocation.dialect().relaysConnections();
    }

    /** What leads to a peer where the connection is shared; null where nothing was sent there, and nothing came. */
    @Nullable
    Base connectionWith(InetSocketAddress peer) {
        return shared.get(peer);
    }

    /** Gives what leads to a peer a name; null where there are too many. */
    @Nullable
    Base share(InetSocketAddress peer) {
        if (shared.size() >= MAX_SHARES) {
            return null;
        }
        shares++;
        Base base = new Base(
                accepting().id() + shares, accepting().transport(), accepting().address());
        shared.put(peer, base);
        return base;
    }

    void unshare(Base connection) {
        shared.values().remove(connection);
    }

    /**
     * Notes a peer's address; asked for together with others at the next {@link #flush}.
     *
     * @return false when there is no room for it, which {@link #refused} says from then on
     */
    boolean permit(InetSocketAddress peer) {
        InetAddress address = peer.getAddress();
        if (permitted.contains(address) || refused.containsKey(address)) {
            return true;
        }
        if (permitted.size() < MAX_PERMISSIONS) {
            permitted.add(address);
            toPermit.add(address);
        } else if (refused.size() < MAX_PERMISSIONS) {
            refused.put(address, TOO_MANY);
            return false;
        }
        return true;
    }

    /** Peers at these addresses are let through no longer. */
    void forbid(long now, Set<InetAddress> peers) {
        permitted.removeAll(peers);
        toPermit.removeAll(peers);
        refused.keySet().removeAll(peers);
        refused.values().removeIf(TOO_MANY::equals); // there may be room
        bound.removeIf(peer -> peers.contains(peer.getAddress()));
        allocation.forbid(now, peers);
    }

    /** The server lets nothing through from a peer that was asked for. */
    void refused(InetAddress peer, String why) {
        if (permitted.contains(peer)) {
            refused.put(peer, why);
        }
    }

    void granted(InetAddress peer) {
        refused.remove(peer);
    }

    /** The peers that it lets nothing through from, and why. */
    Map<InetAddress, String> refused() {
        return refused;
    }

    /** Asks the server for what was noted, all at once. */
    void flush(long now) {
        if (!toPermit.isEmpty()) {
            allocation.permit(now, List.copyOf(toPermit));
            toPermit.clear();
        }
    }

    /**
     * Asks for a channel once for each peer, as long as media goes there; TURN keeps it from then on. Not more often: where a server
     * prefers one peer only, two of them would be preferred in turn without an end.
     */
    void bindChannel(long now, InetSocketAddress peer) {
        if (bound.add(peer)) {
            allocation.bindChannel(now, peer);
        }
    }

    /** The server has bound a channel to a peer. */
    void channelBound(InetSocketAddress peer) {
        channels.add(peer);
    }

    /** There is no channel to a peer, or no more; where there was one, it is asked for once again with the next route. */
    void channelRefused(InetSocketAddress peer) {
        if (channels.remove(peer)) {
            bound.remove(peer);
        }
    }

    /** Media goes to a peer no longer. */
    void left(InetSocketAddress peer) {
        bound.remove(peer);
    }

    /** What leads to the server: the socket, another one after a move, or the connection. */
    Base serverBase() {
        return allocation.base();
    }

    /** Whether it hangs on a connection to the server, and not on a socket. */
    boolean isConnected() {
        return serverBase().transport() != Transport.UDP;
    }

    /** What stands for another connection, from the address of a socket (RFC 8016). */
    Base nextConnection(HostBase from) {
        moves++;
        InetSocketAddress anyPort = new InetSocketAddress(from.base().address().getAddress(), 0);
        return new Base(RelayIds.connection(number, moves), serverBase().transport(), anyPort);
    }

    /** It hangs on a connection from the address of a socket now. */
    void leavesBy(HostBase socket) {
        leaving = socket.base();
    }

    /** The socket that it hangs on, or from whose address its connection comes. */
    Base socket() {
        return isConnected() ? leaving : serverBase();
    }

    /** The socket that it was asked for from, or hangs on since, among those that stand. */
    Optional<HostBase> socketAmong(List<HostBase> hosts) {
        Base socket = socket();
        return hosts.stream().filter(host -> host.base().equals(socket)).findFirst();
    }

    @Override
    public String toString() {
        return "the relay " + allocation.settings().server() + " over " + request.local();
    }
}
