// SPDX-License-Identifier: Apache-2.0
/**
 * A TURN client that is usable by itself, without ICE (RFC 8656).
 *
 * <p>{@link org.icepath.turn.client.TurnClient} is the entry: it resolves the server's name, tries its addresses and hands out a
 * {@link org.icepath.turn.client.TurnRelay}, which keeps itself alive until it is closed.
 *
 * <pre>{@code
 * try (TurnClient turn = TurnClient.start()) {
 *   TurnServer server = TurnServer.parse("turn:turn.example.net").credentials("alice", "s3cret");
 *   TurnRelay relay = turn.allocate(server).get(5, SECONDS);
 *   relay.onReceive((peer, data) -> log(peer, data));
 *   relay.permit(peer.getAddress()).get(5, SECONDS);
 *   relay.send(peer, ByteBuffer.wrap(greeting));
 * }
 * }</pre>
 *
 * <p>Any thread may call. Callbacks come on the relay's event loop and must not wait; a later one takes the place of the one before.
 * Futures fail with a {@link org.icepath.turn.client.TurnException}. References are never null.
 */
@NullMarked
package org.icepath.turn.client;

import org.jspecify.annotations.NullMarked;
