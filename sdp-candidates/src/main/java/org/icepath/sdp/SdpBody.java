// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.ArrayList;
import java.util.List;

/**
 * A body cut into lines and sections, each character in exactly one line.
 *
 * @param session the lines before the first m=
 * @param media the m= sections, each with its m= line first
 */
record SdpBody(List<SdpLine> session, List<List<SdpLine>> media) {
    static SdpBody split(String text) {
        List<SdpLine> session = new ArrayList<>();
        List<List<SdpLine>> media = new ArrayList<>();
        List<SdpLine> section = session;
        int start = 0;
        for (int number = 1; start < text.length(); number++) {
            int textEnd = textEnd(text, start);
            int next = lineEnd(text, textEnd);
            SdpLine line = new SdpLine(number, text.substring(start, textEnd), text.substring(textEnd, next));
            if (line.isType('m')) {
                section = new ArrayList<>();
                media.add(section);
            }
            section.add(line);
            start = next;
        }
        return new SdpBody(session, media);
    }

    private static int textEnd(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != '\r' && text.charAt(i) != '\n') {
            i++;
        }
        return i;
    }

    private static int lineEnd(String text, int textEnd) {
        if (textEnd == text.length()) {
            return textEnd;
        }
        boolean crlf = text.startsWith("\r\n", textEnd);
        return textEnd + (crlf ? 2 : 1);
    }

    /** The line end of the first line, else CRLF. */
    String lineEnd() {
        List<SdpLine> first = session.isEmpty() && !media.isEmpty() ? media.get(0) : session;
        return first.isEmpty() || first.get(0).end().isEmpty()
                ? "\r\n"
                : first.get(0).end();
    }
}
