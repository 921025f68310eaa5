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
 * types of both candidates and the address family: the last pair of a kind is never cut, because it may be the only way there is.
 * Pairs that were checked stay.
 */
final class PairLimit {

    private final int maxPairs;

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

    PairLimit(int maxPairs) {
        this.maxPairs = maxPairs;
    }

    void enforce(CheckListSet lists) {
        int surplus = lists.pairCount() - maxPairs;
        if (surplus <= 0) {
            return;
        }
        List<CheckPair> failed = lists.pairs()
                .filter(pair -> pair.state() == PairState.FAILED)
                .sorted(Comparator.comparing(CheckPair::checkPriority, Long::compareUnsigned))
                .limit(surplus)
                .toList();
        failed.forEach(pair -> pair.list().remove(pair));
        surplus -= failed.size();
        Map<PairKind, Integer> sizes = new HashMap<>();
        lists.pairs().forEach(pair -> sizes.merge(PairKind.of(pair), 1, Integer::sum));
        boolean cut = true;
        while (surplus > 0 && cut) {
            cut = cutOne(lists, sizes);
            surplus--;
        }
    }

    private static boolean cutOne(CheckListSet lists, Map<PairKind, Integer> sizes) {
        Optional<CheckPair> victim = lists.pairs()
                .filter(PairLimit::isUntried)
                .filter(pair -> sizes.getOrDefault(PairKind.of(pair), 0) > 1)
                .min(mostRedundantFirst(sizes));
        victim.ifPresent(pair -> {
            pair.list().remove(pair);
            sizes.merge(PairKind.of(pair), -1, Integer::sum);
        });
        return victim.isPresent();
    }

    /** Of many spares the one that is missed least: of the most crowded kind the one of lowest priority. There is at least one. */
    static CheckPair mostRedundant(List<CheckPair> spares) {
        Map<PairKind, Integer> sizes = new HashMap<>();
        spares.forEach(pair -> sizes.merge(PairKind.of(pair), 1, Integer::sum));
        return Collections.min(spares, mostRedundantFirst(sizes));
    }

    private static Comparator<CheckPair> mostRedundantFirst(Map<PairKind, Integer> sizes) {
        Comparator<CheckPair> crowdedFirst = Comparator.comparing(
                (CheckPair pair) -> sizes.getOrDefault(PairKind.of(pair), 0), Comparator.reverseOrder());
        return crowdedFirst.thenComparing(CheckPair::checkPriority, Long::compareUnsigned);
    }

    private static boolean isUntried(CheckPair pair) {
        return pair.state() == PairState.FROZEN || (pair.state() == PairState.WAITING && pair.sent() == 0);
    }
}
