// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.icepath.turn.PortRequest;
import org.icepath.turn.ServerAddress;

/**
 * One server to be asked from one base, at one address of possibly several.
 *
 * @param kind what it is asked for
 * @param local from where
 * @param rank place of the base among the local addresses, best first
 * @param server place of the server in its list of the configuration
 * @param addresses the server's addresses that the base may reach; the first is asked, the others are for later
 * @param port which port a relay is to have
 */
record Attempt(Kind kind, LocalBase local, int rank, int server, List<ServerAddress> addresses, PortRequest port)
        implements AddressRaces.Runner {

    /** What a server is asked for; in the order of asking. */
    enum Kind {
        /** A Binding transaction. */
        BINDING,
        /** A relay allocation. */
        ALLOCATION
    }

    /** Every component gets something from the best address before the next address has its turn. */
    static final Comparator<Attempt> ORDER = Comparator.comparingInt(Attempt::rank)
            .thenComparingInt(Attempt::server)
            .thenComparing(Attempt::kind)
            .thenComparingInt((Attempt attempt) -> attempt.local().stream())
            .thenComparingInt(attempt -> attempt.local().component());

    /** What is asked first. */
    @Override
    public ServerAddress place() {
        return addresses.get(0);
    }

    InetSocketAddress address() {
        return place().address();
    }

    /** The same at the server's next address, if it has one. */
    Optional<Attempt> elsewhere() {
        return addresses.size() < 2
                ? Optional.empty()
                : Optional.of(new Attempt(kind, local, rank, server, addresses.subList(1, addresses.size()), port));
    }

    /** The same without an address, if another is left. */
    Optional<Attempt> apartFrom(InetSocketAddress left) {
        List<ServerAddress> others =
                addresses.stream().filter(each -> !each.address().equals(left)).toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(new Attempt(kind, local, rank, server, others, port));
    }

    /** Whether both ask the same server from the same base, be it at different addresses. */
    boolean isAsBy(Attempt other) {
        return server == other.server && local.equals(other.local);
    }

    /** The same at one address alone. */
    Attempt at(ServerAddress one) {
        return new Attempt(kind, local, rank, server, List.of(one), port);
    }

    /** The same with another port of the relay. */
    Attempt withPort(PortRequest wished) {
        return new Attempt(kind, local, rank, server, addresses, wished);
    }
}
