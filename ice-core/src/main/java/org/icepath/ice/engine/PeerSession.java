// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.PairState;
import org.icepath.ice.PendingOffer;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.agent.IceAgent;
import org.icepath.ice.agent.PairSnapshot;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Output;

/**
 * One peer of a session: its dialog, the generations of the streams with ICE, plain paths for the others, and where it stands. Not
 * thread-safe.
 */
final class PeerSession {

    private final int number;
    private final PeerPaths paths;
    private final Generations generations = new Generations();
    private final PeerProgress progress;
    private final Exchanges exchanges;
    private final Dialog dialog;
    private final Origins origins;
    private boolean wasConnected;

    /**
     * @param first what the session tells all peers at first
     * @param layout the peer's first description
     */
    PeerSession(PeerContext context, Agents agents, OurGeneration first, RemoteLayout layout, IceRole role) {
        LocalSide local = context.local();
        this.number = context.number();
        this.origins = context.describer().origins().branch();
        this.paths = new PeerPaths(number, context.streams(), context.outbox(), local.departures());
        this.progress = new PeerProgress(number, context.streams(), context.outbox(), local, paths, generations, role);
        this.exchanges = new Exchanges(agents, first, generations, progress);
        this.dialog = new Dialog(context, paths, generations, progress, exchanges, layout);
    }

    int number() {
        return number;
    }

    IceRole role() {
        return progress.role();
    }

    IceState state() {
        return progress.state();
    }

    /** Counts what we tell this peer. */
    Origins origins() {
        return origins;
    }

    /** What is offered and answered. */
    Dialog dialog() {
        return dialog;
    }

    RemoteLayout layout() {
        return dialog.layout();
    }

    PeerPaths paths() {
        return paths;
    }

    PendingOffers offers() {
        return dialog.offers();
    }

    PeerProgress progress() {
        return progress;
    }

    boolean isSelected(int stream) {
        return dialog.isSelected(stream);
    }

    boolean isCompleted() {
        return progress.state() == IceState.COMPLETED;
    }

    /** Whether a description is on its way that may name what is not selected. */
    boolean owesExchange() {
        return dialog.hasOpenOffer()
                || offers().pending().filter(PendingOffer::required).isPresent();
    }

    /** Whether packets of any generation or path leave from there. */
    boolean sendsFrom(Base base) {
        boolean onPath = paths.all().stream()
                .anyMatch(path ->
                        path.active().filter(pair -> pair.base().equals(base)).isPresent());
        return onPath
                || generations.pairs(0).stream()
                        .anyMatch(pair -> pair.inUse() && pair.base().equals(base));
    }

    /** Whether a pair from there is valid. */
    boolean maySendFrom(Base base) {
        return generations.pairs(0).stream()
                .anyMatch(pair -> pair.valid() && pair.base().equals(base));
    }

    /** Whether a pair from there has worked and is not known to be broken, or was never tried. */
    boolean mayWorkFrom(Base base) {
        return generations.pairs(0).stream()
                .filter(pair -> pair.base().equals(base) && pair.state() != PairState.FAILED)
                .anyMatch(pair -> pair.checksSent() == 0 || pair.checksAnswered() > 0);
    }

    /** The pair that carries the packets of a component. */
    Optional<PairSnapshot> carrier(int stream, int component) {
        return paths.active(stream, component).flatMap(generations::snapshotOf);
    }

    /** Whether the pair that carries the packets of a component leaves requests unanswered. */
    boolean isSuspect(int stream, int component) {
        return carrier(stream, component).filter(PairSnapshot::suspect).isPresent();
    }

    /** Whether all components of streams with ICE have a path that answers. */
    boolean isAnswered() {
        return layout().iceStreams().stream().allMatch(stream -> stream.components().stream()
                .allMatch(component -> carrier(stream.index(), component)
                        .filter(pair -> !pair.suspect())
                        .isPresent()));
    }

    PeerSnapshot snapshot(long at) {
        List<PeerSnapshot.PathSnapshot> inUse = paths.all().stream()
                .map(path -> new PeerSnapshot.PathSnapshot(
                        path.stream(),
                        path.component(),
                        paths.carrying(path.stream(), path.component()).map(ActivePair::pair).stream()
                                .toList(),
                        path.hasReceived()))
                .toList();
        return new PeerSnapshot(
                number,
                progress.state(),
                progress.role(),
                layout(),
                dialog.remotes(),
                progress.pairs(at),
                inUse,
                dialog.failedStreams(),
                dialog.plain().troubles(),
                owed(),
                generations.encounters(at),
                wasConnected,
                false);
    }

