// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetSocketAddress;
import org.icepath.ice.PairView;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.jspecify.annotations.Nullable;

/**
 * Listens for the peer's data falling silent, or coming another way: both say sooner than consent checks, which are 4 s apart at least
 * (RFC 7675 §5.1), that a path is cut. Data is not authenticated, so that it only hastens checks and chooses among valid pairs.
 */
final class DataWatch {

    /** Silence of a pair on which data flowed that is worth a check: real-time media pause less, or seldom. */
    private static final long SILENCE_NANOS = 1_000_000_000L;

    /** Silence after which data on another pair means that the peer has moved there; reordering is shorter. */
    private static final long MOVED_NANOS = 300_000_000L;

    private final AgentContext context;
    private final Liveness liveness;
    private final IceProcessing processing;
    private long next = Machine.NEVER;
    private boolean stirred;

    // The flow that was heard last: mostly the next datagram is of the same one, in a burst down to the objects.
    private @Nullable CheckPair flow;
    private @Nullable Base flowBase;
    private @Nullable InetSocketAddress flowFrom;

    DataWatch(AgentContext context, Liveness liveness, IceProcessing processing) {
        this.context = context;
        this.liveness = liveness;
        this.processing = processing;
    }

    /** When silence will be noticed, or {@link Machine#NEVER}; may be earlier than that, since data goes on coming. */
    long next() {
        return next;
    }

    /** Whether the last data that has {@link #arrived} was a reason to go on, or has brought forward what {@link #next} says. */
    boolean isStirred() {
        return stirred;
    }

    /** The component that a source may send data to (RFC 8445 §12.2); null when nobody knows it. */
    @Nullable
    ComponentChecks component(Base base, InetSocketAddress from) {
        ComponentChecks component = context.lists().component(base);
        return component == null || component.remote(base, from) == null ? null : component;
    }

    /**
     * Takes note that data has come; where it shows that the peer has moved, media follows.
     *
     * @return the component that it is for; null when nobody knows its source
     */
    @Nullable
    ComponentChecks arrived(long now, Base base, InetSocketAddress from, int bytes) {
        stirred = false;
        CheckPair again = heardAgain(now, base, from, bytes);
        if (again != null) {
            return again.component();
        }
        ComponentChecks component = component(base, from);
        if (component != null && heard(now, component, base, from, bytes)) {
            stirred = true;
            processing.goOn(now);
        }
        return component;
    }

    /**
     * Further data of the flow that was heard last has come, and nothing else meanwhile.
     *
     * @return the pair it has come on, which is in use; null when it is not known to be that flow
     */
    @SuppressWarnings("ReferenceEquality") // equal bases take the long way, and equal sources a longer one
    @Nullable
    CheckPair heardAgain(long now, Base base, InetSocketAddress from, int bytes) {
        CheckPair pair = flow;
        if (pair == null || base != flowBase || (from != flowFrom && !from.equals(flowFrom))) {
            return null;
        }
        flowFrom = from;
        pair.component().heardAt(now);
        pair.health().heardAt(now);
        count(now, pair, bytes);
        return pair;
    }

    /** Something else has happened: what comes next is looked at as if it came for the first time. */
    void forgetFlow() {
        flow = null;
    }

    /**
     * Data has come on a component, from one of the peer's addresses.
     *
     * @return whether that is a reason to choose another pair
     */
    private boolean heard(long now, ComponentChecks component, Base base, InetSocketAddress from, int bytes) {
        flow = null;
        CheckPair current = component.current();
        if (current == null) {
            count(now, component.list().find(component, base, from), bytes);
            return false;
        }
        if (current.base().id() == base.id() && current.remoteAddress().equals(from)) {
            if (component.heardAt() == PairView.NOT_YET || component.silent()) {
                stirred = now + SILENCE_NANOS < next;
                next = Math.min(next, now + SILENCE_NANOS);
            }
            component.heardAt(now);
            current.health().heardAt(now);
            count(now, current, bytes);
            flow = stirred ? null : current;
            flowBase = base;
            flowFrom = from;
            return false;
        }
        count(now, component.list().find(component, base, from), bytes);
        return hasMoved(now, component, current) && follow(now, component, current, base, from);
    }

    private static void count(long now, @Nullable CheckPair pair, int bytes) {
        if (pair != null && bytes != IceAgent.COUNTED) {
            pair.traffic().dataReceived(now, bytes);
        }
    }

    /** A Binding indication has come (RFC 8445 §11): the peer is alive, though it may have nothing to say. */
    boolean keptAlive(long now, Base base, InetSocketAddress from) {
        ComponentChecks component = context.lists().component(base);
        CheckPair pair = component == null ? null : component.list().find(component, base, from);
        if (pair != null) {
            pair.health().heardAt(now);
        }
        return component != null && component.remote(base, from) != null;
    }

    /** The peer sent here, and does no longer. Before the nomination each side chooses for itself. */
    private static boolean hasMoved(long now, ComponentChecks component, CheckPair current) {
        return component.heardAt() != PairView.NOT_YET
                && now - component.heardAt() >= MOVED_NANOS
                && current == component.nominated()
                && component.list().state() == CheckList.State.COMPLETED;
    }

    private static boolean follow(
            long now, ComponentChecks component, CheckPair current, Base base, InetSocketAddress from) {
        CheckPair other = component.list().find(component, base, from);
        if (other == null || !other.valid()) {
            return false;
        }
        component.follow(other);
        current.health().unreachableAt(now);
        current.failures().add("the peer has moved to " + other);
        return true;
    }

    void handleTimeout(long now) {
        if (now < next) {
            return;
        }
        next = Machine.NEVER;
        for (CheckList list : context.lists().lists()) {
            for (ComponentChecks component : list.components()) {
                CheckPair current = component.current();
                if (current == null || component.heardAt() == PairView.NOT_YET || component.silent()) {
                    continue;
                }
                if (now - component.heardAt() < SILENCE_NANOS) {
                    next = Math.min(next, component.heardAt() + SILENCE_NANOS);
                } else {
                    component.noticeSilence();
                    liveness.bringForward(now, current);
                }
            }
        }
    }
}
