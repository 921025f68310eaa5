// SPDX-License-Identifier: Apache-2.0
/**
 * MS-TURN: what a client says to the Edge servers of Lync and Skype for Business, as a dialect of {@link
 * org.icepath.turn.TurnAllocation}. {@link org.icepath.turn.ms.MsTurn} is the entry.
 *
 * <p>Rules are tagged <i>specified</i> ([MS-TURN]), <i>seen</i> (in captures, or from other implementations) or <i>inferred</i>; what is
 * inferred can be configured.
 */
@NullMarked
package org.icepath.turn.ms;

import org.jspecify.annotations.NullMarked;
