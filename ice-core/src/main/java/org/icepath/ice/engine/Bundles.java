// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;

/** Which streams of a description travel on the path of another one (RFC 8843 §7): stream by the tagged stream of its group. */
final class Bundles {

    private Bundles() {}

    /**
     * Reads the groups of a peer's description.
     *
     * @param possible whether we have a stream, and both sides multiplex its RTCP, without which none is bundled (RFC 8843 §9.3)
     */
    static Map<Integer, Integer> of(IceDescription remote, IntPredicate possible) {
        Map<Integer, Integer> tags = new HashMap<>();
        for (List<String> group : remote.bundleGroups()) {
            int tag = -1;
            for (String mid : group) {
                int index = remote.stream(mid).map(StreamDescription::index).orElse(-1);
                if (index < 0 || tags.containsKey(index) || !possible.test(index)) {
                    continue;
                }
                if (tag < 0) {
                    tag = index;
                } else {
                    tags.put(index, tag);
                }
            }
        }
        return Map.copyOf(tags);
    }

    /** The group that a description of ours has in turn, the tagged stream first; empty where nothing is bundled. */
    static List<String> group(IceDescription remote, Map<Integer, Integer> tags) {
        Optional<Integer> tag = tags.values().stream().min(Integer::compare);
        if (tag.isEmpty()) {
            return List.of();
        }
        return remote.streams().stream()
                .filter(stream -> stream.index() == tag.get() || tag.get().equals(tags.get(stream.index())))
                .sorted((one, other) -> Boolean.compare(other.index() == tag.get(), one.index() == tag.get()))
                .flatMap(stream -> stream.mid().stream())
                .toList();
    }
}
