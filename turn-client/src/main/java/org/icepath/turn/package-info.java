// SPDX-License-Identifier: Apache-2.0
/**
 * TURN as a client sees it (RFC 8656), without input and output.
 *
 * <p>{@link org.icepath.turn.TurnAllocation} is the entry: one allocation on one server, as a machine. It authenticates, keeps
 * allocation, permissions and channels alive, and wraps and unwraps what crosses the relay. {@link org.icepath.turn.TurnServer} and
 * {@link org.icepath.turn.StunServer} say where servers are.
 *
 * <p>Machines are confined to one thread; the values are immutable. References are never null. Constructors of values refuse, with {@link
 * java.lang.IllegalArgumentException}, what is out of the ranges that they name.
 *
 * <p>Not here: sockets, name resolution, and which candidates come of it.
 */
@NullMarked
package org.icepath.turn;

import org.jspecify.annotations.NullMarked;
