// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import java.util.List;

/** A component's pairs as a test lists them, highest priority first. */
record FakeView(List<PairView> pairs, long firstValidAt, long bestPriorityToCome, boolean peerChecks)
        implements CheckListView {

    FakeView(List<PairView> pairs, long firstValidAt, long bestPriorityToCome) {
        this(pairs, firstValidAt, bestPriorityToCome, true);
    }

    static FakeView of(PairView... pairs) {
        return new FakeView(List.of(pairs), 0, 0);
    }

    /** The same towards a lite agent. */
    FakeView ofLitePeer() {
        return new FakeView(pairs, firstValidAt, bestPriorityToCome, false);
    }

    @Override
    public IceRole role() {
        return IceRole.CONTROLLING;
    }

    @Override
    public int component() {
        return 1;
    }

    @Override
    public Timings timings() {
        return Timings.RFC8445;
    }
}
