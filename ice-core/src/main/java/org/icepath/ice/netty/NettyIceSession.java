// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceAnswer;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceReport;
import org.icepath.ice.IceSession;
import org.icepath.ice.StreamConfig;

/** The verbs of a session, brought to its event loop. */
final class NettyIceSession implements IceSession {

    private final SessionShell shell;

    NettyIceSession(SessionShell shell) {
        this.shell = shell;
    }

    @Override
    public CompletableFuture<IceDescription> offer() {
        return shell.gather(!shell.config().offersAtOnce()).thenCompose(due -> shell.commands()
                .compute(now -> shell.engine().signalling().describe(now)));
    }

    @Override
    public CompletableFuture<IceAnswer> answer(IceDescription remoteOffer) {
        Objects.requireNonNull(remoteOffer, "remoteOffer");
        boolean mayFollow = shell.config().trickles() && remoteOffer.offers(IceDescription.TRICKLE);
        return shell.gather(!mayFollow).thenCompose(due -> {
            NettyIcePeer peer = shell.accept(remoteOffer, false);
            return peer.describe().thenApply(description -> new IceAnswer(peer, description));
        });
    }

    @Override
    public NettyIcePeer accept(IceDescription remoteAnswer) {
        Objects.requireNonNull(remoteAnswer, "remoteAnswer");
        shell.requireOffered();
        return shell.accept(remoteAnswer, true);
    }

    @Override
    public CompletableFuture<Void> addStream(StreamConfig stream) {
        return shell.addStream(Objects.requireNonNull(stream, "stream"));
    }

    @Override
    public CompletableFuture<Void> removeStream(String name) {
        return shell.removeStream(Objects.requireNonNull(name, "name"));
    }

    @Override
    public void onEvent(Consumer<? super IceEvent> listener) {
        shell.callbacks().add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void onPeerEvent(BiConsumer<? super IcePeer, ? super IceEvent> listener) {
        shell.peerListeners().add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public CompletableFuture<IceReport> report() {
        return shell.report();
    }

    @Override
    public void close() {
        shell.close();
    }

    SessionShell shell() {
        return shell;
    }

    /** Completes when nothing of the session is left. */
    CompletableFuture<Void> ended() {
        return shell.ended();
    }
}
