// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.edge;

/** A request is to be answered with an error; caught where requests are dispatched. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** RFC 8489 §14.8: fewer than 128 characters. */
    private static final int LONGEST_REASON = 127;

    private final int code;
    private final int[] unknownAttributes;

    Refusal(int code, String reason, int... unknownAttributes) {
        super(reason, null, false, false);
        this.code = code;
        this.unknownAttributes = unknownAttributes;
    }

    int code() {
        return code;
    }

    String reason() {
        String reason = String.valueOf(getMessage());
        return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
    }

    int[] unknownAttributes() {
        return unknownAttributes;
    }
}
