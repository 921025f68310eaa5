// SPDX-License-Identifier: Apache-2.0
/**
 * The agent of RFC 8445 as a machine: check lists, pairs, pacing, checks in and out, roles, nomination, media selection, consent.
 *
 * <p>{@link org.icepath.ice.agent.IceAgent} is the entry: one for each peer and generation. It is given candidates and a remote
 * description, sends checks, and says what it found as {@link org.icepath.ice.agent.AgentEvent}s. Checks that arrive before the
 * remote description are the business of {@link org.icepath.ice.agent.EarlyChecks}. RFC 8445, 7675, 8863; RFC 8838 §12 for
 * candidates that come late.
 *
 * <p>Everything here is confined to one thread at a time, and reads no clock, no randomness and no socket of its own. Streams are
 * known by their index. The agent never learns what is beneath a {@link org.icepath.sansio.Base}: a socket or a relay.
 *
 * <p>Not here: gathering, names that must be resolved, peers without ICE, restarts (each generation has an agent of its own).
 */
@NullMarked
package org.icepath.ice.agent;

import org.jspecify.annotations.NullMarked;
