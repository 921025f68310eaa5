// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import org.icepath.ice.IceException;
import org.jspecify.annotations.Nullable;

/** Whether a command that may have run within the call has refused a description. */
final class AcceptOutcome {

    private volatile @Nullable IceException failure;

    void failed(IceException unusable) {
        failure = unusable;
    }

    /** Throws what the command has thrown so far. */
    void throwIfFailed() {
        IceException thrown = failure;
        if (thrown != null) {
            throw thrown;
        }
    }
}
