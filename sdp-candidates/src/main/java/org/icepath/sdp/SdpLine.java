// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

/**
 * A line of a body.
 *
 * @param number from 1
 * @param text without its line end
 * @param end CRLF, LF, CR, or empty at the end of the body
 */
record SdpLine(int number, String text, String end) {
    boolean isType(char type) {
        return text.length() >= 2 && text.charAt(0) == type && text.charAt(1) == '=';
    }

    /** What follows {@code x=}, without blanks at its end. */
    String value() {
        return text.substring(2).stripTrailing();
    }

    /** The name of an {@code a=} line's attribute, or empty. */
    String attribute() {
        if (!isType('a') || text.length() > SdpLimits.LINE_LENGTH) {
            return "";
        }
        int colon = text.indexOf(':');
        return (colon < 0 ? text.substring(2) : text.substring(2, colon)).strip();
    }

    /** The value of an {@code a=} line's attribute, or empty. */
    String attributeValue() {
        int colon = text.indexOf(':');
        return colon < 0 ? "" : text.substring(colon + 1).strip();
    }

    SdpLine withText(String newText) {
        return new SdpLine(number, newText, end);
    }
}
