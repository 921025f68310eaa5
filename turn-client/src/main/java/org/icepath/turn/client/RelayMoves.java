// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import org.icepath.net.LocalAddresses;
import org.icepath.net.MachineDriver;
import org.icepath.net.UdpSocketOptions;
import org.icepath.sansio.Base;
import org.icepath.sansio.Transport;
import org.icepath.turn.TurnAllocation;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.jspecify.annotations.Nullable;

/**
 * How a relay comes to hang on another local socket or connection (RFC 8016). The one before stays open until the next move, as what the
 * server sent before it agreed still arrives there; a connection a few seconds at most. Confined to the event loop, but for {@link #elsewhere}.
 */
final class RelayMoves {

    private final TurnServer server;
    private final InetSocketAddress serverAddress;
    private final MachineDriver<TurnEvent> driver;
    private final LateMachine machine;
    private final RelayOutbound outbound;
    private final PendingAnswers<Base> pending = new PendingAnswers<>();
    private @Nullable Base lastBase;
    private long lastConnectionId;
    private boolean closing;

    /** @param firstConnectionId the identifier of the first connection, if it is one; those to come count down from there */
    RelayMoves(
            TurnServer server,
            InetSocketAddress serverAddress,
            MachineDriver<TurnEvent> driver,
            LateMachine machine,
            RelayOutbound outbound,
            long firstConnectionId) {
        this.server = server;
        this.serverAddress = serverAddress;
        this.driver = driver;
        this.machine = machine;
        this.outbound = outbound;
        this.lastConnectionId = firstConnectionId;
    }

    /** Moves to a socket or a connection of its own, from whichever address the system sends from now. Any thread. */
    CompletableFuture<Void> elsewhere() {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        InetAddress anywhere = LocalAddresses.anyFor(serverAddress.getAddress());
        if (server.transport() == Transport.UDP) {
            toNewSocket(anywhere, answer);
        } else {
            perform(now -> moveTo(now, nextConnection(anywhere), answer), answer);
        }
        return answer;
    }

    private void toNewSocket(InetAddress anywhere, CompletableFuture<Void> answer) {
        driver.open(UdpSocketOptions.at(anywhere)).whenComplete((bound, failure) -> {
            if (bound == null) {
                String why = "no local socket: " + (failure == null ? "" : failure.getMessage());
                answer.completeExceptionally(refusal(TurnFailure.Kind.UNREACHABLE, why));
            } else {
                perform(now -> moveTo(now, bound.base(), answer), answer);
            }
        });
    }

    private Base nextConnection(InetAddress from) {
        lastConnectionId--;
        return new Base(lastConnectionId, server.transport(), new InetSocketAddress(from, 0));
    }

    private void perform(LongConsumer command, CompletableFuture<Void> answer) {
        try {
            driver.perform(command);
        } catch (RejectedExecutionException loopsAreGone) {
            answer.completeExceptionally(refusal(TurnFailure.Kind.RELEASED, "the relay is closed"));
        }
    }

    private void moveTo(long now, Base next, CompletableFuture<Void> answer) {
        TurnAllocation allocation = machine.allocation();
        boolean mobile = allocation != null && allocation.isMobile();
        if (closing || allocation == null || !mobile) {
            driver.release(next);
            String why = closing ? "the relay is closed" : "the server lets the relay move nowhere";
            answer.completeExceptionally(refusal(TurnFailure.Kind.FORBIDDEN, why));
        } else if (pending.await(next, answer)) {
            allocation.moveTo(now, next);
        }
    }

    private static TurnException refusal(TurnFailure.Kind kind, String why) {
        return new TurnException(new TurnFailure(kind, 0, why));
    }

    /** The server has agreed. */
    void moved(Base base) {
        Base left = lastBase;
        if (left != null) {
            driver.release(left);
        }
        lastBase = outbound.base().orElse(null);
        outbound.leaveBy(driver.endpoint(base));
        pending.granted(base);
    }

    /** The server has not agreed. */
    void refused(TurnEvent.MoveRefused refused) {
        driver.release(refused.base());
        pending.refused(refused.base(), refused.failure());
    }

    /** The relay is being closed: it moves nowhere any more. */
    void close() {
        closing = true;
    }

    void end(TurnFailure failure) {
        pending.refuseAll(failure);
    }
}
