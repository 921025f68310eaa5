// SPDX-License-Identifier: Apache-2.0
/**
 * A STUN and TURN server for tests and demonstrations (RFC 8489, RFC 8656 over UDP).
 *
 * <p>{@link org.icepath.testkit.edge.EdgeMachine} is the server as a machine, for virtual networks; {@link
 * org.icepath.testkit.edge.EdgeServer} runs it on real sockets. It does what the RFCs say, and on demand what servers should not do:
 * {@link org.icepath.testkit.edge.EdgeFaults} refuses peers, injects errors, drops requests, forgets to sign.
 *
 * <pre>{@code
 * EdgeMachine edge = new EdgeMachine(EdgeConfig.create().user("alice", "secret"), RelaySockets.on(host), random);
 * edge.listen(host.bind(3478));
 * VirtualNode<EdgeEvent> server = host.run(edge);
 * server.act((now, machine) -> edge.faults().refusePeer(address));
 *
 * try (EdgeServer relay = EdgeServer.start(EdgeConfig.create().user("alice", "secret"))) {
 *     connect(relay.address());
 * }
 * }</pre>
 *
 * <p>It is no server for the open internet: it has no DTLS, and its limits are those of a test.
 */
@NullMarked
package org.icepath.testkit.edge;

import org.jspecify.annotations.NullMarked;
