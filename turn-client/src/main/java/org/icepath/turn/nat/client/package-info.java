// SPDX-License-Identifier: Apache-2.0
/**
 * Asks real servers what the NATs in between do: the shell around {@code org.icepath.turn.nat}.
 *
 * <p>{@link org.icepath.turn.nat.client.NatClient} is the entry; it is thread-safe.
 */
@NullMarked
package org.icepath.turn.nat.client;

import org.jspecify.annotations.NullMarked;
