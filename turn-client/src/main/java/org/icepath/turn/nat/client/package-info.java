// SPDX-License-Identifier: Apache-2.0
/**
 * Asks real servers what the NATs in between do: the shell around {@code org.icepath.turn.nat}.
 *
 * <p>{@link org.icepath.turn.nat.client.NatClient} is the entry.
 *
 * <pre>{@code
 * try (NatClient client = NatClient.start()) {
 *   NatReport report = client.discover(StunServer.parse("stun.example.net")).get(20, SECONDS);
 *   log("mapping {}, filtering {}", report.mapping(), report.filtering());
 * }
 * }</pre>
 *
 * <p>Any thread may call. Listeners are called on an event loop and must not wait. Futures fail with an {@link java.io.IOException}.
 * References are never null.
 */
@NullMarked
package org.icepath.turn.nat.client;

import org.jspecify.annotations.NullMarked;
