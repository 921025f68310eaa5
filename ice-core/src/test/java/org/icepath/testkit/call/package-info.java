// SPDX-License-Identifier: Apache-2.0
/**
 * Calls in virtual time: sessions of this library on the hosts of a {@link org.icepath.testkit.network.VirtualNetwork}.
 *
 * <p>{@link org.icepath.testkit.call.VirtualPhone} runs one session; {@link org.icepath.testkit.call.VirtualCall} lets two of them
 * exchange descriptions as SDP and packets with sequence numbers, and counts what arrives.
 *
 * <p>Not thread-safe. References are never null.
 */
@NullMarked
package org.icepath.testkit.call;

import org.jspecify.annotations.NullMarked;
