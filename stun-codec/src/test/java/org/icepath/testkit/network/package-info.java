// SPDX-License-Identifier: Apache-2.0
/**
 * A network in virtual time: machines on hosts, behind NATs, over links that delay, lose, reorder and duplicate.
 *
 * <p>{@link org.icepath.testkit.network.VirtualNetwork} is the entry. It is a single-threaded discrete-event simulator: the clock
 * jumps from event to event, so that two hours of refreshes take milliseconds, and one seed always gives one course of events.
 *
 * <pre>{@code
 * VirtualNetwork net = new VirtualNetwork(seed);
 * VirtualHost server = net.internet().host("server", "192.0.2.1");
 * VirtualNat nat = net.internet().nat("home", "203.0.113.7", NatBehaviour.PORT_RESTRICTED);
 * VirtualHost alice = nat.inside().host("alice", "192.168.1.10");
 *
 * Base base = alice.bind(0);                                         // belongs to the next machine that alice runs
 * VirtualNode<TurnEvent> node = alice.run(new SomeMachine(base));
 * node.act((now, machine) -> machine.start(now));                    // an input from the test; outputs are drained after it
 * net.internet().block(Block.between("203.0.113.7", "198.51.100.9")).liftAfter(Duration.ofSeconds(5));
 *
 * assertThat(net.runUntil(() -> node.has(Allocated.class), Duration.ofSeconds(10))).isTrue();
 * assertThat(net.log().sentBy("alice")).hasSize(2);
 * }</pre>
 *
 * <p>A {@link org.icepath.testkit.network.Zone} is one realm of addresses; the same private prefix may occur in many. A {@link
 * org.icepath.testkit.network.VirtualNat} joins an inside zone to an outside one, and NATs may be nested. Machines are held to their
 * contract: a machine that changes or keeps a borrowed buffer, sends from a base that is not its own, or has a deadline that does not
 * move fails the run with a dump.
 *
 * <p>TCP is here as far as its users see it: handshakes, simultaneous open, bytes in order, retransmission, ends, resets and refusals, all of
 * it through NATs and firewalls; windows and congestion are not. A machine's connections are bases of their own, as those of a real
 * driver are.
 *
 * <p>Nothing here is thread-safe.
 */
@NullMarked
package org.icepath.testkit.network;

import org.jspecify.annotations.NullMarked;
