// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.gather;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.sansio.Transport;
import org.icepath.turn.PortRequest;
import org.icepath.turn.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * The STUN and TURN servers of a session: what their names came to, and the queue of what is to be asked of them from each base (RFC
 * 8445 §5.1.1.2). A base that comes later finds what is known of the servers. Not thread-safe.
 */
final class Servers {

    private static final int MAX_WAITING = 200;

    private final GatherSettings settings;
    private final CandidateBook book;
    private final Findings findings;
    private final Arrangement arrangement;
    private final @Nullable Resolution[] stun;
    private final @Nullable Resolution[] turn;
    private final PriorityQueue<Attempt> due = new PriorityQueue<>(1, Attempt.ORDER);
    private int unresolved;

    /** Says what is asked for in place of what was meant to be; null for nothing yet. */
    @FunctionalInterface
    interface Arrangement {
        @Nullable
        Attempt arrange(Attempt meant);
    }

    /**
     * What a server's name came to.
     *
     * @param addresses in the order of preference; empty when there are none
     * @param problem why there are none
     * @param sought whether it is being looked up once more
     */
    private record Resolution(List<ServerAddress> addresses, String problem, boolean sought) {

        static Resolution of(List<ServerAddress> addresses) {
            return new Resolution(List.copyOf(addresses), "", false);
        }

        static Resolution none(String problem) {
            return new Resolution(List.of(), problem, false);
        }

        Resolution seek() {
            return new Resolution(addresses, problem, true);
        }

        boolean isOutOfReach(LocalBase local) {
            return addresses.stream().noneMatch(local::mayReach);
        }

        /** What was known before goes on being true of a family that this has nothing of. */
        Resolution after(Resolution before) {
            List<ServerAddress> all = new ArrayList<>(addresses);
            before.addresses.stream()
                    .filter(old -> addresses.stream().noneMatch(each -> isOfOneFamily(each, old)))
                    .forEach(all::add);
            return new Resolution(List.copyOf(all), problem, false);
        }

        private static boolean isOfOneFamily(ServerAddress one, ServerAddress other) {
            return one.address().getAddress().getClass()
                    == other.address().getAddress().getClass();
        }
    }

    Servers(GatherSettings settings, CandidateBook book, Findings findings, Arrangement arrangement) {
        this.settings = settings;
        this.book = book;
        this.findings = findings;
        this.arrangement = arrangement;
        this.stun = new Resolution[settings.stunServers().size()];
        this.turn = new Resolution[settings.turnServers().size()];
        this.unresolved = stun.length + turn.length;
    }

    private @Nullable Resolution[] of(Attempt.Kind kind) {
        return kind == Attempt.Kind.BINDING ? stun : turn;
    }

    /**
     * A name has addresses, which are asked from {@code bases}. When that was known already, it is of an effect only after {@link #seek}: then
     * those bases ask that could reach none.
     */
    void resolved(Attempt.Kind kind, int server, List<ServerAddress> addresses, List<LocalBase> bases) {
        know(kind, server, Resolution.of(addresses), bases);
    }

    /** A name has no address. */
    void unresolved(Attempt.Kind kind, int server, String why, List<LocalBase> bases) {
        know(kind, server, Resolution.none(why), bases);
    }

    private void know(Attempt.Kind kind, int server, Resolution resolution, List<LocalBase> bases) {
        Resolution before = of(kind)[server];
        if (before != null && !before.sought()) {
            return;
        }
        unresolved--;
        Resolution known = before == null ? resolution : resolution.after(before);
        of(kind)[server] = known;
        ask(
                kind,
                server,
                known,
                before == null
                        ? bases
                        : bases.stream().filter(before::isOutOfReach).toList());
    }

    /** Whether there is a server without any address. */
    boolean hasNameless() {
        return hasNameless(stun) || hasNameless(turn);
    }

