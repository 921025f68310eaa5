// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetAddress;
import org.icepath.candidate.Candidate;
import org.icepath.ice.Generation;
import org.icepath.sdp.IceFragment;

/**
 * What the peers of an {@link IceEngine} name after their descriptions, and what is named to them (RFC 8838): candidates one by one, what
 * the names of candidates stand for, and that no more follow. Not thread-safe.
 */
public final class Trickle {

    private final SessionLife life;
    private final Peers peers;

    Trickle(SessionLife life, Peers peers) {
        this.life = life;
        this.peers = peers;
    }

    /** Takes a candidate of a peer's latest generation; ignored for a peer that is not there. */
    public void addRemote(long at, int peer, int stream, Candidate candidate) {
        life.enter(at);
        peers.find(peer)
                .ifPresent(session ->
                        session.dialog().trickled().add(at, session.dialog().generation(), stream, candidate));
    }

    /** Takes a candidate that the peer trickled; ignored for a generation that is not there. */
    public void addRemote(long at, int peer, Generation generation, int stream, Candidate candidate) {
        life.enter(at);
        peers.find(peer).ifPresent(session -> session.dialog().trickled().add(at, generation, stream, candidate));
    }

    /** Takes a fragment that a peer trickled (RFC 8840 §4.3); ignored for a peer that is not there. */
    public void addRemote(long at, int peer, IceFragment fragment) {
        life.enter(at);
        peers.find(peer).ifPresent(session -> session.dialog().trickled().add(at, fragment));
    }

    /**
     * What is to be trickled to a peer: all our candidates so far, under the credentials of the latest exchange.
     *
     * @throws IllegalArgumentException when there is no such peer
     */
    public IceFragment fragment(long at, int peer) {
        life.enter(at);
        return peers.require(peer).dialog().ours().fragment();
    }

    /** Takes what the name of a remote candidate stands for; ignored for a peer or a generation that is not there. */
    public void remoteResolved(long at, EngineEvent.ResolveName wanted, InetAddress ip) {
        life.enter(at);
        peers.find(wanted.peer()).ifPresent(session -> session.dialog()
                .trickled()
                .resolved(at, wanted.generation(), wanted.stream(), wanted.candidate(), ip));
    }

    /** Gives up a remote candidate whose name did not resolve. */
    public void remoteUnresolved(long at, EngineEvent.ResolveName wanted, String why) {
        life.enter(at);
        peers.find(wanted.peer())
                .ifPresent(session -> session.dialog().trickled().unresolved(at, wanted.candidate(), why));
    }

    /** Takes the peer's word that no more candidates come in its latest generation. */
    public void endOfRemote(long at, int peer) {
        life.enter(at);
        peers.find(peer)
                .ifPresent(session ->
                        session.dialog().trickled().end(at, session.dialog().generation()));
    }

    /** Takes the peer's word that no more candidates come in a generation; ignored for one that is not there. */
    public void endOfRemote(long at, int peer, Generation generation) {
        life.enter(at);
        peers.find(peer).ifPresent(session -> session.dialog().trickled().end(at, generation));
    }
}
