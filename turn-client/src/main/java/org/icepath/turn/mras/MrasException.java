// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

/** A body that is no answer of a media relay authentication service, or an answer that refuses. */
public final class MrasException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final MrasReason reason;

    MrasException(String message) {
        this(MrasReason.UNKNOWN, message);
    }

    /**
     * Says why there are no credentials.
     *
     * @param reason that of the service, {@link MrasReason#UNKNOWN} where it is another one
     */
    public MrasException(MrasReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why the service refused; {@link MrasReason#UNKNOWN} when the body could not be read. */
    public MrasReason reason() {
        return reason;
    }
}
