// SPDX-License-Identifier: Apache-2.0
/**
 * The shell of an ICE session on Netty: sockets, event loops, names, futures and logging around {@code .ice.engine}.
 *
 * <p>{@link org.icepath.ice.netty.NettyIceRuntime} is the entry, reached by {@code org.icepath.Icepath.start()}. A session lives on
 * one event loop and has one UDP socket for each host candidate, or shares a port with all others; there is no other thread. {@link
 * org.icepath.ice.netty.NettyIcePath} adds to {@link org.icepath.ice.IcePath} what a Netty application wants: sending a
 * {@code ByteBuf} without a copy.
 *
 * <p>Methods may be called from any thread and never wait, except {@code NettyIceRuntime.close()}, which waits a bounded time, and {@code
 * receive} of a path's {@code DatagramSocket}.
 * Callbacks run on the session's event loop; what they throw is logged and goes no further. References are never null.
 *
 * <p>Not here: protocol. Nothing in this package reads a message.
 */
@NullMarked
package org.icepath.ice.netty;

import org.jspecify.annotations.NullMarked;
