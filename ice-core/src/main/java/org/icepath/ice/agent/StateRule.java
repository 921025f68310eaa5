// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.ice.IceState;

/** Where a peer stands, as it follows from its check lists (RFC 8445 §6.1.3, in the words of {@link IceState}). */
final class StateRule {

    private StateRule() {}

    /** @param now the state until now, which stays when there is nothing left to judge by */
    static IceState of(CheckListSet lists, IceState now) {
        boolean known = false;
        boolean alive = false;
        boolean lost = false;
        boolean ready = true;
        boolean completed = true;
        for (CheckList list : lists.lists()) {
            known |= list.state() != CheckList.State.IDLE;
            if (list.mayCheck()) {
                alive = true;
                lost |= list.pathLost();
                ready &= list.hasAllPaths();
                completed &= list.state() == CheckList.State.COMPLETED;
            }
        }
        if (!alive) {
            return known ? IceState.FAILED : now;
        }
        if (lost || !ready) {
            return lost ? IceState.DISCONNECTED : IceState.CHECKING;
        }
        return completed ? IceState.COMPLETED : IceState.CONNECTED;
    }
}
