// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import java.util.Locale;

/** The reason phrases of an answer. */
public enum MrasReason {
    OK("OK"),
    REQUEST_MALFORMED("Request Malformed"),
    REQUEST_TOO_LARGE("Request Too Large"),
    NOT_SUPPORTED("Not Supported"),
    SERVER_BUSY("Server Busy"),
    TIME_OUT("Time Out"),
    FORBIDDEN("Forbidden"),
    INTERNAL_SERVER_ERROR("Internal Server Error"),
    OTHER_FAILURE("Other Failure"),
    VERSION_MISMATCH("Version Mismatch"),
    /** A phrase that is none of the others. */
    UNKNOWN("");

    private final String phrase;

    MrasReason(String phrase) {
        this.phrase = phrase;
    }

    /** The phrase, empty for {@link #UNKNOWN}. */
    public String phrase() {
        return phrase;
    }

    /** Whether asking again later may help. */
    public boolean mayPass() {
        return this == SERVER_BUSY || this == TIME_OUT || this == INTERNAL_SERVER_ERROR || this == OTHER_FAILURE;
    }

    /** Reads a phrase, with or without spaces and in any case. */
    static MrasReason of(String text) {
        String wanted = squeezed(text);
        for (MrasReason reason : values()) {
            if (reason != UNKNOWN && squeezed(reason.phrase).equals(wanted)) {
                return reason;
            }
        }
        return UNKNOWN;
    }

    private static String squeezed(String text) {
        return text.replace(" ", "").toLowerCase(Locale.ROOT);
    }
}
