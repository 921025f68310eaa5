// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import io.netty.channel.Channel;
import java.net.DatagramSocket;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A path in the shapes that other stacks know: made when first asked for, and anew once closed. Thread-safe. */
final class PathFaces {

    private final SessionShell shell;
    private final NettyIcePath path;
    private @Nullable PathChannel channel;
    private @Nullable PathSocket socket;
    private boolean closed;

    PathFaces(SessionShell shell, NettyIcePath path) {
        this.shell = shell;
        this.path = path;
    }

    synchronized Channel channel() {
        PathChannel present = channel;
        if (present != null && present.isOpen()) {
            return present;
        }
        PathChannel made = new PathChannel(path);
        channel = made;
        try {
            shell.register(made);
        } catch (RejectedExecutionException loopHasEnded) {
            made.unsafe().closeForcibly();
        }
        if (closed) {
            made.close();
        }
        return made;
    }

    synchronized DatagramSocket socket() {
        PathSocket present = socket;
        if (present != null && !present.isClosed()) {
            return present;
        }
        PathSocket made = new PathSocket(path);
        socket = made;
        if (closed) {
            made.close();
        } else {
            made.begin();
        }
        return made;
    }

    /** On the event loop. */
    synchronized void writabilityChanged() {
        if (channel != null) {
            channel.reviewWritability();
        }
    }

    /** The path has ended, and with it all that it looks like. Idempotent. */
    synchronized void close() {
        closed = true;
        if (channel != null) {
            channel.close();
        }
        if (socket != null) {
            socket.close();
        }
    }
}
