// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.icepath.candidate.Candidate;
import org.icepath.ice.SessionRules;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.jspecify.annotations.Nullable;

/** The peers of a session, which all hear what our side has to say. Not thread-safe. */
final class Peers implements LocalListener, ConnectionListener {

    /** Whose story is still told when they are closed. */
    private static final int MOST_DEPARTED = 8;

    private final Describer describer;
    private final List<PeerSession> peers = new ArrayList<>(1);
    private final ArrayDeque<PeerSnapshot> departed = new ArrayDeque<>(0);
    private @Nullable LocalSide local;
    private boolean stirred;

    Peers(Describer describer) {
        this.describer = describer;
    }

    /** Names the side that will be heard, once. */
    void follow(LocalSide side) {
        local = side;
    }

    private LocalSide local() {
        return Objects.requireNonNull(local, "local side");
    }

    int size() {
        return peers.size();
    }

    void add(PeerSession peer) {
        peers.add(peer);
    }

    /** A peer is about to be closed: reports tell its story all the same. */
    void remember(long at, PeerSession peer) {
        departed.add(peer.snapshot(at).parting());
        if (departed.size() > MOST_DEPARTED) {
            departed.remove();
        }
    }

    /** Forgets a peer that is closed, and gives up what nobody but it needed: a fork that lost leaves nothing behind. */
    void remove(long at, PeerSession peer) {
        peers.remove(peer);
        forbid(at, peer.progress().permissions());
        letGo(at);
    }

    /** Lets nobody through whom only one knew that is gone; those have the room whom there was none for. */
    private void forbid(long at, Collection<PeerProgress.Permission> gone) {
        for (PeerProgress.Permission freed : gone) {
            if (permissions().noneMatch(freed::covers)) {
                local().relays()
                        .forbid(
                                at,
                                freed.stream(),
                                freed.component(),
                                Set.of(freed.address().getAddress()));
            }
        }
        permissions().forEach(each -> local().relays().permit(each.stream(), each.component(), each.address()));
    }

    private Stream<PeerProgress.Permission> permissions() {
        return peers.stream().flatMap(peer -> peer.progress().permissions().stream());
    }

    Optional<PeerSession> find(int number) {
        return peers.stream().filter(peer -> peer.number() == number).findFirst();
    }

    PeerSession require(int number) {
        return find(number).orElseThrow(() -> new IllegalArgumentException("no peer " + number));
    }

    /** One peer, or with -1 all of them; those that are closed where there is no other. */
    List<PeerSnapshot> snapshots(long at, int number) {
        List<PeerSnapshot> living = peers.stream()
                .filter(each -> number < 0 || each.number() == number)
                .map(each -> each.snapshot(at))
                .toList();
        return !living.isEmpty()
                ? living
                : departed.stream()
                        .filter(each -> number < 0 || each.number() == number)
                        .toList();
    }

