// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.icepath.ice.NetworkMonitor;
import org.icepath.ice.Pacer;

/**
 * What a runtime is made of. Immutable: every method returns a copy.
 *
 * <p>Defaults: event loops of its own, one for each processor and at most four, with daemon threads; one beat for all agents (RFC 8445
 * §14.2); the default {@link NetworkMonitor}.
 */
public final class RuntimeConfig {

    private static final RuntimeConfig DEFAULTS = new RuntimeConfig(new Fields());

    private final Fields fields;

    private RuntimeConfig(Fields fields) {
        this.fields = fields;
    }

    /** A configuration with the defaults above. */
    public static RuntimeConfig create() {
        return DEFAULTS;
    }

    /** Runs on event loops of the application, which stay open when the runtime is closed; they drive epoll or NIO channels. */
    public RuntimeConfig eventLoops(EventLoopGroup group) {
        Objects.requireNonNull(group, "group");
        return with(copy -> copy.eventLoops = Optional.of(group));
    }

    /** Keeps another beat, such as one that is shared with other runtimes of this process. */
    public RuntimeConfig pacer(Pacer beat) {
        Objects.requireNonNull(beat, "beat");
        return with(copy -> copy.pacer = Optional.of(beat));
    }

    /**
     * Lets every agent keep to its own Ta alone. RFC 8445 §14.2 wants all agents together to begin at most one transaction each 5 ms,
     * which is 200 a second and makes a thousand callers of a server wait for 20 s; it is for servers whose network bears more.
     */
    public RuntimeConfig perAgentPacing() {
        return pacer(Pacer.perAgent());
    }

    /**
     * Gives all sessions one UDP port instead of sockets of their own: checks find their session by its username fragment, all else by the
     * peer's address. Sessions on it live on one event loop; called again for further ports, sessions take turns, and so spread over
     * event loops.
     *
     * <p>Such a session has one component: RTCP is multiplexed, and streams are bundled; a stream with a port range has sockets of its
     * own. It asks no STUN or TURN server, since what they would say of the port is for all; {@code IceConfig.natMapping} says where the
     * port is seen. Checks are told apart as RFC 8445 writes them. Interfaces that appear later are not used.
     *
     * @param port 0 to 65535; 0 for any
     * @param addresses where it is bound; none for all addresses of this machine but loopback ones
     * @throws IllegalArgumentException outside that range
     */
    public RuntimeConfig sharedPort(int port, InetAddress... addresses) {
        PortPlan plan = PortPlan.of(port, addresses);
        return with(copy -> copy.sharedPorts = plus(copy.sharedPorts, plan));
    }

    /**
     * Has all sessions accept TCP connections at one port, such as 443, in place of ports of their own: the first check on a connection
     * names its session by the username fragment. Who names none within 10 s, or one that is not here, is cut off without a word, and at
     * most 256 are waited for. Called again for further ports, sessions take turns, and live on the event loop of theirs; where there are
     * shared UDP ports, the first of these goes with the first of those.
     *
     * <p>It is for sessions with TCP ({@code IceConfig.tcp}); such a session has one passive component: RTCP is multiplexed, and streams
     * are bundled.
     *
     * @param port 0 to 65535; 0 for any
     * @param addresses where it is bound; none for all addresses of this machine but loopback ones
     * @throws IllegalArgumentException outside that range
     */
    public RuntimeConfig listeningPort(int port, InetAddress... addresses) {
        PortPlan plan = PortPlan.of(port, addresses);
        return with(copy -> copy.listeningPorts = plus(copy.listeningPorts, plan));
    }

    private static List<PortPlan> plus(List<PortPlan> plans, PortPlan another) {
        List<PortPlan> more = new ArrayList<>(plans);
        more.add(another);
        return List.copyOf(more);
    }

    /** Hears of changed interfaces by another monitor. */
    public RuntimeConfig networkMonitor(NetworkMonitor monitor) {
        Objects.requireNonNull(monitor, "monitor");
        return with(copy -> copy.networkMonitor = Optional.of(monitor));
    }

    /** The event loops of the application; empty for own ones. */
    public Optional<EventLoopGroup> eventLoops() {
        return fields.eventLoops;
    }

    /** The beat of all agents; empty for one of the runtime's own. */
    public Optional<Pacer> pacer() {
        return fields.pacer;
    }

    /** What says that interfaces have changed; empty for the default. */
    public Optional<NetworkMonitor> networkMonitor() {
        return fields.networkMonitor;
    }

    /** The ports that sessions share; empty where each has its own. */
    List<PortPlan> sharedPorts() {
        return fields.sharedPorts;
    }

    /** The TCP ports that sessions share; empty where each has its own. */
    List<PortPlan> listeningPorts() {
        return fields.listeningPorts;
    }

    /** Where a port is bound. */
    record PortPlan(int port, List<InetAddress> addresses) {

        static PortPlan of(int port, InetAddress... addresses) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port " + port + ", expected 0 to 65535");
            }
            for (InetAddress address : Objects.requireNonNull(addresses, "addresses")) {
                Objects.requireNonNull(address, "addresses");
            }
            return new PortPlan(port, List.of(addresses));
        }
    }

    private RuntimeConfig with(Consumer<Fields> change) {
        Fields copy = new Fields(fields);
        change.accept(copy);
        return new RuntimeConfig(copy);
    }

    /** What a copy is changed in; never shared once its configuration is out. */
    private static final class Fields {
        private Optional<EventLoopGroup> eventLoops = Optional.empty();
        private Optional<Pacer> pacer = Optional.empty();
        private Optional<NetworkMonitor> networkMonitor = Optional.empty();
        private List<PortPlan> sharedPorts = List.of();
        private List<PortPlan> listeningPorts = List.of();

        private Fields() {}

        private Fields(Fields other) {
            eventLoops = other.eventLoops;
            pacer = other.pacer;
            networkMonitor = other.networkMonitor;
            sharedPorts = other.sharedPorts;
            listeningPorts = other.listeningPorts;
        }
    }
}
