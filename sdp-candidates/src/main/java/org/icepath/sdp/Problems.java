// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.ArrayList;
import java.util.List;

/** Collects problems, a bounded number of them. Not thread-safe. */
final class Problems {
    private static final int TEXT_LENGTH = 160;
    private static final String PASSWORD = "a=ice-pwd";

    private final List<SdpProblem> list = new ArrayList<>();

    void add(SdpLine line, String reason) {
        if (list.size() < SdpLimits.PROBLEMS) {
            list.add(new SdpProblem(line.number(), visible(reason), visible(shortened(line.text()))));
        }
    }

    List<SdpProblem> list() {
        return list;
    }

    private static String shortened(String text) {
        if (text.startsWith(PASSWORD)) {
            return PASSWORD + ":...";
        }
        if (text.length() > SdpLimits.LINE_LENGTH) {
            // such a line was not read and may hold a key: name it only
            int colon = text.indexOf(':');
            return text.substring(0, colon >= 0 && colon < 32 ? colon : 2) + "...";
        }
        return text.length() > TEXT_LENGTH ? text.substring(0, TEXT_LENGTH) + "..." : text;
    }

    /** Problems end up in logs and on terminals: no control characters. */
    private static String visible(String text) {
        StringBuilder visible = new StringBuilder(text);
        for (int i = 0; i < visible.length(); i++) {
            if (Character.isISOControl(visible.charAt(i))) {
                visible.setCharAt(i, '?');
            }
        }
        return visible.toString();
    }
}
