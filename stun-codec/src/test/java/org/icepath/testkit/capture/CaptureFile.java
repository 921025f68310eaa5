// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a capture file holds.
 *
 * @param frames those that are whole, in their order
 * @param breakOff where the file could not be read any further, and why; empty when it was read to its end
 */
public record CaptureFile(List<CapturedFrame> frames, Optional<String> breakOff) {

    public CaptureFile {
        frames = List.copyOf(frames);
    }

    /** What a reader of the file should know that looks for packets in it: one sentence each. */
    public List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        breakOff.ifPresent(troubles::add);
        Map<Integer, Long> unknown = frames.stream()
                .filter(frame -> !LinkLayer.knows(frame.linkType()))
                .collect(Collectors.groupingBy(CapturedFrame::linkType, TreeMap::new, Collectors.counting()));
        unknown.forEach((linkType, count) -> troubles.add((count == 1 ? "1 frame is" : count + " frames are")
                + " of link type " + linkType + ", which is not known, and passed over"));
        return troubles;
    }
}
