// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.PairState;
import org.jspecify.annotations.Nullable;

/**
 * Which pairs stand by for the one in use: at most two a component, as far from it as there are. A reserve on the same two interfaces
 * dies with the pair that it shall replace; one on another interface, or over a relay, does not.
 */
final class Reserves {

    /** Reserves of a component. */
    static final int MOST = 2;

    private Reserves() {}

    /** The valid pairs that stand by for the one in use, the best first; one is relayed where a relayed pair is valid. */
    static List<CheckPair> of(ComponentChecks component) {
        List<CheckPair> valid = new ArrayList<>(4);
        for (CheckPair pair : component.list().pairs()) {
            if (pair.component() == component && pair != component.current() && pair.mayCarryData()) {
                valid.add(pair);
            }
        }
        if (valid.size() < MOST) {
            return valid;
        }
        List<CheckPair> inUse = inUse(component);
        addSilent(valid, inUse);
        List<CheckPair> chosen = new ArrayList<>(MOST);
        while (chosen.size() < MOST) {
            boolean last = chosen.size() == MOST - 1;
            List<CheckPair> sound = sound(valid);
            CheckPair best = farthest(sound, inUse, last && needsRelay(sound, inUse));
            chosen.add(best);
            inUse.add(best);
            valid.remove(best);
        }
        return chosen;
    }

    /** Those that have left no probe unanswered, where there are any; the nominated one is asked whatever it does. */
    private static List<CheckPair> sound(List<CheckPair> valid) {
        List<CheckPair> sound = new ArrayList<>(valid);
        sound.removeIf(Reserves::isSilent);
        return sound.isEmpty() ? valid : sound;
    }

    private static boolean isSilent(CheckPair pair) {
        return pair.health().suspect() && pair != pair.component().nominated();
    }

    /** What is broken may be an interface: who stands by is as far from those that left a probe unanswered as from the one in use. */
    private static void addSilent(List<CheckPair> valid, List<CheckPair> others) {
        for (CheckPair pair : valid) {
            if (isSilent(pair)) {
                others.add(pair);
            }
        }
    }

    private static List<CheckPair> inUse(ComponentChecks component) {
        List<CheckPair> inUse = new ArrayList<>(MOST + 1);
        CheckPair current = component.current();
        if (current != null) {
            inUse.add(current);
        }
        return inUse;
    }

    private static boolean needsRelay(List<CheckPair> valid, List<CheckPair> inUse) {
        return valid.stream().anyMatch(Reserves::isRelayed) && inUse.stream().noneMatch(Reserves::isRelayed);
    }

    private static boolean isRelayed(CheckPair pair) {
        return pair.local().candidate().type() == CandidateType.RELAYED
                || pair.remote().candidate().type() == CandidateType.RELAYED;
    }

    /** The first of those that share the fewest interfaces with {@code others}. */
    private static CheckPair farthest(List<CheckPair> pairs, List<CheckPair> others, boolean relayed) {
        CheckPair best = pairs.get(0);
        int distance = -1;
        for (CheckPair pair : pairs) {
            if ((!relayed || isRelayed(pair)) && distance(pair, others) > distance) {
                best = pair;
                distance = distance(pair, others);
            }
        }
        return best;
    }

    /** How many ends of the pair are on interfaces, or relays, that none of {@code others} uses: 0 to 2. */
    private static int distance(CheckPair pair, List<CheckPair> others) {
        int distance = 2;
        boolean ours = others.stream().anyMatch(other -> localInterface(other).equals(localInterface(pair)));
        boolean theirs =
                others.stream().anyMatch(other -> remoteInterface(other).equals(remoteInterface(pair)));
        distance -= ours ? 1 : 0;
        return theirs ? distance - 1 : distance;
    }

    private static InetAddress localInterface(CheckPair pair) {
        return pair.base().address().getAddress();
    }

    /** The peer's interface as far as it tells: of a reflexive candidate the base, where that is not hidden. */
    private static InetAddress remoteInterface(CheckPair pair) {
        InetAddress seen = pair.remoteAddress().getAddress();
        if (pair.remote().candidate().type() != CandidateType.SERVER_REFLEXIVE) {
            return seen;
        }
        return pair.remote()
                .candidate()
                .relatedAddress()
                .flatMap(CandidateAddress::socketAddress)
                .map(base -> base.getAddress())
                .filter(base -> !base.isAnyLocalAddress())
                .orElse(seen);
    }

    /**
     * Has pairs checked that a quick nomination left untried, until the component has its reserves. RFC 8445 §8.1.2 would forget them;
     * on two machines in one LAN that would leave no pair to fail over to.
     */
    static void seek(ComponentChecks component) {
        CheckList list = component.list();
        if (list.state() != CheckList.State.COMPLETED || component.current() == null || component.freed()) {
            return;
        }
        List<CheckPair> known = inUse(component);
        for (CheckPair reserve : of(component)) {
            if (distance(reserve, known) > 0) {
                known.add(reserve);
            }
        }
        for (CheckPair pair : list.pairs()) {
            if (pair.component() == component
                    && pair.unresolved()
                    && !component.contest().isRetrying(pair)) {
                known.add(pair);
            }
        }
        CheckPair spare = spare(component, known);
        while (known.size() <= MOST && spare != null) {
            list.restore(spare);
            spare.state(PairState.WAITING);
            known.add(spare);
            spare = spare(component, known);
        }
    }

    private static @Nullable CheckPair spare(ComponentChecks component, List<CheckPair> known) {
        List<CheckPair> spares = new ArrayList<>();
        for (CheckPair pair : component.list().removed()) {
            boolean untried = pair.state() != PairState.FAILED && !pair.consentLost();
            if (pair.component() == component && untried && distance(pair, known) > 0) {
                spares.add(pair);
            }
        }
        return spares.isEmpty() ? null : farthest(spares, known, needsRelay(spares, known) && known.size() == MOST);
    }

    /** Has the pairs checked on which the peer has checked us of late: where the pair in use is in doubt, it may have moved there. */
    static void follow(long now, ComponentChecks component, long since) {
        CheckList list = component.list();
        for (CheckPair pair : List.copyOf(list.removed())) {
            boolean checked = pair.checkedByPeerAt() != CheckPair.NOT_YET && pair.checkedByPeerAt() >= since;
            if (pair.component() == component && checked && !pair.consentLost()) {
                list.trigger(pair, now);
            }
        }
    }
}