    boolean handle(long at, Base base, InetSocketAddress from, ByteBuffer payload) {
        for (int i = 0; i < peers.size(); i++) {
            if (peers.get(i).handle(at, base, from, payload)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a packet of the application's protocol is a peer's; it is then delivered. */
    boolean deliver(long at, Base base, InetSocketAddress from, ByteBuffer payload, MediaFlow media) {
        for (int i = 0; i < peers.size(); i++) {
            if (peers.get(i).deliver(at, base, from, payload, media)) {
                return true;
            }
        }
        return deliverByAddress(at, base, from, payload, media);
    }

    /** Of several forks on one machine the one that was described last is the likeliest to send. */
    private boolean deliverByAddress(long at, Base base, InetSocketAddress from, ByteBuffer payload, MediaFlow media) {
        for (int i = peers.size() - 1; i >= 0; i--) {
            if (peers.get(i).deliverByAddress(at, base, from, payload, media)) {
                return true;
            }
        }
        return false;
    }

    /** Whether no description of a peer has come, or all whose came are gone. */
    boolean none() {
        return peers.isEmpty();
    }

    /** Whether a source has sent an authenticated check for a restart that we offered, and whose answer is not here yet. */
    boolean knowEarly(Base base, InetSocketAddress from) {
        for (int i = 0; i < peers.size(); i++) {
            if (peers.get(i).knowsEarly(base, from)) {
                return true;
            }
        }
        return false;
    }

    void handleTimeout(long at) {
        for (int i = 0; i < peers.size(); i++) {
            peers.get(i).handleTimeout(at);
        }
    }

    long nextTimeout() {
        long next = Machine.NEVER;
        for (int i = 0; i < peers.size(); i++) {
            next = Math.min(next, peers.get(i).nextTimeout());
        }
        return next;
    }

    void drainTo(long at, Output<?> out) {
        boolean selected = false;
        for (int i = 0; i < peers.size(); i++) {
            peers.get(i).drainTo(at, out);
            selected |= peers.get(i).progress().takeSelected();
            List<PeerProgress.Permission> forgotten = peers.get(i).progress().takeForgotten();
            if (!forgotten.isEmpty()) {
                forbid(at, forgotten);
            }
        }
        if (selected) {
            letGo(at);
        }
    }

    /** What nobody needs any more once a stream is selected. A fork that answers later finds it gone. */
    void letGo(long at) {
        stirred = true;
        describer.streams().leaving().stream()
                .filter(stream -> peers.stream().allMatch(peer -> peer.layout().lacks(stream)))
                .forEach(stream -> release(at, stream));
        if (peers.isEmpty()) {
            return;
        }
        for (int stream = 0; stream < describer.streams().size(); stream++) {
            int index = stream;
            if (peers.stream().allMatch(peer -> peer.layout().bundled().containsKey(index) && peer.isSelected(index))) {
                describer.streams().get(index).components().forEach(component -> local().free(at, index, component));
            } else if (peers.stream().allMatch(peer -> peer.layout().muxed(index) && peer.isSelected(index))) {
                local().free(at, stream, Candidate.RTCP);
            }
        }
        if (peers.stream().allMatch(PeerSession::isCompleted)) {
            local().gatherer().stopKeepalives();
        }
    }

    private void release(long at, int stream) {
        describer.streams().get(stream).components().forEach(component -> local().free(at, stream, component));
        describer.streams().release(stream);
    }

    /** A stream was added to our side. */
    void added(long at, int stream) {
        peers.forEach(peer -> peer.dialog().added(at, stream));
    }

    /** A stream of our side ends. */
    void removed(int stream) {
        peers.forEach(peer -> peer.dialog().removed(stream));
    }

    /** Whether pairs were selected or relays have come since this was asked last. */
    boolean takeStirred() {
        boolean taken = stirred;
        stirred = false;
        return taken;
    }

    /** Whether a peer can only be reached again after a restart, or the application wants one. */
    boolean needRestart() {
        return peers.stream().anyMatch(peer -> peer.offers().needsRestart());
    }

    /** Whether there are peers, all have their selected pairs, and none waits for a description. */
    boolean areSettled() {
        return !peers.isEmpty() && peers.stream().allMatch(peer -> peer.isCompleted() && !peer.owesExchange());
    }

    /** When things are done towards each peer. */
    List<SessionRules> rules() {
        return peers.stream().map(peer -> peer.dialog().rules()).toList();
    }

    /** Whether packets to any peer leave from there. */
    boolean sendFrom(Base base) {
        return peers.stream().anyMatch(peer -> peer.sendsFrom(base));
    }

    /** Whether packets to a peer could leave from there. */
    boolean maySendFrom(Base base) {
        return peers.stream().anyMatch(peer -> peer.maySendFrom(base));
    }

    /** Whether a pair from there has worked, or was never tried. */
    boolean mayWorkFrom(Base base) {
        return peers.stream().anyMatch(peer -> peer.mayWorkFrom(base));
    }

    void transmitted(long at) {
        for (int i = 0; i < peers.size(); i++) {
            peers.get(i).transmitted(at);
        }
    }

    void sendFailed(long at, Base base, InetSocketAddress to, Cause cause) {
        peers.forEach(peer -> peer.sendFailed(at, base, to, cause));
    }

    void baseLost(long at, Base base, Cause cause) {
        peers.forEach(peer -> peer.baseLost(at, base, cause));
    }

    @Override
    public void connected(long at, Base candidate, InetSocketAddress remote) {
        peers.forEach(peer -> peer.connected(at, candidate, remote));
    }

    @Override
    public void disconnected(long at, Base candidate, InetSocketAddress remote, Cause cause) {
        peers.forEach(peer -> peer.disconnected(at, candidate, remote, cause));
    }

    void close(long at) {
        peers.forEach(peer -> remember(at, peer));
        peers.forEach(peer -> peer.close(at));
        peers.clear();
    }

    @Override
    public void found(long at, GatheredCandidate candidate) {
        for (PeerSession peer : peers) {
            peer.dialog().addLocal(at, candidate);
            peer.offers().candidateCame(at, peer, candidate);
        }
    }

    @Override
    public void toCome(long at) {
        peers.forEach(peer -> peer.localToCome(at, local().bestTypeToCome()));
    }

    @Override
    public void described(long at) {
        peers.forEach(peer -> peer.dialog().startPlain(at));
    }

    @Override
    public void relayStands(Relay relay) {
        stirred = true;
        permissions()
                .filter(each -> relay.serves(each.stream(), each.component()))
                .forEach(each -> local().relays().permit(relay, each.address()));
    }

    @Override
    public void relayFailed(long at, Base relay, InetSocketAddress to, Cause cause) {
        sendFailed(at, relay, to, cause);
    }

    @Override
    public void relayChanged(Base relay) {
        peers.forEach(peer -> peer.paths().refresh(relay));
    }

    @Override
    public void relayLost(long at, Base relay, Cause cause) {
        baseLost(at, relay, cause);
    }
}
