// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.call;

import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.icepath.candidate.IceDescription;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.engine.EngineEvent;
import org.icepath.sdp.IceSdp;
import org.icepath.testkit.network.VirtualNetwork;

/**
 * A call between two phones: the caller offers, the callee answers, descriptions travel as SDP on a signalling path of their own. An
 * offer that becomes due later is sent, too.
 * Not thread-safe.
 */
public final class VirtualCall {

    private final VirtualNetwork network;
    private final VirtualPhone caller;
    private final VirtualPhone callee;
    private final Duration signalling;
    private int callerPeer;
    private int calleePeer;
    private boolean offering;
    private boolean byHand;

    private VirtualCall(VirtualNetwork network, VirtualPhone caller, VirtualPhone callee, Duration signalling) {
        this.network = network;
        this.caller = caller;
        this.callee = callee;
        this.signalling = signalling;
    }

    /**
     * Begins a call: the caller gathers.
     *
     * @param signalling how long a description travels one way
     */
    public static VirtualCall start(
            VirtualNetwork network, VirtualPhone caller, VirtualPhone callee, Duration signalling) {
        VirtualCall call = new VirtualCall(network, caller, callee, signalling);
        caller.node().onEvent(event -> call.onCallerEvent(event));
        callee.node().onEvent(event -> call.onCalleeEvent(event));
        network.after(Duration.ZERO, caller::gather);
        return call;
    }

    private void onCallerEvent(EngineEvent event) {
        if (event instanceof EngineEvent.DescriptionDue) {
            IceDescription offer = caller.describe();
            network.after(signalling, () -> {
                callee.gather();
                calleePeer = callee.accept(travelled(offer), IceRole.CONTROLLED);
            });
        }
        trickle(event, caller, callee, this::calleePeer);
        offerAgain(event, caller, this::callerPeer, callee, this::calleePeer);
    }

    private void onCalleeEvent(EngineEvent event) {
        if (event instanceof EngineEvent.DescriptionDue) {
            // the event may come from within gather(), before the offer is accepted
            network.after(Duration.ZERO, () -> {
                IceDescription answer =
                        callee.perform(now -> callee.engine().signalling().describe(now, calleePeer));
                network.after(signalling, () -> callerPeer = caller.accept(travelled(answer), IceRole.CONTROLLING));
            });
        }
        trickle(event, callee, caller, this::callerPeer);
        offerAgain(event, callee, this::calleePeer, caller, this::callerPeer);
    }

    /** Sends an offer that has become due, and the answer to it; one at a time, as in a dialog without glare. */
    private void offerAgain(
            EngineEvent event, VirtualPhone from, IntSupplier fromPeer, VirtualPhone to, IntSupplier toPeer) {
        boolean due = event instanceof EngineEvent.PeerEvent said && said.event() instanceof IceEvent.OfferPending;
        if (!due || byHand) {
            return;
        }
        if (callerPeer == 0 || calleePeer == 0 || offering) {
            // the first answer is still on its way
            network.after(signalling.plusMillis(10), () -> offerAgain(event, from, fromPeer, to, toPeer));
            return;
        }
        if (from.engine().signalling().pendingOffer(fromPeer.getAsInt()).isEmpty()) {
            return;
        }
        offering = true;
        IceDescription offer = from.perform(now -> from.engine().signalling().offer(now, fromPeer.getAsInt()));
        network.after(signalling, () -> {
            IceDescription answer = to.answer(toPeer.getAsInt(), travelled(offer));
            network.after(signalling, () -> {
                from.update(fromPeer.getAsInt(), travelled(answer));
                offering = false;
            });
        });
    }

    /** Tells the other side of late candidates, where both have said that they trickle (RFC 8838). */
    private void trickle(EngineEvent event, VirtualPhone from, VirtualPhone to, IntSupplier peer) {
        if (!from.config().trickles() || !(event instanceof EngineEvent.SessionEvent said)) {
            return;
        }
        if (said.event() instanceof IceEvent.CandidateGathered gathered) {
            int stream = from.streamNamed(gathered.stream());
            // one step later than the description, which this candidate may be part of: known ones are harmless
            network.after(
                    signalling.plusNanos(1),
                    () -> to.perform(now -> {
                        to.engine().trickle().addRemote(now, peer.getAsInt(), stream, gathered.candidate());
                        return true;
                    }));
        } else if (said.event() instanceof IceEvent.GatheringCompleted) {
            network.after(
                    signalling.plusNanos(1),
                    () -> to.perform(now -> {
                        to.engine().trickle().endOfRemote(now, peer.getAsInt());
                        return true;
                    }));
        }
    }

    /** From now on further offers are the test's own affair, also those that become due. */
    public VirtualCall offeringByHand() {
        byHand = true;
        return this;
    }

    /** A description as the other side reads it. */
    public static IceDescription travelled(IceDescription description) {
        return IceSdp.parse(IceSdp.format(description)).description();
    }

    /** Runs until both sides have selected their pairs; false when that takes longer than {@code limit}. */
    public boolean runUntilCompleted(Duration limit) {
        return network.runUntil(() -> isAt(IceState.COMPLETED), limit);
    }

    /** Whether both sides stand there. */
    public boolean isAt(IceState state) {
        return state(caller, callerPeer).filter(state::equals).isPresent()
                && state(callee, calleePeer).filter(state::equals).isPresent();
    }

    private static Optional<IceState> state(VirtualPhone phone, int peer) {
        return peer == 0 ? Optional.empty() : Optional.of(phone.state(peer));
    }

    /** Sends numbered packets from the caller to the callee from now on. */
    public PacketFlow toCallee(Duration interval) {
        return PacketFlow.start(network, caller, this::callerPeer, callee, interval);
    }

    /**
     * Sends numbered packets from the callee to the caller from now on, but not before the answer has arrived: until then the caller
     * has no peer to receive from.
     */
    public PacketFlow toCaller(Duration interval) {
        return PacketFlow.start(network, callee, () -> callerPeer == 0 ? 0 : calleePeer, caller, interval);
    }

    /** The callee as the caller numbers it; 0 before the answer. */
    public int callerPeer() {
        return callerPeer;
    }

    /** The caller as the callee numbers it; 0 before the offer. */
    public int calleePeer() {
        return calleePeer;
    }

    /** Who called. */
    public VirtualPhone caller() {
        return caller;
    }

    /** Who was called. */
    public VirtualPhone callee() {
        return callee;
    }
}
