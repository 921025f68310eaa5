// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.List;
import java.util.Objects;

/**
 * A data stream as both sides know it.
 *
 * @param index its place in the descriptions, 0 and up
 * @param name what failures call it
 * @param components its component ids, 1 to 256, each once
 */
public record StreamLayout(int index, String name, List<Integer> components) {

    /** @throws IllegalArgumentException when there is no component, or one out of range or named twice */
    public StreamLayout {
        Objects.requireNonNull(name, "name");
        components = List.copyOf(components);
        boolean inRange = components.stream().allMatch(component -> component >= 1 && component <= 256);
        if (index < 0 || components.isEmpty() || !inRange) {
            throw new IllegalArgumentException("stream " + index + " with components " + components);
        }
        if (components.stream().distinct().count() != components.size()) {
            throw new IllegalArgumentException("components " + components + " name one twice");
        }
    }
}
