// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.icepath.net.Endpoint;
import org.icepath.net.MachineDriver;
import org.icepath.sansio.Base;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;

/** The connections of one relay, and who waits for some. Confined to the relay's event loop. */
final class RelayedConnections {

    private final MachineDriver<TurnEvent> driver;
    private final Consumer<Base> close;
    private final Map<Base, RelayedConnection> open = new HashMap<>();
    private final Map<InetSocketAddress, Queue<CompletableFuture<RelayedConnection>>> awaited = new HashMap<>();
    private volatile Consumer<RelayedConnection> listener = RelayedConnection::close;

    RelayedConnections(MachineDriver<TurnEvent> driver, Consumer<Base> close) {
        this.driver = driver;
        this.close = close;
    }

    void onConnection(Consumer<RelayedConnection> next) {
        listener = next;
    }

    void await(InetSocketAddress peer, CompletableFuture<RelayedConnection> answer) {
        awaited.computeIfAbsent(peer, added -> new ArrayDeque<>()).add(answer);
    }

    /** Hands data on; false if the base is none of a connection. */
    boolean deliver(Base base, ByteBuffer data) {
        RelayedConnection connection = open.get(base);
        if (connection != null) {
            connection.received(data);
        }
        return connection != null;
    }

    void connected(TurnEvent.PeerConnected made) {
        Optional<Endpoint> endpoint = driver.endpoint(made.base());
        if (endpoint.isEmpty()) {
            // it has ended since
            TurnFailure gone = new TurnFailure(TurnFailure.Kind.UNREACHABLE, 0, "the connection has ended at once");
            if (!made.incoming()) {
                failed(made.peer(), gone);
            }
            return;
        }
        RelayedConnection connection = new RelayedConnection(driver, endpoint.get(), made, close);
        open.put(made.base(), connection);
        if (made.incoming()) {
            listener.accept(connection);
        } else {
            next(made.peer()).ifPresent(answer -> answer.complete(connection));
        }
    }

    void failed(InetSocketAddress peer, TurnFailure failure) {
        next(peer).ifPresent(answer -> answer.completeExceptionally(new TurnException(failure)));
    }

    private Optional<CompletableFuture<RelayedConnection>> next(InetSocketAddress peer) {
        Queue<CompletableFuture<RelayedConnection>> answers = awaited.get(peer);
        if (answers == null) {
            return Optional.empty();
        }
        CompletableFuture<RelayedConnection> first = answers.poll();
        if (answers.isEmpty()) {
            awaited.remove(peer);
        }
        return Optional.ofNullable(first);
    }

    /** The network takes more on a connection, perhaps one of these. */
    void writable(Base base) {
        RelayedConnection connection = open.get(base);
        if (connection != null) {
            connection.sendWaiting();
        }
    }

    void ended(Base base) {
        RelayedConnection connection = open.remove(base);
        if (connection != null) {
            connection.ended();
        }
    }

    void endAll(TurnFailure failure) {
        new ArrayList<>(open.keySet()).forEach(this::ended);
        awaited.values()
                .forEach(each -> each.forEach(answer -> answer.completeExceptionally(new TurnException(failure))));
        awaited.clear();
    }
}
