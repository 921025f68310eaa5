// SPDX-License-Identifier: Apache-2.0
/**
 * One session as one machine: the demultiplexer over gatherer, relay allocations and the agents of its peers.
 *
 * <p>{@link org.icepath.ice.engine.IceEngine} is all that a shell sees; who brings other I/O than Netty drives it. It has no
 * thread, socket, clock, logger or DNS: time comes first in every call, effects leave through
 * {@link org.icepath.sansio.Output}. Confined to one thread. References are never null. RFC 8445, 8656, 8838, 8839, 5761.
 *
 * <p>Not here: sockets and futures ({@code .ice.netty}), checks ({@code .ice.agent}), candidates ({@code .ice.gather}).
 */
@NullMarked
package org.icepath.ice.engine;

import org.jspecify.annotations.NullMarked;
