// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.Foundation;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.agent.ActivePair;
import org.icepath.ice.gather.GatheredCandidate;
import org.icepath.sansio.Base;

/**
 * Paths to a peer without ICE: from the base of our default candidate to its default destination (RFC 8839 §4.2.5.2). Not
 * thread-safe.
 */
final class PlainPaths {

    private final List<PlainPath> paths = new ArrayList<>();

    /**
     * One of them.
     *
     * @param component 1 and up
     */
    record PlainPath(int stream, int component, ActivePair pair) {}

    /**
     * The path from {@code local} to the default destination, if the description names one that packets can go to: not the "nowhere"
     * of a stream on hold, and no name.
     */
    static Optional<PlainPath> between(StreamDescription remote, int component, GatheredCandidate local) {
        return remote.defaultDestination(component)
                .flatMap(CandidateAddress::socketAddress)
                .filter(to -> !to.getAddress().isAnyLocalAddress() && to.getPort() != 0)
                .filter(to -> sameFamily(to, local))
                .map(to -> new PlainPath(remote.index(), component, pair(component, local, to)));
    }

    private static boolean sameFamily(InetSocketAddress to, GatheredCandidate local) {
        return to.getAddress().getAddress().length
                == local.base().address().getAddress().getAddress().length;
    }

    private static ActivePair pair(int component, GatheredCandidate local, InetSocketAddress to) {
        Candidate remote = Candidate.host(new Foundation("0"), component, TransportType.UDP, 1, to);
        return new ActivePair(new CandidatePair(local.candidate(), remote, 0), local.base(), to);
    }

    void put(PlainPath path) {
        paths.removeIf(each -> each.stream() == path.stream() && each.component() == path.component());
        paths.add(path);
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /**
     * Which path a packet belongs to: from the peer's machine, whatever the port, since many peers without ICE send from another
     * one than they name.
     */
    Optional<PlainPath> find(Base base, InetSocketAddress from) {
        for (PlainPath path : paths) {
            if (path.pair().base().equals(base)
                    && path.pair().remote().getAddress().equals(from.getAddress())) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }
}
