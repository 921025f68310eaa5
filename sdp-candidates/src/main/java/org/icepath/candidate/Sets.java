// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** Immutable sets that keep their order, so that what is written is what was read. */
final class Sets {
    private Sets() {}

    static Set<String> copyOf(Set<String> set) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(set));
    }
}
