// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunParseException;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the NATs and firewalls on the way to a STUN server do (RFC 5780 §4). A machine: not thread-safe.
 *
 * <p>{@link #start} begins; {@link NatEvent.Finished} comes after at most 17 s, or after the longest silence that was asked for and
 * another 11 s. The server is not authenticated, and what it says is a hint.
 */
public final class NatDiscovery implements Machine<NatEvent> {

    private final RandomGenerator random;
    private final Queue<NatEvent> events = new ArrayDeque<>();
    private final StunMessage message = new StunMessage();
    private @Nullable NatTests tests;

    /**
     * Makes a discovery that has not begun.
     *
     * @param random cryptographically strong outside of tests
     */
    public NatDiscovery(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Begins.
     *
     * @throws IllegalStateException if it has begun before
     */
    public void start(long now, NatDiscoverySettings settings) {
        if (tests != null) {
            throw new IllegalStateException("the discovery has begun before");
        }
        NatTests begun = new NatTests(settings, random, events::add);
        tests = begun;
        begun.start(now);
    }

    // The one place that catches what cannot be read: it is as if it had not come.
    @Override
    public boolean handle(long now, Base base, InetSocketAddress from, ByteBuffer payload) {
        NatTests running = tests;
        if (running == null || Demux.of(payload) != PacketKind.STUN) {
            return false;
        }
        try {
            return running.handle(now, base, from, message.wrap(payload));
        } catch (StunParseException unreadable) {
            return false;
        }
    }

    @Override
    public void handleTimeout(long now) {
        NatTests running = tests;
        if (running != null) {
            running.handleTimeout(now);
        }
    }

    @Override
    public long nextTimeout() {
        NatTests running = tests;
        return running == null ? NEVER : running.nextTimeout();
    }

    @Override
    public void drainTo(Output<? super NatEvent> out) {
        NatTests running = tests;
        if (running != null) {
            running.drainTransmits(out);
        }
        for (NatEvent event = events.poll(); event != null; event = events.poll()) {
            out.event(event);
        }
    }
}
