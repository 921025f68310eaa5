// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.Inet6Address;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.PairState;

/**
 * Keeps the number of pairs of all check lists within a limit (RFC 8445 §6.1.2.5).
 *
 * <p>Pairs that have failed go first. Then the most crowded kind gives its pair of lowest priority, a kind being a component, the
 * types of both candidates, their transport and the address family: the last pair of a kind is never cut, because it may be the only
 * way there is. Of the pairs that were checked those make room whose check has gone unanswered for an RTO: a list of dead pairs must
 * not lock out the interface that appears. They are remembered as spares, an answer that comes late is still good, and a check of the
 * peer brings them back.
 */
final class PairLimit {

    private final int maxPairs;
    private final long rtoNanos;
    private final CheckClient client;

    private record PairKind(
            ComponentChecks component, CandidateType local, CandidateType remote, boolean tcp, boolean ipv6) {

        static PairKind of(CheckPair pair) {
            return new PairKind(
                    pair.component(),
                    pair.local().candidate().type(),
                    pair.remote().candidate().type(),
                    pair.remote().isTcp(),
                    pair.remoteAddress().getAddress() instanceof Inet6Address);
        }
    }

    PairLimit(AgentSettings settings, CheckClient client) {
        this.maxPairs = settings.maxPairs();
        this.rtoNanos = settings.timings().rto().toNanos();
        this.client = client;
    }

    void enforce(long now, CheckListSet lists) {
        int surplus = lists.pairCount() - maxPairs;
        if (surplus > 0) {
            cut(now, lists, surplus);
        }
    }

    /** Makes room for one pair more than there are, if they are {@code most}; returns whether there is. */
    boolean makeRoom(long now, CheckListSet lists, int most) {
        int surplus = lists.pairCount() + 1 - most;
        if (surplus > 0) {
            cut(now, lists, surplus);
        }
        return lists.pairCount() < most;
    }

    private void cut(long now, CheckListSet lists, int pairs) {
        int surplus = pairs;
        List<CheckPair> failed = lists.pairs()
                .filter(PairLimit::isHopeless)
                .sorted(Comparator.comparing(CheckPair::checkPriority, Long::compareUnsigned))
                .limit(surplus)
                .toList();
        failed.forEach(pair -> pair.list().remove(pair));
        surplus -= failed.size();
        Map<PairKind, Integer> sizes = new HashMap<>();
        lists.pairs().forEach(pair -> sizes.merge(PairKind.of(pair), 1, Integer::sum));
        boolean cut = true;
        while (surplus > 0 && cut) {
            cut = cutOne(now, lists, sizes);
            surplus--;
        }
    }

    /** One that consent was lost on stays: nobody may form it again (RFC 7675 §5.1). */
    private static boolean isHopeless(CheckPair pair) {
        return pair.state() == PairState.FAILED && !pair.consentLost();
    }

    private boolean cutOne(long now, CheckListSet lists, Map<PairKind, Integer> sizes) {
        Optional<CheckPair> victim = lists.pairs()
                .filter(pair -> isUntried(pair) || isUnanswered(now, pair))
                .filter(pair -> sizes.getOrDefault(PairKind.of(pair), 0) > 1)
                .min(crowdedFirst(sizes)
                        .thenComparing(PairLimit::isUntried)
                        .thenComparing(CheckPair::checkPriority, Long::compareUnsigned));
        victim.ifPresent(pair -> {
            sizes.merge(PairKind.of(pair), -1, Integer::sum);
            cut(pair);
        });
        return victim.isPresent();
    }

    private void cut(CheckPair pair) {
        if (isUntried(pair)) {
            pair.list().remove(pair);
        } else {
            client.cancel(pair);
            pair.failures().add("made room for newer pairs");
            pair.list().retire(pair);
        }
    }

    /** Of many spares the one that is missed least: of the most crowded kind the one of lowest priority. There is at least one. */
    static CheckPair mostRedundant(List<CheckPair> spares) {
        Map<PairKind, Integer> sizes = new HashMap<>();
        spares.forEach(pair -> sizes.merge(PairKind.of(pair), 1, Integer::sum));
        return Collections.min(spares, mostRedundantFirst(sizes));
    }

    private static Comparator<CheckPair> mostRedundantFirst(Map<PairKind, Integer> sizes) {
        return crowdedFirst(sizes).thenComparing(CheckPair::checkPriority, Long::compareUnsigned);
    }

    private static Comparator<CheckPair> crowdedFirst(Map<PairKind, Integer> sizes) {
        return Comparator.comparing(
                (CheckPair pair) -> sizes.getOrDefault(PairKind.of(pair), 0), Comparator.reverseOrder());
    }

    private static boolean isUntried(CheckPair pair) {
        return pair.state() == PairState.FROZEN
                || (pair.state() == PairState.WAITING && pair.traffic().checksBegun() == 0);
    }

    /** Neither answered for an RTO, nor checked by the peer. What waits for a connection is not sent again and takes its time. */
    private boolean isUnanswered(long now, CheckPair pair) {
        Attempt attempt = pair.attempt();
        return pair.state() == PairState.IN_PROGRESS
                && attempt != null
                && now - attempt.startedAt() >= rtoNanos
                && pair.checkedByPeerAt() == CheckPair.NOT_YET
                && !pair.isReliable();
    }
}
