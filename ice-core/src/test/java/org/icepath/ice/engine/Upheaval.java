// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.time.Duration;
import java.util.Random;
import org.icepath.candidate.InterfaceKind;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.topology.BuiltTopology;
import org.icepath.testkit.topology.Topology;

/**
 * What happens to a random call in its midst.
 *
 * @param plug the interface that vanishes or appears; the first of its side where none does
 * @param callers whose it is, or who restarts ICE
 * @param after the time from the moment when both know each other
 */
record Upheaval(Kind kind, Topology drawn, Topology.Plug plug, boolean callers, Duration after) {

    private static final int LATEST_MILLIS = 15_000;

    /** The kinds, and how many in a hundred calls have one where the topology allows it. */
    enum Kind {
        NOTHING,
        RESTART,
        LOSS,
        APPEARANCE
    }

    /** What happens in the call of a seed: always the same. */
    static Upheaval of(Topology topology) {
        Random random = new Random(topology.seed() * 31 + 7);
        boolean callers = random.nextBoolean();
        Topology.Side side = callers ? topology.caller() : topology.callee();
        Kind kind = kind(random.nextInt(100), side.plugs().size());
        Topology.Plug plug = kind == Kind.NOTHING || kind == Kind.RESTART
                ? side.plugs().get(0)
                : side.plugs().get(random.nextInt(side.plugs().size()));
        return new Upheaval(kind, topology, plug, callers, Duration.ofMillis(random.nextInt(LATEST_MILLIS)));
    }

    private static Kind kind(int chance, int plugs) {
        if (chance < 15) {
            return Kind.RESTART;
        }
        if (plugs < 2 || chance >= 50) {
            return Kind.NOTHING;
        }
        return chance < 32 ? Kind.LOSS : Kind.APPEARANCE;
    }

    /** What stands when the call begins. */
    Topology atFirst() {
        return kind == Kind.APPEARANCE ? drawn.without(plug) : drawn;
    }

    /** What stands all the time. */
    Topology throughout() {
        return changesInterfaces() ? drawn.without(plug) : drawn;
    }

    /** What stands when all is over. */
    Topology atLast() {
        return kind == Kind.LOSS ? drawn.without(plug) : drawn;
    }

    boolean changesInterfaces() {
        return kind == Kind.LOSS || kind == Kind.APPEARANCE;
    }

    /** It happens now. */
    void happen(VirtualCall call, BuiltTopology built) {
        VirtualPhone phone = callers ? call.caller() : call.callee();
        switch (kind) {
            case NOTHING -> {}
            case RESTART -> restart(phone, callers ? call.callerPeer() : call.calleePeer());
            case LOSS -> phone.host().detach(plug.address());
            case APPEARANCE -> {
                phone.attach(built.zone(plug.realm()), plug.address(), InterfaceKind.WIRED);
                phone.host().link(plug.address(), plug.link(), plug.link());
            }
        }
    }

    private static void restart(VirtualPhone phone, int peer) {
        phone.perform(now -> {
            phone.engine().signalling().restart(now, peer);
            return true;
        });
    }

    @Override
    public String toString() {
        return kind + " at the " + (callers ? "caller" : "callee") + " of " + plug.address() + " after " + after;
    }
}
