// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary of an ICE session: what an application holds, what it is told, and the pure strategies that decide.
 *
 * <p>{@link org.icepath.ice.IceRuntime} is the entry; {@code org.icepath.Icepath.start()} makes one. Three things are kept apart: an
 * {@link org.icepath.ice.IceSession} is <em>our</em> side (sockets, candidates, allocations), an {@link org.icepath.ice.IcePeer}
 * is one remote with its check lists and paths, a {@link org.icepath.ice.Generation} is one pair of username fragment and
 * password. RFC 8445, 8839, 7675, 8863.
 *
 * <p>Methods of the façade may be called from any thread and never block. Callbacks run on the session's event loop; waiting
 * there for a future of this package throws {@link java.lang.IllegalStateException}. References are never null; what may be absent is an
 * {@code Optional}. Constructors of values refuse, with {@link java.lang.IllegalArgumentException}, what is out of the ranges that they name.
 *
 * <p>Not here: sockets and threads ({@code .ice.netty}), the protocol itself ({@code .ice.agent}, {@code .ice.engine}).
 */
@NullMarked
package org.icepath.ice;

import org.jspecify.annotations.NullMarked;
