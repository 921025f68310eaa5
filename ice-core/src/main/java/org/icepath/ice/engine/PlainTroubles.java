// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.icepath.ice.agent.ActivePair;
import org.icepath.sansio.Cause;

/** What is wrong with the paths of a peer without ICE, which no check of ours would find out. Not thread-safe. */
final class PlainTroubles {

    // immutable: most peers never have one
    private Map<Place, Left> lost = Map.of();
    private Map<Place, Left> moved = Map.of();
    private Map<Place, Refusals> refused = Map.of();

    private record Place(int stream, int component) implements Comparable<Place> {

        private static final Comparator<Place> ORDER =
                Comparator.comparingInt(Place::stream).thenComparingInt(Place::component);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private record Left(ActivePair pair, Cause cause) {

        String words(String rest) {
            return "left %s (%s), and %s".formatted(EventText.of(pair.pair().local()), cause.detail(), rest);
        }
    }

    private record Refusals(long number, Cause last) {

        Refusals and(Cause cause) {
            return new Refusals(number + 1, cause);
        }
    }

    /**
     * What is wrong with one path.
     *
     * @param what a part of a sentence, without its subject
     */
    record Trouble(int stream, int component, String what) {}

    /** There is nothing left here to send from. */
    void lost(int stream, int component, ActivePair pair, Cause cause) {
        Place place = new Place(stream, component);
        forget(place);
        lost = with(lost, place, new Left(pair, cause));
    }

    /** Packets leave from elsewhere, and the peer does not know of it. */
    void moved(int stream, int component, ActivePair from, Cause cause) {
        Place place = new Place(stream, component);
        forget(place);
        moved = with(moved, place, new Left(from, cause));
    }

    /**
     * What was lost is mended.
     *
     * @return whether it had been lost
     */
    boolean mended(int stream, int component) {
        Place place = new Place(stream, component);
        Left left = lost.get(place);
        if (left != null) {
            lost = without(lost, place);
            moved = with(moved, place, left);
        }
        return left != null;
    }

    /**
     * The network sent something back in place of a packet.
     *
     * @return whether that is news
     */
    boolean refused(int stream, int component, Cause cause) {
        Place place = new Place(stream, component);
        Refusals before = refused.get(place);
        refused = with(refused, place, before == null ? new Refusals(1, cause) : before.and(cause));
        return before == null;
    }

    private void forget(Place place) {
        lost = without(lost, place);
        moved = without(moved, place);
        refused = without(refused, place);
    }

    private static <V> Map<Place, V> with(Map<Place, V> map, Place place, V value) {
        Map<Place, V> more = new HashMap<>(map);
        more.put(place, value);
        return Map.copyOf(more);
    }

    private static <V> Map<Place, V> without(Map<Place, V> map, Place place) {
        if (!map.containsKey(place)) {
            return map;
        }
        Map<Place, V> fewer = new HashMap<>(map);
        fewer.remove(place);
        return Map.copyOf(fewer);
    }

    /** A description names both ends of a path. */
    void settled(int stream, int component) {
        forget(new Place(stream, component));
    }

    /** Descriptions were exchanged: the peer knows where we are. */
    void described() {
        moved = Map.of();
    }

    /** All of them, the worst of each path. */
    List<Trouble> all() {
        Map<Place, String> all = new TreeMap<>();
        refused.forEach((place, refusals) -> all.put(
                place,
                "is refused by the network (%d times, last: %s)"
                        .formatted(refusals.number(), refusals.last().detail())));
        moved.forEach((place, left) -> all.put(
                place, left.words("the peer, without ICE, goes on sending there until an offer tells it better")));
        lost.forEach((place, left) -> all.put(
                place,
                left.words("no other address here leads to "
                        + left.pair().pair().remote().address())));
        return all.entrySet().stream()
                .map(each -> new Trouble(each.getKey().stream(), each.getKey().component(), each.getValue()))
                .toList();
    }
}
