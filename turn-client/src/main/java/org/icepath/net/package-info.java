// SPDX-License-Identifier: Apache-2.0
/**
 * The thin Netty shell that TURN clients, NAT discovery and ICE sessions share: event loops, UDP sockets, connections over TCP, TLS and
 * DTLS, accepting ports, timers and name resolution.
 *
 * <p>{@link org.icepath.net.MachineDriver} is the entry: it runs one {@link org.icepath.sansio.Machine} on one event loop,
 * feeds it datagrams, time and the facts that only sockets know, and carries out what it asks for. There is no thread beside the
 * event loops of {@link org.icepath.net.EventLoops}.
 *
 * <p>Thread rule: a driver and its sockets are used on their event loop, except where a method says "any thread".
 *
 * <p>Not here: protocol. Nothing in this package reads a message.
 */
@NullMarked
package org.icepath.net;

import org.jspecify.annotations.NullMarked;
