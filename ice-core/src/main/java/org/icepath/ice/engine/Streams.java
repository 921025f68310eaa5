// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.HashSet;
import java.util.Set;
import org.icepath.ice.IceConfig;
import org.icepath.ice.StreamConfig;

/**
 * The streams of a session by the index of their m-lines: those of the configuration, those that were added since, and places that a
 * removed one has left (RFC 3264 §8). Mutable; not thread-safe; what it hands out is immutable.
 */
final class Streams {

    private final Set<Integer> removed = new HashSet<>();
    private final Set<Integer> free = new HashSet<>();
    private final Set<Place> unwanted = new HashSet<>();
    private final Set<Place> absent = new HashSet<>();
    private IceConfig config;

    /** A component of a stream. */
    record Place(int stream, int component) {}

    Streams(IceConfig config) {
        this.config = config;
    }

    /** The configuration with the streams as they are now; in the place of a removed one it still stands. */
    IceConfig config() {
        return config;
    }

    int size() {
        return config.streams().size();
    }

    /** Whether there is a stream in this place, and it is not removed. */
    boolean has(int index) {
        return index < size() && !removed.contains(index);
    }

    StreamConfig get(int index) {
        return config.streams().get(index);
    }

    String nameOf(int index) {
        return get(index).name();
    }

    /** The places whose streams are removed. */
    Set<Integer> removed() {
        return Set.copyOf(removed);
    }

    /** The removed ones whose sockets are still there: some peer has not heard of it. */
    Set<Integer> leaving() {
        Set<Integer> leaving = new HashSet<>(removed);
        leaving.removeAll(free);
        return leaving;
    }

    /**
     * Puts a stream into a place that is free, or behind all others.
     *
     * @return its place
     * @throws IllegalArgumentException when there is a stream of that name
     */
    int add(StreamConfig stream) {
        for (int index = 0; index < size(); index++) {
            if (!removed.contains(index) && nameOf(index).equals(stream.name())) {
                throw new IllegalArgumentException("stream " + stream.name() + " is there already");
            }
        }
        int place = free.stream().min(Integer::compare).orElse(size());
        config = config.stream(place, stream);
        removed.remove(place);
        free.remove(place);
        stream.components().forEach(component -> stands(new Place(place, component)));
        return place;
    }

    /**
     * Takes a stream out; its place stays taken until {@link #release}.
     *
     * @return its place
     * @throws IllegalArgumentException when there is none of that name
     */
    int remove(String name) {
        for (int index = 0; index < size(); index++) {
            if (!removed.contains(index) && nameOf(index).equals(name)) {
                removed.add(index);
                return index;
            }
        }
        throw new IllegalArgumentException("no stream " + name);
    }

    /** Every peer knows that a stream is removed: its place may be used again. */
    void release(int index) {
        free.add(index);
    }

    /** The sockets of a component are given up, and those that come later are of no use: its packets go another way. */
    void giveUp(Place place) {
        unwanted.add(place);
        absent.add(place);
    }

    /** A component that was given up is to have sockets again. */
    void wantAgain(Place place) {
        unwanted.remove(place);
    }

    /** A component has sockets, or is to have its first ones. */
    void stands(Place place) {
        unwanted.remove(place);
        absent.remove(place);
    }

    /** Whether sockets of a component are of no use. */
    boolean isUnwanted(Place place) {
        return unwanted.contains(place);
    }

    /** The components whose sockets were given up, and that have no others. */
    Set<Place> absent() {
        return Set.copyOf(absent);
    }
}
