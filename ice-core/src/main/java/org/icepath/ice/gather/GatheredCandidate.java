// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import org.icepath.candidate.Candidate;
import org.icepath.candidate.InterfaceKind;
import org.icepath.sansio.Base;

/**
 * A candidate of ours that may be told to the peer.
 *
 * @param stream place of the stream, from 0
 * @param candidate as it is told
 * @param base where packets of this candidate are sent from; the relayed base for a relayed candidate
 * @param kind what the interface is made of that its packets leave by
 * @param at when it was found, in nanoseconds
 */
public record GatheredCandidate(int stream, Candidate candidate, Base base, InterfaceKind kind, long at) {}
