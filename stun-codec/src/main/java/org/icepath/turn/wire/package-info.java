// SPDX-License-Identifier: Apache-2.0
/**
 * What TURN and ICE put on the wire beside STUN messages, and how packets of different protocols on one port are told apart.
 *
 * <p>{@link org.icepath.turn.wire.Demux} looks at the first byte (RFC 9443), {@link org.icepath.turn.wire.ChannelData} reads and
 * writes the four bytes before relayed data (RFC 8656 §12.4), {@link org.icepath.turn.wire.StunFraming} and {@link
 * org.icepath.turn.wire.Rfc4571Framing} lay datagrams on TCP. All of it is stateless, thread-safe and free of allocation. All
 * reads are absolute: no method here changes the position or the limit of a buffer that it only reads.
 */
@NullMarked
package org.icepath.turn.wire;

import org.jspecify.annotations.NullMarked;
