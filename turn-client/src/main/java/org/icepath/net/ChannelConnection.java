// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import org.icepath.connection.ConnectionSettings;
import org.icepath.sansio.Base;
import org.icepath.sansio.Cause;
import org.jspecify.annotations.Nullable;

/**
 * A connection that hangs on one channel: its two ends, and its way from the attempt, which has a deadline, to the end, which is told once
 * and only where it is not our own. Confined to its event loop, except where {@link Endpoint} says otherwise.
 */
abstract class ChannelConnection implements Connection {

    final EventLoops loops;
    final EventLoop loop;
    final Base base;
    final InetSocketAddress remote;
    final ConnectionSettings settings;
    private final AttemptDeadline deadline;
    private Listener listener;
    private volatile @Nullable Channel channel;
    private volatile State state = State.OPENING;

    private enum State {
        OPENING,
        OPEN,
        CLOSED
    }

    ChannelConnection(
            EventLoops loops,
            EventLoop loop,
            Base base,
            InetSocketAddress remote,
            ConnectionSettings settings,
            Listener listener) {
        this.loops = loops;
        this.loop = loop;
        this.base = base;
        this.remote = remote;
        this.settings = settings;
        this.listener = listener;
        this.deadline = new AttemptDeadline(remote, settings.deadline());
    }

    /** Who hears of it. */
    final Listener listener() {
        return listener;
    }

    /** Somebody else hears of it from now on. */
    final void handTo(Listener next) {
        listener = next;
    }

    /** The attempt begins: from now on there is a deadline. */
    final void begin() {
        deadline.start(loop, this::end);
    }

    /** Names the channel, which is closed with the connection; what it sends is marked from now on. */
    final void hangOn(Channel made) {
        channel = made;
        if (settings.dscp() != 0 && made.isOpen()) {
            made.config().setOption(ChannelOption.IP_TOS, settings.dscp() << UdpSocket.DSCP_SHIFT);
        }
    }

    /** The channel; null before there is one. */
    final @Nullable Channel channel() {
        return channel;
    }

    final boolean isOpening() {
        return state == State.OPENING;
    }

    final boolean isOpen() {
        return state == State.OPEN;
    }

    final boolean isClosed() {
        return state == State.CLOSED;
    }

    /** The attempt has succeeded; without effect after it. */
    final void opened() {
        if (isOpening()) {
            state = State.OPEN;
            deadline.cancel();
            listener.opened(this);
        }
    }

    /** Ends it for a reason that the listener is told; without effect after its end. */
    final void end(Cause cause) {
        if (!isClosed()) {
            state = State.CLOSED;
            shut();
            listener.closed(this, cause);
        }
    }

    @Override
    public final void close() {
        if (!loop.inEventLoop()) {
            loop.execute(this::close);
        } else if (!isClosed()) {
            state = State.CLOSED;
            sayLast();
            shut();
        }
    }

    private void shut() {
        deadline.cancel();
        letGo();
        Channel made = channel;
        if (made != null) {
            made.close();
        }
    }

    /** Tells the other end that we close; it counts as closed already, so that nobody hears of what goes wrong with it. */
    void sayLast() {}

    /** Lets go of what is waiting. */
    abstract void letGo();

    @Override
    public final InetSocketAddress remote() {
        return remote;
    }

    @Override
    public final Base base() {
        return base;
    }

    @Override
    public final InetSocketAddress localAddress() {
        Channel made = channel;
        return made != null && made.localAddress() instanceof InetSocketAddress local ? local : base.address();
    }
}
