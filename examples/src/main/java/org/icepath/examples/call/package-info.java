// SPDX-License-Identifier: Apache-2.0
/**
 * {@code icepath call}: two softphones in one process, a call between them, and what became of every packet.
 *
 * <p>Everything travels over real UDP sockets on loopback addresses. What stands between the phones is emulated: a router with NAT
 * before each phone, a firewall that may open later, and a TURN server. {@link org.icepath.examples.call.CallCommand} is the entry.
 */
@NullMarked
package org.icepath.examples.call;

import org.jspecify.annotations.NullMarked;