    private static boolean hasNameless(@Nullable Resolution[] all) {
        for (Resolution known : all) {
            if (known != null && known.addresses().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Has the servers looked up once more that would be asked from one of {@code bases}, and have no address that it reaches; whether there are any. */
    boolean seek(Attempt.Kind kind, List<LocalBase> bases) {
        boolean some = false;
        for (int server = 0; server < of(kind).length; server++) {
            Resolution known = of(kind)[server];
            boolean lacks = known != null
                    && !known.sought()
                    && bases.stream()
                            .anyMatch(local -> known.isOutOfReach(local)
                                    && problem(kind, local).isEmpty());
            if (lacks) {
                of(kind)[server] = known.seek();
                unresolved++;
                some = true;
                findings.tell(
                        kind == Attempt.Kind.BINDING
                                ? new GatherEvent.StunServerSought(server)
                                : new GatherEvent.TurnServerSought(server));
            }
        }
        return some;
    }

    /** Names are looked up anew. */
    void forgetNames() {
        Arrays.fill(stun, null);
        Arrays.fill(turn, null);
        unresolved = stun.length + turn.length;
    }

    /** Has all servers of a kind that are known so far asked from {@code bases}. */
    void askAll(Attempt.Kind kind, List<LocalBase> bases) {
        for (int server = 0; server < of(kind).length; server++) {
            Resolution known = of(kind)[server];
            if (known != null) {
                ask(kind, server, known, bases);
            }
        }
    }

    /** Has a TURN server asked from one base, once more or for the first time. */
    void askForRelay(int server, LocalBase local) {
        Resolution known = turn[server];
        if (known != null) {
            ask(Attempt.Kind.ALLOCATION, server, known, List.of(local));
        }
    }

    private void ask(Attempt.Kind kind, int server, Resolution resolution, List<LocalBase> bases) {
        for (LocalBase local : bases) {
            if (resolution.sought() && resolution.isOutOfReach(local)) {
                continue; // it is asked when the server is found
            }
            String problem = resolution.addresses().isEmpty() ? resolution.problem() : problem(kind, local);
            List<ServerAddress> reachable = resolution.addresses().stream()
                    .filter(local::mayReach)
                    .filter(place -> serves(kind, local, place.transport()))
                    .toList();
            if (!problem.isEmpty()) {
                findings.miss(local, kind, server, problem);
            } else if (reachable.isEmpty()) {
                findings.miss(
                        local,
                        kind,
                        server,
                        relaysConnections(kind, local)
                                ? "the server has no address to be reached over TCP or TLS, which relayed connections need"
                                : "the server has no address that can be reached from there");
            } else if (due.size() < MAX_WAITING) {
                Attempt meant = new Attempt(kind, local, book.rank(local), server, reachable, PortRequest.ANY);
                Attempt arranged = arrangement.arrange(meant);
                if (arranged != null) {
                    due.add(arranged);
                }
            } else {
                findings.miss(local, kind, server, MAX_WAITING + " others are to be asked for before");
            }
        }
    }

    private static boolean serves(Attempt.Kind kind, LocalBase local, Transport toServer) {
        if (kind == Attempt.Kind.BINDING) {
            return toServer == (local.transport().isTcp() ? Transport.TCP : Transport.UDP);
        }
        return !relaysConnections(kind, local) || mayRelayConnections(toServer);
    }

    /** Whether a relay is asked for to connect peers (RFC 6062). */
    private static boolean relaysConnections(Attempt.Kind kind, LocalBase local) {
        return kind == Attempt.Kind.ALLOCATION && local.transport().isTcp();
    }

    /** RFC 6062 §4.1: the server is spoken to over a connection, too. */
    private static boolean mayRelayConnections(Transport toServer) {
        return toServer == Transport.TCP || toServer == Transport.TLS;
    }

    /** A TURN allocation over datagrams is worth its reflexive candidate alone; a binding is worth nothing else. */
    private String problem(Attempt.Kind kind, LocalBase local) {
        CandidateType type = kind == Attempt.Kind.BINDING ? CandidateType.SERVER_REFLEXIVE : CandidateType.RELAYED;
        if (kind == Attempt.Kind.BINDING && local.transport().isTcp() && !local.opensFromPort()) {
            return "not asked for: no connection leaves from a port that other sessions use, too, or through a proxy";
        }
        boolean useless = book.filters(type, local)
                && (relaysConnections(kind, local) || book.filters(CandidateType.SERVER_REFLEXIVE, local));
        return useless ? "not asked for: a filter would keep it back" : "";
    }

    /** Has a server asked at its next address. */
    void again(Attempt attempt) {
        due.add(attempt);
    }

    boolean hasDue() {
        return !due.isEmpty();
    }

    Attempt next() {
        return due.remove();
    }

    /** A server is not to be asked from a base any more. */
    void withdraw(Attempt attempt) {
        due.remove(attempt);
    }

    void forget(Predicate<LocalBase> gone) {
        due.removeIf(each -> gone.test(each.local()));
    }

    void clear() {
        due.clear();
    }

    /** Whether a name is still being looked up. */
    boolean hasUnresolved() {
        return unresolved > 0;
    }

    /** What is being waited for, in words. */
    List<String> awaited() {
        List<String> awaited = awaitedNames();
        due.forEach(each -> awaited.add("a turn to ask " + CandidateAddress.of(each.address())));
        return awaited;
    }

    private static boolean isAwaited(@Nullable Resolution known) {
        return known == null || known.sought();
    }

    private List<String> awaitedNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < stun.length; i++) {
            if (isAwaited(stun[i])) {
                names.add("the name " + settings.stunServers().get(i));
            }
        }
        for (int i = 0; i < turn.length; i++) {
            if (isAwaited(turn[i])) {
                names.add("the name " + settings.turnServers().get(i));
            }
        }
        return names;
    }
}
