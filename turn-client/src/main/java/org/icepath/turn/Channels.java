// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Machine;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.turn.wire.ChannelData;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one allocation (RFC 8656 §12). Not thread-safe.
 *
 * <p>A number that was ever sent in a request belongs to its peer until the binding has ended on the server and another five minutes
 * have passed: until then neither the number may go to another peer, nor the peer to another number.
 */
final class Channels {

    /** Most numbers in use or quarantine at a time. */
    static final int MOST_CHANNELS = 256;

    private static final long LIFETIME = Duration.ofMinutes(10).toNanos(); // RFC 8656 §3.3
    private static final long REFRESH_AFTER = Duration.ofMinutes(9).toNanos();
    private static final long JITTER = Duration.ofMinutes(1).toNanos();
    private static final long QUARANTINE = Duration.ofMinutes(5).toNanos(); // RFC 8656 §12.1
    private static final long RETRY_AFTER = Duration.ofMinutes(1).toNanos();

    private enum State {
        ASKED,
        /** To be refreshed at {@code dueAt}. */
        BOUND,
        REFRESHING,
        /** Not refreshed any more; still bound on the server until {@code expiresAt}. */
        LEFT,
        /** Free again after {@code dueAt}; the server may or may not have bound it. */
        QUARANTINED
    }

    private static final class Channel {
        final InetSocketAddress peer;
        final int number;
        State state = State.ASKED;
        long dueAt = Machine.NEVER;
        long expiresAt = Long.MIN_VALUE;

        Channel(InetSocketAddress peer, int number) {
            this.peer = peer;
            this.number = number;
        }

        boolean carriesData() {
            return state == State.BOUND || state == State.REFRESHING;
        }

        boolean isWanted() {
            return state == State.ASKED || carriesData();
        }
    }

    private final TurnRequests requests;
    private final TurnDialect dialect;
    private final RandomGenerator random;
    private final Permissions permissions;
    private final Consumer<TurnEvent> events;
    private final Map<InetSocketAddress, Channel> byPeer = new HashMap<>();
    private final @Nullable Channel[] byNumber = new Channel[MOST_CHANNELS];
    private int lastIndex = -1;
    private long next = Machine.NEVER;
    private boolean stale;

    Channels(
            TurnRequests requests,
            TurnDialect dialect,
            RandomGenerator random,
            Permissions permissions,
            Consumer<TurnEvent> events) {
        this.requests = requests;
        this.dialect = dialect;
        this.random = random;
        this.permissions = permissions;
        this.events = events;
    }

    /** Binds a channel to a peer, unless it has one. */
    void bind(long now, InetSocketAddress peer) {
        stale = true;
        Channel channel = byPeer.get(peer);
        if (channel == null) {
            int index = freeIndex();
            if (index < 0) {
                TurnFailure failure = TurnFailure.of(TurnFailure.Kind.TOO_MANY, "no channel number is free");
                events.accept(new TurnEvent.ChannelRefused(peer, failure));
                return;
            }
            channel = new Channel(peer, ChannelData.MIN_CHANNEL + index);
            byPeer.put(peer, channel);
            byNumber[index] = channel;
            requests.send(now, new Bind(channel));
        } else if (!channel.isWanted()) {
            // The same number for the same peer is allowed at any time (RFC 8656 §12.1).
            channel.state = State.ASKED;
            channel.dueAt = Machine.NEVER;
            requests.send(now, new Bind(channel));
        }
    }

    // Numbers go round, so that a freed one rests as long as there are others.
    private int freeIndex() {
        for (int step = 1; step <= MOST_CHANNELS; step++) {
            int index = (lastIndex + step) % MOST_CHANNELS;
            if (byNumber[index] == null) {
                lastIndex = index;
                return index;
            }
        }
        return -1;
    }

    /** Lets the channel of a peer run out. */
    void unbind(long now, InetSocketAddress peer) {
        Channel channel = byPeer.get(peer);
        if (channel == null || !channel.isWanted()) {
            return;
        }
        boolean requestUnderWay = channel.state != State.BOUND;
        channel.state = State.LEFT;
        channel.dueAt = requestUnderWay ? now + LIFETIME : channel.expiresAt;
        stale = true;
    }

    /** Lets the channels of all peers at these addresses run out. */
    void unbindAll(long now, Collection<InetAddress> addresses) {
        List.copyOf(byPeer.keySet()).stream()
                .filter(peer -> addresses.contains(peer.getAddress()))
                .forEach(peer -> unbind(now, peer));
    }

