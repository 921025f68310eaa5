// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import org.icepath.ice.IceRole;
import org.icepath.ice.pacing.Turns;

/** Makes the peers of a session, one for each dialog that its first offer or answer makes. Not thread-safe. */
final class Forks {

    private final Streams streams;
    private final EngineOutbox outbox;
    private final LocalSide local;
    private final Describer describer;
    private final Agents agents;
    private final OurGeneration first;
    private final Turns turns;
    private int last;

    /**
     * @param first what the session tells all peers at first
     * @param turns of gathering
     */
    Forks(
            Streams streams,
            EngineOutbox outbox,
            LocalSide local,
            Describer describer,
            Agents agents,
            OurGeneration first,
            Turns turns) {
        this.streams = streams;
        this.outbox = outbox;
        this.local = local;
        this.describer = describer;
        this.agents = agents;
        this.first = first;
        this.turns = turns;
    }

    /**
     * Makes the next peer.
     *
     * @param offered whether it answers an offer of ours
     */
    PeerSession next(RemoteLayout layout, IceRole role, boolean offered) {
        Agents made = agents.taking(turnsOfNext());
        PeerContext context = new PeerContext(
                ++last, streams, outbox, local, describer, agents.glareDelay(offered), agents.plainKeepalives());
        return new PeerSession(context, made, first, layout, role);
    }

    /** Gathering is for the first peer; a fork that comes later is an agent of its own (RFC 8445 §14.2). */
    private Turns turnsOfNext() {
        return last == 0 ? turns : new Turns();
    }
}
