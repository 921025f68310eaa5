// SPDX-License-Identifier: Apache-2.0
package org.icepath.candidate;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** Immutable sets that keep their order, so that what is written is what was read. */
final class Sets {
    private Sets() {}

    static Set<String> copyOf(Set<String> set) {
        if (set.size() <= 1) {
            return Set.copyOf(set);
        }
        Set<String> copy = new LinkedHashSet<>(set.size() * 2); // a default one has room for a dozen
        copy.addAll(set);
        return Collections.unmodifiableSet(copy);
    }
}