    /** The number under which data to a peer may go now, 0 for none. */
    int numberFor(InetSocketAddress peer) {
        Channel channel = byPeer.get(peer);
        return channel != null && channel.carriesData() ? channel.number : 0;
    }

    /** The peer that a number stands for in what the server sends, null if none. */
    @Nullable
    InetSocketAddress peerOf(int number) {
        int index = number - ChannelData.MIN_CHANNEL;
        Channel channel = index >= 0 && index < MOST_CHANNELS ? byNumber[index] : null;
        return channel == null || channel.state == State.QUARANTINED ? null : channel.peer;
    }

    /** The allocation ends. */
    void deactivate() {
        byPeer.clear();
        Arrays.fill(byNumber, null);
        stale = true;
    }

    // Asked for after every packet, so that it must not walk the table each time.
    long nextTimeout() {
        if (stale) {
            next = Machine.NEVER;
            byPeer.values().forEach(each -> next = Math.min(next, each.dueAt));
            stale = false;
        }
        return next;
    }

    void handleTimeout(long now) {
        if (nextTimeout() > now) {
            return;
        }
        for (Channel each : List.copyOf(byPeer.values())) {
            if (each.dueAt <= now) {
                due(now, each);
            }
        }
    }

    private void due(long now, Channel channel) {
        stale = true;
        switch (channel.state) {
            case BOUND -> {
                channel.state = State.REFRESHING;
                channel.dueAt = channel.expiresAt;
                requests.send(now, new Bind(channel));
            }
            case REFRESHING, LEFT, ASKED -> {
                boolean wasWanted = channel.isWanted();
                quarantine(now, channel);
                if (wasWanted) {
                    TurnFailure silence = TurnFailure.of(TurnFailure.Kind.TIMED_OUT, "the binding was not refreshed");
                    events.accept(new TurnEvent.ChannelRefused(channel.peer, silence));
                }
            }
            case QUARANTINED -> {
                byPeer.remove(channel.peer);
                byNumber[channel.number - ChannelData.MIN_CHANNEL] = null;
            }
        }
    }

    private static void quarantine(long now, Channel channel) {
        channel.state = State.QUARANTINED;
        channel.dueAt = Math.max(now, channel.expiresAt) + QUARANTINE;
    }

    private void bound(Channel channel, long sentAt) {
        boolean known = channel.carriesData();
        stale = true;
        channel.expiresAt = sentAt + LIFETIME;
        if (!channel.isWanted()) {
            channel.dueAt = channel.expiresAt; // it was given up while the answer was on its way
            channel.state = State.LEFT;
            return;
        }
        permissions.grantedByBinding(channel.peer.getAddress(), sentAt);
        channel.state = State.BOUND;
        channel.dueAt = sentAt + REFRESH_AFTER - random.nextLong(JITTER);
        if (!known) {
            events.accept(new TurnEvent.ChannelBound(channel.peer, channel.number));
        }
    }

    private void failed(long now, Channel channel, TurnFailure failure) {
        if (!channel.isWanted()) {
            return;
        }
        stale = true;
        if (channel.state == State.REFRESHING && now < channel.expiresAt) {
            channel.state = State.BOUND;
            boolean silent = failure.kind() == TurnFailure.Kind.TIMED_OUT;
            channel.dueAt = silent ? now : Math.min(now + RETRY_AFTER, channel.expiresAt);
            return;
        }
        channel.expiresAt = Math.max(channel.expiresAt, failure.code() == 0 ? now + LIFETIME : now);
        quarantine(now, channel);
        events.accept(new TurnEvent.ChannelRefused(channel.peer, failure));
    }

    /** A ChannelBind request (RFC 8656 §12.1). */
    private final class Bind implements TurnRequest {

        private final Channel channel;

        Bind(Channel channel) {
            this.channel = channel;
        }

        @Override
        public StunMethod method() {
            return dialect.bindMethod();
        }

        @Override
        public void write(StunWriter writer) {
            dialect.writeBinding(writer, channel.peer, channel.number);
        }

        @Override
        public void succeeded(long now, long sentAt, StunMessage answer) {
            bound(channel, sentAt);
        }

        @Override
        public void failed(long now, TurnFailure failure) {
            Channels.this.failed(now, channel, failure);
        }
    }
}
