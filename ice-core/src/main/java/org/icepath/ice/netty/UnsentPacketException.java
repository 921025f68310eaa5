// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.io.IOException;
import org.icepath.ice.SendResult;

/**
 * Why a write to the {@link org.icepath.ice.IcePath#channel channel} of a path came to nothing. One object for each result and without
 * a stack trace: packets are refused by the hundred.
 */
public final class UnsentPacketException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final UnsentPacketException NO_PATH = new UnsentPacketException(SendResult.NO_PATH);
    private static final UnsentPacketException NO_CONSENT = new UnsentPacketException(SendResult.NO_CONSENT);
    private static final UnsentPacketException FULL = new UnsentPacketException(SendResult.FULL);

    private final SendResult result;

    private UnsentPacketException(SendResult result) {
        super("the packet was dropped: " + result);
        this.result = result;
    }

    static UnsentPacketException of(SendResult result) {
        return switch (result) {
            case NO_CONSENT -> NO_CONSENT;
            case FULL -> FULL;
            case NO_PATH, SENT -> NO_PATH;
        };
    }

    /** What {@code IcePath.send} would have answered; never {@link SendResult#SENT}. */
    public SendResult result() {
        return result;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
