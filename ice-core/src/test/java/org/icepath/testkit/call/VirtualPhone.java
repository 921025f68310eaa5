// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.call;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.Pacer;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.engine.EngineEvent;
import org.icepath.ice.engine.EngineSettings;
import org.icepath.ice.engine.HostBase;
import org.icepath.ice.engine.IceEngine;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.network.VirtualNode;
import org.icepath.testkit.network.Zone;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnServer;

/**
 * One session on a virtual host, with a socket on each of the host's addresses for each component. Servers of the configuration must
 * be address literals, except where a test gives names up itself. Not thread-safe.
 */
public final class VirtualPhone {

    private final VirtualNetwork network;
    private final VirtualHost host;
    private IceConfig config;
    private final IceEngine engine;
    private final List<HostBase> bases = new ArrayList<>();
    private final List<Received> received = new ArrayList<>();
    private final VirtualNode<EngineEvent> node;

    /**
     * A packet that arrived.
     *
     * @param at when, in nanoseconds
     */
    public record Received(long at, int peer, int stream, int component, InetSocketAddress from, ByteBuffer packet) {}

    /** Makes a phone that has not begun to gather, with a pacer of its own. */
    public VirtualPhone(VirtualNetwork network, VirtualHost host, IceConfig config) {
        this(network, host, config, Pacer.shared());
    }

    /** Makes a phone that shares a pacer with others. */
    public VirtualPhone(VirtualNetwork network, VirtualHost host, IceConfig config, Pacer pacer) {
        this(network, host, config, pacer, address -> InterfaceKind.WIRED);
    }

    /** Makes a phone that knows what its interfaces are made of. */
    public VirtualPhone(
            VirtualNetwork network,
            VirtualHost host,
            IceConfig config,
            Pacer pacer,
            Function<InetAddress, InterfaceKind> kinds) {
        this.network = network;
        this.host = host;
        this.config = config;
        SplittableRandom random = new SplittableRandom(network.random().nextLong());
        engine = new IceEngine(new EngineSettings(config, pacer, host.name()), random, this::received);
        host.addresses().forEach(address -> bases.addAll(bind(address, kinds.apply(address))));
        node = host.run(engine).onEvent(this::bindBeside).onEvent(this::close).onEvent(this::findAgain);
    }

    private void bindBeside(EngineEvent event) {
        if (event instanceof EngineEvent.SocketWanted wanted) {
            network.after(Duration.ZERO, () -> node().act((now, machine) -> {
                HostBase one = wanted.beside();
                Base another = host.bind(one.base().address().getAddress(), 0);
                HostBase socket = new HostBase(one.stream(), one.component(), another, one.interfaceName(), one.kind());
                engine.network().socketBound(now, wanted.ticket(), socket);
            }));
        }
    }

    private void close(EngineEvent event) {
        if (event instanceof EngineEvent.BaseUnused unused) {
            host.close(unused.base());
        }
    }

    private void findAgain(EngineEvent event) {
        if (event instanceof EngineEvent.StunServerSought sought) {
            network.after(Duration.ZERO, () -> node().act((now, machine) -> findStunServer(now, sought.server())));
        } else if (event instanceof EngineEvent.TurnServerSought sought) {
            network.after(Duration.ZERO, () -> node().act((now, machine) -> findTurnServer(now, sought.server())));
        }
    }

    private List<HostBase> bind(InetAddress address, InterfaceKind kind) {
        List<HostBase> bound = new ArrayList<>();
        for (int stream = 0; stream < config.streams().size(); stream++) {
            bound.addAll(bind(stream, address, kind));
        }
        return bound;
    }

    private List<HostBase> bind(int stream, InetAddress address, InterfaceKind kind) {
        List<HostBase> bound = new ArrayList<>();
        StreamConfig configured = config.streams().get(stream);
        for (int component : configured.components()) {
            for (TransportType transport : config.transports(configured)) {
                bound.add(new HostBase(stream, component, transport, bind(address, transport), nameOf(kind), kind));
            }
        }
        return bound;
    }

    private Base bind(InetAddress address, TransportType transport) {
        if (transport.isUdp()) {
            return host.bind(address, 0);
        }
        return transport.tcpType().accepts()
                ? host.listen(address, 0, config.profile().checks().framing())
                : host.opening(address, HostBase.ACTIVE_PORT);
    }

    private static String nameOf(InterfaceKind kind) {
        return switch (kind) {
            case WIRED, UNKNOWN -> "eth0";
            case WIRELESS -> "wlan0";
            case CELLULAR -> "wwan0";
            case VPN -> "tun0";
        };
    }

    /** An interface appears on the host, in the midst of the session; {@link VirtualHost#detach} is its opposite. */
    public void attach(Zone zone, String address, InterfaceKind kind) {
        host.attach(zone, address);
        InetAddress added = host.addresses().get(host.addresses().size() - 1);
        node.act((now, machine) -> {
            List<HostBase> appeared = bind(added, kind);
            bases.addAll(appeared);
            engine.network().add(now, appeared);
        });
    }

