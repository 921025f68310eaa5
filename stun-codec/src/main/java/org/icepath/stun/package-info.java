// SPDX-License-Identifier: Apache-2.0
/**
 * STUN messages as bytes: RFC 8489, and RFC 3489 for reading; the attributes of RFC 8656, 8445, 5780, 6062, 7635, 7982, 8016.
 *
 * <p>{@link org.icepath.stun.StunMessage} reads in place, {@link org.icepath.stun.StunWriter} writes into a buffer of the
 * caller's, and {@link org.icepath.stun.Attributes} is the one table of attributes that both go by. Keys and the verification of
 * what arrives are in {@code org.icepath.stun.auth}, retransmission in {@code org.icepath.stun.transaction}.
 *
 * <p>Readers, writers and cursors are reusable and confined to one thread; everything else is immutable. Buffers are big-endian,
 * borrowed, and accessed by absolute index: their position and limit stay as they are. Whatever bytes arrive, reading throws
 * nothing but {@link org.icepath.stun.StunParseException}.
 */
@NullMarked
package org.icepath.stun;

import org.jspecify.annotations.NullMarked;
