// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

/**
 * What arrived is not what the standard describes, and where.
 *
 * <p>The only exception that reading a message throws. It has no stack trace, because the network decides how often it is made.
 */
public final class StunParseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String place;
    private final String reason;

    /**
     * Names a fault.
     *
     * @param place attribute and field, such as {@code XOR-MAPPED-ADDRESS/family}, or {@code header/length}
     * @param reason what is wrong there, with the numbers that were found but no content
     */
    public StunParseException(String place, String reason) {
        super(place + ": " + reason, null, false, false);
        this.place = place;
        this.reason = reason;
    }

    /** Attribute and field. */
    public String place() {
        return place;
    }

    /** What is wrong there. */
    public String reason() {
        return reason;
    }
}