    private void received(long at, int peer, int stream, int component, InetSocketAddress from, ByteBuffer packet) {
        ByteBuffer copy = ByteBuffer.allocate(packet.remaining());
        copy.put(packet.duplicate()).flip();
        received.add(new Received(at, peer, stream, component, from, copy));
    }

    /** Begins to gather; servers that are address literals are resolved at once. */
    public VirtualPhone gather() {
        node.act((now, machine) -> {
            engine.network().gather(now, bases);
            for (int i = 0; i < config.stunServers().size(); i++) {
                findStunServer(now, i);
            }
            for (int i = 0; i < config.turnServers().size(); i++) {
                findTurnServer(now, i);
            }
        });
        return this;
    }

    private void findStunServer(long now, int server) {
        literal(
                        config.stunServers().get(server).host(),
                        config.stunServers().get(server).port())
                .ifPresent(address -> engine.network()
                        .stunServerResolved(
                                now,
                                server,
                                List.of(ServerAddress.udp(address), new ServerAddress(Transport.TCP, address))));
    }

    private void findTurnServer(long now, int server) {
        TurnServer turn = config.turnServers().get(server);
        literal(turn.host(), turn.port())
                .map(address -> new ServerAddress(turn.transport(), address))
                .ifPresent(place -> engine.network().turnServerResolved(now, server, List.of(place)));
    }

    private static Optional<InetSocketAddress> literal(String server, int port) {
        return CandidateAddress.of(server, port).socketAddress();
    }

    /** Gives the engine a command, with the time, and carries out what follows. */
    public <T> T perform(LongFunction<T> command) {
        List<T> result = new ArrayList<>();
        node.act((now, machine) -> result.add(command.apply(now)));
        return result.get(0);
    }

    /** Adds a stream, with a socket on each of the host's addresses for each of its components; returns its place. */
    public int addStream(StreamConfig stream) {
        int place = perform(now -> engine.signalling().addStream(now, stream));
        config = engine.signalling().config();
        bindStream(place);
        return place;
    }

    private void bindStream(int place) {
        // a socket belongs to the machine in whose step it is bound
        node.act((now, machine) -> {
            List<HostBase> added = new ArrayList<>();
            for (InetAddress address : host.addresses()) {
                added.addAll(bind(place, address, InterfaceKind.WIRED));
            }
            bases.addAll(added);
            engine.network().add(now, added);
        });
    }

    /** Takes a further offer of a peer, with sockets for what it has of its own again; returns the answer. */
    public IceDescription answer(int peer, IceDescription offer) {
        List<Integer> streams = perform(now -> engine.signalling().reopen(now, peer, offer));
        streams.forEach(this::bindStream);
        return perform(now -> engine.signalling().answer(now, peer, offer));
    }

    /** Takes the answer to a further offer. */
    public void update(int peer, IceDescription answer) {
        node.act((now, machine) -> engine.signalling().update(now, peer, answer));
    }

    /** Removes a stream. */
    public void removeStream(String name) {
        node.act((now, machine) -> engine.signalling().removeStream(now, name));
    }

    /** Our description as it is now. */
    public IceDescription describe() {
        return perform(engine.signalling()::describe);
    }

    /** Takes a first description. */
    public int accept(IceDescription remote, IceRole role) {
        return perform(now -> engine.signalling().accept(now, remote, role));
    }

    /** Sends a packet on a component's path; false when there is none. */
    public boolean send(int peer, int stream, int component, ByteBuffer packet) {
        return perform(now -> engine.send(now, peer, stream, component, packet));
    }

    /** The report on one peer, or with -1 on the whole session. */
    public IceReport report(int peer) {
        return perform(now -> engine.snapshot(now, peer).toReport());
    }

    /** Where a peer stands. */
    public IceState state(int peer) {
        return engine.signalling().state(peer);
    }

    /** Whether the description may go out. */
    public boolean described() {
        return node.has(EngineEvent.DescriptionDue.class);
    }

    /** What arrived, oldest first; a live view. */
    public List<Received> received() {
        return Collections.unmodifiableList(received);
    }

    /** What listeners of the session and of its peers heard, oldest first, of one class. */
    public <T extends IceEvent> List<T> heard(Class<T> type) {
        List<T> heard = new ArrayList<>();
        for (EngineEvent event : node.events()) {
            IceEvent said = event instanceof EngineEvent.SessionEvent session
                    ? session.event()
                    : event instanceof EngineEvent.PeerEvent peer ? peer.event() : null;
            if (type.isInstance(said)) {
                heard.add(type.cast(said));
            }
        }
        return heard;
    }

    /** What the session is made of. */
    public IceConfig config() {
        return config;
    }

    /** The place of a stream in the configuration. */
    public int streamNamed(String name) {
        for (int i = 0; i < config.streams().size(); i++) {
            if (config.streams().get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no stream " + name);
    }

    /** The sockets. */
    public List<HostBase> bases() {
        return Collections.unmodifiableList(bases);
    }

    /** The machine. */
    public IceEngine engine() {
        return engine;
    }

    /** The machine's place in the network, with all its events. */
    public VirtualNode<EngineEvent> node() {
        return node;
    }

    /** The machine's host. */
    public VirtualHost host() {
        return host;
    }
}
