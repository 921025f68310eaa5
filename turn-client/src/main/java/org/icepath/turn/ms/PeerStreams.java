// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.icepath.turn.TurnDialogue.DataSink;

/**
 * What comes from peers over relayed TCP: pieces of RFC 4571 streams, one for each peer, cut anywhere (seen). Not thread-safe.
 *
 * <p>Whole datagrams are handed on where they lie; of a piece that ends within one the rest is kept.
 */
final class PeerStreams {

    private static final int LENGTH_FIELD = 2;

    /** Peers whose datagrams are under way at a time; the one that has waited longest makes room. */
    private static final int MOST_PEERS = 64;

    private final Map<InetSocketAddress, ByteBuffer> unfinished = new LinkedHashMap<>();

    /** Takes a piece of a peer's stream. */
    void take(InetSocketAddress peer, ByteBuffer in, int offset, int length, DataSink sink) {
        int at = offset;
        int end = offset + length;
        ByteBuffer begun = unfinished.isEmpty() ? null : unfinished.get(peer);
        if (begun != null) {
            at = complete(peer, begun, in, at, end, sink);
        }
        while (end - at >= LENGTH_FIELD && end - at - LENGTH_FIELD >= lengthAt(in, at)) {
            int datagram = lengthAt(in, at);
            hand(peer, in, at + LENGTH_FIELD, datagram, sink);
            at += LENGTH_FIELD + datagram;
        }
        if (at < end) {
            keep(peer, in, at, end);
        }
    }

    private static int lengthAt(ByteBuffer in, int at) {
        return (in.get(at) & 0xFF) << 8 | in.get(at + 1) & 0xFF;
    }

    private static void hand(InetSocketAddress peer, ByteBuffer in, int offset, int length, DataSink sink) {
        if (length > 0) {
            sink.datagram(peer, in, offset, length);
        }
    }

    /** Finishes what was begun, as far as the piece goes; answers where the piece goes on. */
    private int complete(InetSocketAddress peer, ByteBuffer begun, ByteBuffer in, int from, int end, DataSink sink) {
        int at = from;
        while (at < end && begun.position() < LENGTH_FIELD) {
            begun.put(in.get(at++));
        }
        if (begun.position() < LENGTH_FIELD) {
            return at;
        }
        int whole = LENGTH_FIELD + lengthAt(begun, 0);
        ByteBuffer into = begun;
        if (begun.capacity() < whole) {
            into = ByteBuffer.allocate(whole).put(begun.flip());
            unfinished.put(peer, into);
        }
        int some = Math.min(end - at, whole - into.position());
        into.put(into.position(), in, at, some).position(into.position() + some);
        if (into.position() == whole) {
            unfinished.remove(peer);
            hand(peer, into.clear(), LENGTH_FIELD, whole - LENGTH_FIELD, sink);
        }
        return at + some;
    }

    private void keep(InetSocketAddress peer, ByteBuffer in, int at, int end) {
        if (unfinished.size() >= MOST_PEERS) {
            Iterator<InetSocketAddress> oldest = unfinished.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        int some = end - at;
        int whole = some < LENGTH_FIELD ? LENGTH_FIELD : LENGTH_FIELD + lengthAt(in, at);
        ByteBuffer begun = ByteBuffer.allocate(whole);
        unfinished.put(peer, begun.put(0, in, at, some).position(some));
    }

    /** The allocation has ended. */
    void clear() {
        unfinished.clear();
    }
}
