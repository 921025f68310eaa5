// SPDX-License-Identifier: Apache-2.0
/**
 * What the NATs and firewalls between us and a STUN server do with UDP (RFC 5780), as a machine.
 *
 * <p>{@link org.icepath.turn.nat.NatDiscovery} asks, {@link org.icepath.turn.nat.NatReport} tells. Values are immutable; the machine
 * is confined to one thread. The shell is {@code org.icepath.turn.nat.client}. What it finds holds for the moment and for this
 * server (RFC 5780 §1): an agent that wants to connect checks candidates and never asks here.
 */
@NullMarked
package org.icepath.turn.nat;

import org.jspecify.annotations.NullMarked;
