// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunParseException;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.jspecify.annotations.Nullable;

/**
 * Whose the datagrams are that come to a port which many sessions share: a check belongs to the session whose username fragment it names
 * (RFC 8445 §7.1.3), everything else to the session that has sent something to where it comes from.
 *
 * <p>A session sends only to candidates that were signalled and to sources whose check has authenticated, so that nobody else opens a way in.
 * What belongs to nobody is dropped and gets no answer. All tables are bounded by the number of sessions. Two sessions whose peers are one
 * transport address cannot be told apart: answers are offered to both, data goes to the one that was there first.
 *
 * <p>For checks written as RFC 8489 has it. Not thread-safe; finding the session of a data packet allocates nothing.
 *
 * @param <S> a session
 */
public final class SharedPortTable<S> {

    /** A generation has one; four live at a time for each of 32 peers. */
    private static final int MOST_FRAGMENTS = 256;

    /** A component has 20 signalled candidates and 20 learnt ones, for each peer; older sources make room. */
    private static final int MOST_SOURCES = 256;

    /** Sessions that share one source. */
    private static final int MOST_SHARERS = 8;

    private final Map<String, S> byFragment = new HashMap<>();
    private final Map<InetSocketAddress, List<S>> bySource = new HashMap<>();
    private final Map<S, Tenancy> tenancies = new HashMap<>();
    private final StunMessage reader = new StunMessage();

    /** What belongs to one session. */
    private static final class Tenancy {
        private final Set<String> fragments = new LinkedHashSet<>();
        private final Set<InetSocketAddress> sources = new LinkedHashSet<>();
    }

    /** A table without sessions. */
    public SharedPortTable() {}

    /** A session answers checks for this username fragment of ours. */
    public void answers(S session, String fragment) {
        Set<String> fragments = tenancy(session).fragments;
        if (byFragment.putIfAbsent(fragment, session) == null) {
            fragments.add(fragment);
            if (fragments.size() > MOST_FRAGMENTS) {
                byFragment.remove(removeOldest(fragments));
            }
        }
    }

    /** A session has sent something there: what comes from there is for it. */
    public void sendsTo(S session, InetSocketAddress remote) {
        Set<InetSocketAddress> sources = tenancy(session).sources;
        if (sources.contains(remote)) {
            return;
        }
        List<S> sharers = bySource.computeIfAbsent(remote, first -> new ArrayList<>(1));
        if (sharers.size() >= MOST_SHARERS) {
            return;
        }
        sharers.add(session);
        sources.add(remote);
        if (sources.size() > MOST_SOURCES) {
            forget(session, removeOldest(sources));
        }
    }

    private Tenancy tenancy(S session) {
        return tenancies.computeIfAbsent(session, began -> new Tenancy());
    }

    private static <T> T removeOldest(Set<T> ordered) {
        Iterator<T> oldest = ordered.iterator();
        T removed = oldest.next();
        oldest.remove();
        return removed;
    }

    private void forget(S session, InetSocketAddress source) {
        List<S> sharers = bySource.get(source);
        if (sharers != null && sharers.remove(session) && sharers.isEmpty()) {
            bySource.remove(source);
        }
    }

    /** A session is over. */
    public void remove(S session) {
        Tenancy tenancy = tenancies.remove(session);
        if (tenancy != null) {
            tenancy.fragments.forEach(byFragment::remove);
            tenancy.sources.forEach(source -> forget(session, source));
        }
    }

    /**
     * The sessions that a datagram is for, the most likely one first: one or none, except where several send to the same peer address and the
     * datagram is STUN but no request.
     *
     * @return valid until the table changes; empty for a stranger's
     */
    public List<S> find(InetSocketAddress from, ByteBuffer datagram) {
        boolean stun = Demux.of(datagram) == PacketKind.STUN;
        if (stun && isRequest(datagram)) {
            return addressee(datagram).map(List::of).orElse(List.of());
        }
        List<S> sharers = bySource.get(from);
        if (sharers == null) {
            return List.of();
        }
        return stun || sharers.size() == 1 ? sharers : List.of(sharers.get(0));
    }

    /** All sessions that send to an address. */
    public List<S> sendersTo(InetSocketAddress remote) {
        List<S> sharers = bySource.get(remote);
        return sharers == null ? List.of() : List.copyOf(sharers);
    }

    private static boolean isRequest(ByteBuffer datagram) {
        return (datagram.getShort(datagram.position()) & 0x0110) == 0; // RFC 8489 §5: the two class bits
    }

    private Optional<S> addressee(ByteBuffer datagram) {
        try {
            StunMessage request = reader.wrap(datagram);
            boolean check = request.method().equals(StunMethod.BINDING) && request.messageClass() == StunClass.REQUEST;
            return check
                    ? request.get(Attributes.USERNAME)
                            .map(SharedPortTable::ours)
                            .map(byFragment::get)
                    : Optional.empty();
        } catch (StunParseException rubbish) {
            return Optional.empty(); // nobody is known to whom it could be reported
        }
    }

    /** The first half of a username is the fragment of who is asked (RFC 8445 §7.2.2). */
    private static @Nullable String ours(String username) {
        int colon = username.indexOf(':');
        return colon < 0 ? null : username.substring(0, colon);
    }

    /** The sessions. */
    public List<S> all() {
        return List.copyOf(tenancies.keySet());
    }

    /** How many sessions there are. */
    public int sessions() {
        return tenancies.size();
    }

    /** How many sources are known. */
    public int sources() {
        return bySource.size();
    }
}
