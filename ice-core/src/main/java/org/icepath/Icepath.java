// SPDX-License-Identifier: Apache-2.0
package org.icepath;

import io.netty.channel.EventLoopGroup;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.NetworkMonitor;
import org.icepath.ice.netty.NettyIceRuntime;
import org.icepath.ice.netty.RuntimeConfig;

/** The front door: starts what sessions share, on Netty. */
public final class Icepath {

    private Icepath() {}

    /** A runtime with event loops of its own; its threads are daemons. One for each process is the contract. */
    public static IceRuntime start() {
        return NettyIceRuntime.start();
    }

    /** A runtime with event loops of its own that hears of changed interfaces by another monitor than the polling one. */
    public static IceRuntime start(NetworkMonitor monitor) {
        return NettyIceRuntime.start(RuntimeConfig.create().networkMonitor(monitor));
    }

    /**
     * A runtime on event loops of the application, which stay open when the runtime is closed.
     *
     * @throws IllegalArgumentException if the group drives neither epoll nor NIO channels
     */
    public static IceRuntime start(EventLoopGroup group) {
        return NettyIceRuntime.start(group);
    }

    /**
     * A runtime with the choices of a server: its event loops, its pacing, and ports that sessions share.
     *
     * @throws IllegalArgumentException if the application's event loops drive neither epoll nor NIO channels
     * @throws java.io.UncheckedIOException if a shared port cannot be bound
     * @throws IllegalStateException on an event loop of the application, if there is a shared port: binding is waited for
     */
    public static IceRuntime start(RuntimeConfig config) {
        return NettyIceRuntime.start(config);
    }
}
