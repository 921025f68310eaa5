// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.List;

/** The pairs of one component in one check list, as strategies see them. Valid during the call only. */
public interface CheckListView {

    /** Our role towards the peer. */
    IceRole role();

    /** Whether the peer makes checks: a full agent does, a lite one (RFC 8445 §2.5) does not. */
    boolean peerChecks();

    /** The component whose pairs these are. */
    int component();

    /** All pairs of the component, valid ones that are not in the check list included, highest priority first. */
    List<PairView> pairs();

    /** When the first pair of the component became valid, or {@link PairView#NOT_YET}. */
    long firstValidAt();

    /** From when on nomination waits with patience: {@link #firstValidAt}, unless {@link SessionRules#patienceFrom} says otherwise. */
    default long patienceFrom() {
        return firstValidAt();
    }

    /**
     * An upper bound for the priority of pairs that are not here yet because candidates may still come, ours by gathering or the
     * peer's by trickling; 0 when none can come. An unsigned 64-bit number.
     */
    long bestPriorityToCome();

    /** The intervals in force. */
    Timings timings();
}
