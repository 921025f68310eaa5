// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import org.icepath.turn.TurnFailure;

/** The one exception with which futures of this package fail. */
public final class TurnException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient TurnFailure failure;

    /** An exception that carries why. */
    public TurnException(TurnFailure failure) {
        super(failure.kind() + ": " + failure.detail());
        this.failure = failure;
    }

    /** What the server or the network said. */
    public TurnFailure failure() {
        return failure;
    }
}