    private String owed() {
        return dialog.hasOpenOffer()
                ? "an offer of ours is open: neither was it answered nor rolled back"
                : offers().pending()
                        .map(due -> "an offer is due from us, and has not been made: " + EventText.of(due))
                        .orElse("");
    }

    /** Acts upon the checks of the latest generation that came before the peer's description. */
    void replayEarlyChecks(long at) {
        generations.latest().ifPresent(latest -> latest.ours()
                .early()
                .take(latest.name().remoteUfrag())
                .forEach(check -> latest.agent().replay(at, check)));
    }

    void localToCome(long at, int bestTypePreference) {
        generations.all().forEach(each -> each.agent().localToCome(at, bestTypePreference));
    }

    /** Whether an agent takes a STUN message, or what we told this peer alone is checked early. */
    boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        return generations.handle(at, base, from, payload) || exchanges.handle(at, base, from, payload);
    }

    boolean knowsEarly(Base base, InetSocketAddress from) {
        return exchanges.knowsEarly(base, from);
    }

    /** Whether a packet of the application's protocol is this peer's; it is then delivered. */
    boolean deliver(long at, Base base, InetSocketAddress from, ByteBuffer packet, MediaFlow media) {
        media.end();
        int place = generations.dataArrived(at, base, from, packet.remaining());
        if (place == IceAgent.NOBODY) {
            return dialog.plain().deliver(at, base, from, packet, media.sink());
        }
        boolean first =
                paths.deliver(at, IceAgent.streamIn(place), IceAgent.componentIn(place), from, packet, media.sink());
        if (!first && !generations.isStirred()) {
            media.follow(generations.only(), paths, place);
        }
        return true;
    }

    /** Whether a packet that is nobody's comes from the machine of this peer, which has no ICE; it is then delivered. */
    boolean deliverByAddress(long at, Base base, InetSocketAddress from, ByteBuffer packet, MediaFlow media) {
        return dialog.plain().deliverByAddress(at, base, from, packet, media.sink());
    }

    void handleTimeout(long at) {
        generations.handleTimeout(at);
        dialog.handleTimeout(at);
    }

    long nextTimeout() {
        return Math.min(generations.nextTimeout(), dialog.nextTimeout());
    }

    /** Hands over what the agents send; what they say is translated. */
    void drainTo(long at, Output<?> out) {
        for (int i = 0; i < generations.all().size(); i++) {
            progress.drain(at, generations.all().get(i), out);
        }
        exchanges.drainTo(at, out);
        dialog.plain().drainTo(at, out);
        dialog.waitingAnswer().review(at);
        if (progress.hasNewlySelected()) {
            offers().selected(at, this);
        }
        if (progress.takeContested()) {
            offers().promotion(at, generations.wishRestart());
        }
        if (progress.takeMoved()) {
            offers().moved(at, this, wasConnected);
            wasConnected |= state() == IceState.CONNECTED || state() == IceState.COMPLETED;
        }
        offers().reviewLate(at, this);
        offers().reviewAddress(this);
    }

    void transmitted(long at) {
        for (int i = 0; i < generations.all().size(); i++) {
            generations.all().get(i).agent().transmitted(at);
        }
    }

    void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        generations.all().forEach(each -> each.agent().sendFailed(at, base, to, cause));
        dialog.plain().sendFailed(at, base, to, cause);
    }

    void connected(long at, Base candidate, InetSocketAddress remote) {
        paths.refresh(candidate, remote);
        generations.all().forEach(each -> each.agent().connected(at, candidate, remote));
    }

    void disconnected(long at, Base candidate, InetSocketAddress remote, Cause cause) {
        generations.all().forEach(each -> each.agent().disconnected(at, candidate, remote, cause));
    }

    void baseLost(long at, Base base, Cause cause) {
        generations.all().forEach(each -> each.agent().baseLost(at, base, cause));
        dialog.baseLost(at, base, cause);
    }

    void close(long at) {
        generations.close(at);
        paths.close();
        if (progress.state() != IceState.CLOSED) {
            progress.moveTo(at, IceState.CLOSED);
        }
    }
}
