// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.List;
import org.icepath.ice.IceState;

/** Where a peer stands, as it follows from its check lists (RFC 8445 §6.1.3, in the words of {@link IceState}). */
final class StateRule {

    private StateRule() {}

    static IceState of(CheckListSet lists) {
        List<CheckList> known = lists.lists().stream()
                .filter(list -> list.state() != CheckList.State.IDLE)
                .toList();
        if (known.isEmpty()) {
            return IceState.WAITING;
        }
        List<CheckList> alive = known.stream().filter(CheckList::mayCheck).toList();
        if (alive.isEmpty()) {
            return IceState.FAILED;
        }
        if (alive.stream().anyMatch(CheckList::pathLost)) {
            return IceState.DISCONNECTED;
        }
        if (!alive.stream().allMatch(CheckList::hasAllPaths)) {
            return IceState.CHECKING;
        }
        boolean completed = alive.stream().allMatch(list -> list.state() == CheckList.State.COMPLETED);
        return completed ? IceState.COMPLETED : IceState.CONNECTED;
    }
}
