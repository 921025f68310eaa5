// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.Optional;
import org.icepath.candidate.Candidate;

/** A connectivity check that is being written, as far as its dialect may ask. Valid during the call only. */
public interface OutgoingCheck {

    /** The candidate that it is sent from: host or relayed, a reflexive one only where its base is none (RFC 8445 §6.1.2.4). */
    Candidate from();

    /** The candidate that it is sent to. */
    Candidate to();

    /** The server-reflexive candidate of ours that a server has seen this base as, if any. */
    Optional<Candidate> serverReflexive();
}
