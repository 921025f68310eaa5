// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;

/**
 * Which streams of a description travel on the transport of another place (RFC 8843 §7). The transport outlives the stream that it was bound
 * for: where that one is removed, the next of its group is tagged and keeps the transport (RFC 8843 §7.3.2, §7.5.2).
 *
 * @param carriers the places of the transports, by the streams that travel there and have none of their own
 * @param heirs the streams that are tagged in the place of one that is gone, by the place of the transport that it has left
 */
record Bundles(Map<Integer, Integer> carriers, Map<Integer, Integer> heirs) {

    static final Bundles NONE = new Bundles(Map.of(), Map.of());

    Bundles {
        carriers = Map.copyOf(carriers);
        heirs = Map.copyOf(heirs);
    }

    /**
     * Reads the groups of a peer's description.
     *
     * @param lives whether both sides have a stream
     * @param before what was before this description; a transport that is in use stays
     */
    static Bundles of(IceDescription remote, IntPredicate lives, Bundles before) {
        Reader reader = new Reader(remote, lives, before);
        remote.bundleGroups().forEach(reader::take);
        reader.takeLeft();
        return new Bundles(reader.carriers, reader.heirs);
    }

    /** Reads one description. */
    private static final class Reader {

        private final IceDescription remote;
        private final IntPredicate lives;
        private final Bundles before;
        private final Map<Integer, Integer> carriers = new HashMap<>();
        private final Map<Integer, Integer> heirs = new HashMap<>();
        private final Set<Integer> seen = new HashSet<>();

        Reader(IceDescription remote, IntPredicate lives, Bundles before) {
            this.remote = remote;
            this.lives = lives;
            this.before = before;
        }

        void take(List<String> group) {
            List<Integer> members = new ArrayList<>();
            for (String mid : group) {
                int index = remote.stream(mid).map(StreamDescription::index).orElse(-1);
                if (index >= 0 && mayTravel(index) && seen.add(index)) {
                    members.add(index);
                }
            }
            if (!members.isEmpty()) {
                join(members, placeOf(members));
            }
        }

        /** Without RTCP in the same place no stream is bundled (RFC 8843 §9.3). */
        private boolean mayTravel(int index) {
            return lives.test(index) && remote.streams().get(index).rtcpMux();
        }

        private int placeOf(List<Integer> members) {
            for (int member : members) {
                Integer place = before.carriers.get(member);
                if (place != null && (members.contains(place) || isLeft(place))) {
                    return place;
                }
            }
            return members.get(0);
        }

        /** Whether a transport is nobody's but of those that travelled there. */
        private boolean isLeft(int place) {
            return place < remote.streams().size() && !lives.test(place) && !heirs.containsKey(place);
        }

        private void join(List<Integer> members, int place) {
            if (!members.contains(place)) {
                heirs.put(place, members.get(0));
            }
            members.stream().filter(member -> member != place).forEach(member -> carriers.put(member, place));
        }

        /** Who is left over of a group stays where it is, though nobody calls it a group any more. */
        void takeLeft() {
            new TreeMap<>(before.carriers).forEach((stream, place) -> {
                boolean alone = stream < remote.streams().size() && mayTravel(stream) && !seen.contains(stream);
                if (alone && isLeft(place)) {
                    join(List.of(stream), place);
                }
            });
        }
    }

    /** The description with the heirs' sections in the places of the transports that they go on with. */
    IceDescription placed(IceDescription remote) {
        if (heirs.isEmpty()) {
            return remote;
        }
        IceDescription.Builder placed = remote.toBuilder();
        heirs.forEach((place, heir) -> {
            // one that we have removed is still the tagged one where the peer has not heard of it
            if (!remote.streams().get(place).hasIce()) {
                placed.replaceStream(remote.streams().get(heir).toBuilder(place).build());
            }
        });
        return placed.build();
    }

    /** The place of the transport that a stream travels on. */
    int placeOf(int stream) {
        return carriers.getOrDefault(stream, stream);
    }

    /** Whether a stream has the candidates of its transport in its section. */
    boolean isTagged(int stream) {
        Integer place = carriers.get(stream);
        return place == null || Integer.valueOf(stream).equals(heirs.get(place));
    }

    /** The group that a description of ours has in turn, the tagged stream first; empty where nothing is bundled. */
    List<String> group(IceDescription remote) {
        if (carriers.isEmpty() || remote.bundleGroups().isEmpty()) {
            return List.of();
        }
        int place = carriers.values().stream().min(Integer::compare).orElseThrow();
        return remote.streams().stream()
                .filter(stream -> carriers.containsKey(stream.index())
                        ? placeOf(stream.index()) == place
                        : stream.index() == place && !heirs.containsKey(place))
                .sorted((one, other) -> Boolean.compare(isTagged(other.index()), isTagged(one.index())))
                .flatMap(stream -> stream.mid().stream())
                .toList();
    }
}
