// SPDX-License-Identifier: Apache-2.0
/**
 * Gathering: local addresses, STUN servers and relay allocations become candidates (RFC 8445 §5.1).
 *
 * <p>{@link org.icepath.ice.gather.Gatherer} is a machine without sockets, clock or DNS; its owner resolves names, owns the relay
 * allocations that it asks for, and feeds their outcome back. Confined to the thread of its owner. References are never null.
 * RFC 8445 §5.1 and §14, RFC 8421, RFC 8838 §4.
 *
 * <p>Not here: TURN itself ({@code .turn}), the description that is made of the candidates ({@code .ice.engine}).
 */
@NullMarked
package org.icepath.ice.gather;

import org.jspecify.annotations.NullMarked;
