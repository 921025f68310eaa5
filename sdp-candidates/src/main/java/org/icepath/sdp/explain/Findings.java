// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp.explain;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects the findings of one stream, each text once. Not thread-safe. */
final class Findings {
    private final String place;
    private final Set<Finding> list = new LinkedHashSet<>();

    /** @param place put before each text, such as {@code audio: }; may be empty */
    Findings(String place) {
        this.place = place;
    }

    void error(String text) {
        list.add(new Finding(Severity.ERROR, place + text));
    }

    void warning(String text) {
        list.add(new Finding(Severity.WARNING, place + text));
    }

    void hint(String text) {
        list.add(new Finding(Severity.HINT, place + text));
    }

    List<Finding> list() {
        return List.copyOf(list);
    }
}
