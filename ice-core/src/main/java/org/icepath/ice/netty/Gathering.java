// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.engine.EngineEvent;
import org.icepath.ice.engine.HostBase;
import org.icepath.ice.engine.LocalNetwork;
import org.icepath.net.LocalAddress;
import org.icepath.net.LocalAddresses;
import org.icepath.sansio.Transport;
import org.icepath.turn.StunServer;
import org.icepath.turn.client.ServerDiscovery;

/**
 * What the engine cannot gather by itself: local sockets, and the addresses of servers.
 *
 * <p>Names are looked up all at once and while sockets are bound; nothing waits for them but the candidates that come from them.
 */
final class Gathering {

    private static final String OF_NO_USE = "its answer would be no candidate for datagrams: it is asked over ";

    private static final String SHARED =
            "not asked from a port that all sessions share: mapping and allocation would be theirs, too";

    private final SessionShell shell;
    private final IceConfig config;
    private final ServerDiscovery discovery;
    private final HostWatch watch;
    private final HostSockets sockets;
    private final HostChanges changes;
    private final AddedStreams added;
    private final HostWatch.Listener listener = this::changed;
    private volatile boolean begun;

    Gathering(SessionShell shell, IceConfig config, Names names, HostWatch watch) {
        this.shell = shell;
        this.config = config;
        this.discovery = new ServerDiscovery(names, config.connections().proxy(), shell.random());
        this.watch = watch;
        this.sockets = new HostSockets(shell.driver(), shell.lodging(), shell.listening(), shell.handedIn(), config);
        this.changes = new HostChanges(shell, sockets, this::add);
        this.added = new AddedStreams(shell, changes);
    }

    /**
     * Scans the interfaces on the calling thread, and leaves the rest to the event loop. Called again where nothing was found.
     *
     * @return completes when all is done that the engine waits for; fails with what a filter of the application throws
     */
    CompletableFuture<Void> start() {
        List<LocalAddress> present = scan();
        if (begun) {
            return shell.commands().run(now -> again(now, present));
        }
        Lookups lookups = lookUp();
        List<LocalAddress> usable =
                LocalAddresses.usable(present, !config.localAddresses().isEmpty());
        return bindAll(HostPlan.of(shell.config(), usable)).thenCompose(bound -> {
            shell.perform(now -> begin(now, bound, present));
            return handOver(lookups);
        });
    }

    private void again(long now, List<LocalAddress> present) {
        changes.again(now, present);
        watch.join(listener, present); // which of the two scans is the newer one, nobody knows
    }

    /** Names that are being looked up, in the order of the configuration. */
    private record Lookups(
            List<CompletableFuture<ServerDiscovery.Found>> stun, List<CompletableFuture<ServerDiscovery.Found>> turn) {}

    private Lookups lookUp() {
        return new Lookups(
                config.stunServers().stream().map(this::lookUp).toList(),
                config.turnServers().stream().map(discovery::find).toList());
    }

    private CompletableFuture<Void> handOver(Lookups lookups) {
        return CompletableFuture.allOf(
                handOver(lookups.stun(), this::stunServer), handOver(lookups.turn(), this::turnServer));
    }

    /** A server's name may stand for something else by now. */
    void find(EngineEvent.StunServerSought sought) {
        CompletableFuture<Void> unused = lookUp(config.stunServers().get(sought.server()))
                .thenAccept(found -> shell.perform(now -> stunServer(now, sought.server(), found)));
    }

    /** As {@link #find(EngineEvent.StunServerSought)}. */
    void find(EngineEvent.TurnServerSought sought) {
        CompletableFuture<Void> unused = discovery
                .find(config.turnServers().get(sought.server()))
                .thenAccept(found -> shell.perform(now -> turnServer(now, sought.server(), found)));
    }

    /** Has the engine gather from sockets that were bound since; from what else there is as well, where it had found nothing. */
    void add(long now, List<HostBase> bases) {
        if (shell.engine().network().add(now, bases)) {
            CompletableFuture<Void> unused = handOver(lookUp());
        }
    }

    private CompletableFuture<HostSockets.Bound> bindAll(HostPlan plan) {
        return sockets.bind(plan).thenCombine(sockets.takeOver(), HostSockets.Bound::and);
    }

    /** The streams that are added while the session runs. */
    AddedStreams added() {
        return added;
    }

    private <T> CompletableFuture<Void> handOver(List<CompletableFuture<T>> lookups, ServerNamed<T> server) {
        return CompletableFuture.allOf(IntStream.range(0, lookups.size())
                .mapToObj(index ->
                        lookups.get(index).thenAccept(name -> shell.perform(now -> server.named(now, index, name))))
                .toArray(CompletableFuture[]::new));
    }

    @FunctionalInterface
    private interface ServerNamed<T> {
        void named(long now, int server, T found);
    }

    private CompletableFuture<ServerDiscovery.Found> lookUp(StunServer server) {
        return server.transport() == Transport.UDP
                ? discovery.find(server)
                : CompletableFuture.completedFuture(
                        new ServerDiscovery.Found(List.of(), OF_NO_USE + server.transport()));
    }

    private List<LocalAddress> scan() {
        try {
            return watch.scan().present();
        } catch (IOException failure) {
            shell.log().debug("the interfaces of this machine cannot be listed: " + failure.getMessage());
            return List.of();
        }
    }

    private void begin(long now, HostSockets.Bound bound, List<LocalAddress> present) {
        LocalNetwork network = shell.engine().network();
        bound.gaps().forEach(gap -> network.missing(now, gap.stream(), gap.component(), gap.where(), gap.why()));
        network.gather(now, bound.bases());
        begun = true;
        changes.begin(present, !bound.gaps().isEmpty());
        watch.join(listener, present);
        added.begin();
    }

    private void changed(List<LocalAddress> present) {
        shell.perform(now -> changes.changed(now, present));
    }

    /** A relay needs another socket. */
    void bindBeside(EngineEvent.SocketWanted wanted) {
        StreamConfig stream = shell.config().streams().get(wanted.beside().stream());
        LocalNetwork network = shell.engine().network();
        sockets.bindBeside(wanted.beside(), stream)
                .whenComplete((socket, failure) -> shell.perform(now -> {
                    if (socket == null) {
                        network.socketUnbound(now, wanted.ticket(), HostSockets.words(failure));
                    } else {
                        network.socketBound(now, wanted.ticket(), socket);
                    }
                }));
    }

    /** The session has ended: it hears of no changes any more. Any thread. */
    void end() {
        watch.leave(listener);
        changes.end();
    }

    private void stunServer(long now, int server, ServerDiscovery.Found found) {
        if (shell.lodging().isPresent()) {
            shell.engine().network().stunServerUnresolved(now, server, SHARED);
        } else if (found.places().isEmpty()) {
            shell.engine().network().stunServerUnresolved(now, server, found.problem());
        } else {
            shell.engine().network().stunServerResolved(now, server, found.places());
        }
    }

    private void turnServer(long now, int server, ServerDiscovery.Found found) {
        if (shell.lodging().isPresent()) {
            shell.engine().network().turnServerUnresolved(now, server, SHARED);
        } else if (found.places().isEmpty()) {
            shell.engine().network().turnServerUnresolved(now, server, found.problem());
        } else {
            shell.engine().network().turnServerResolved(now, server, found.places());
        }
    }
}
