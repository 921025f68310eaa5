// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.TransportType;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the candidates of each stream from 1, in the order in which they are added; the components of one have the same number. A number
 * whose candidate has gone is given again only when there are no others left. Mutable; not thread-safe.
 */
final class Numbers implements FoundationSource {

    /** Most candidates of a stream that have numbers of their own; beyond, they share the last one. */
    private static final int MOST = 255;

    /** Any component. */
    private static final int ANY = 0;

    private final List<GatheredCandidate> candidates;
    private final Map<Key, Integer> assigned = new HashMap<>();
    private final Map<Integer, Integer> highest = new HashMap<>();
    private @Nullable Key proposedTo;
    private int proposed;

    /**
     * What is the same for the components of one candidate: where it is and, if it is a server's, of which.
     *
     * @param outside the address that the NAT has given; one candidate, whichever servers have seen it
     * @param server the place of the server that relays, -1 for none
     * @param ipv6 the family of what it relays
     */
    private record Key(
            int stream,
            CandidateType type,
            InetAddress base,
            TransportType transport,
            @Nullable InetAddress outside,
            int server,
            boolean ipv6) {

        static Key of(CandidateType type, LocalBase local, InetAddress own, CandidateBook.@Nullable Server server) {
            boolean relayed = type == CandidateType.RELAYED;
            return new Key(
                    local.stream(),
                    type,
                    local.address(),
                    local.transport(),
                    type == CandidateType.SERVER_REFLEXIVE ? own : null,
                    relayed && server != null ? server.place() : -1,
                    relayed && own.getAddress().length > Integer.BYTES);
        }
    }

    /** @param candidates those that there are, as they come and go */
    Numbers(List<GatheredCandidate> candidates) {
        this.candidates = candidates;
    }

    @Override
    public Foundation assign(
            CandidateType type, LocalBase local, InetAddress own, CandidateBook.@Nullable Server server) {
        Key key = Key.of(type, local, own, server);
        proposedTo = key;
        int known = assigned.getOrDefault(key, 0);
        boolean ofAnother = isTaken(known, local.stream(), local.component());
        proposed = known == 0 || ofAnother ? fresh(local.stream()) : known;
        return new Foundation(Integer.toString(proposed));
    }

    private int fresh(int stream) {
        int next = highest.getOrDefault(stream, 0) + 1;
        return next <= MOST
                ? next
                : IntStream.range(1, MOST)
                        .filter(number -> !isTaken(number, stream, ANY))
                        .findFirst()
                        .orElse(MOST);
    }

    private boolean isTaken(int number, int stream, int component) {
        String value = Integer.toString(number);
        return candidates.stream()
                .anyMatch(each -> each.stream() == stream
                        && (component == ANY || each.candidate().component() == component)
                        && each.candidate().foundation().value().equals(value));
    }

    @Override
    public void added() {
        Key key = proposedTo;
        if (key != null) {
            assigned.entrySet()
                    .removeIf(other ->
                            other.getKey().stream() == key.stream() && other.getValue() == proposed && proposed < MOST);
            assigned.put(key, proposed);
            highest.merge(key.stream(), proposed, Math::max);
        }
    }
}
