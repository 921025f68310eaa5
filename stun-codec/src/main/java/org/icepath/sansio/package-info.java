// SPDX-License-Identifier: Apache-2.0
/**
 * What a protocol state machine of this project is, and how it is driven.
 *
 * <p>{@link org.icepath.sansio.Machine} is the entry: inputs are {@code handle…} methods that take the time as their first
 * argument, effects leave through an {@link org.icepath.sansio.Output}. Nothing in a machine reads a clock, opens a socket,
 * starts a thread, resolves a name or logs, so that hours of protocol run in milliseconds of test.
 *
 * <p>Machines are confined to one thread at a time; their driver (the Netty shell, a parent machine, a test) sees to it.
 */
@NullMarked
package org.icepath.sansio;

import org.jspecify.annotations.NullMarked;
