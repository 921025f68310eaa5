// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.Decision;
import org.icepath.ice.NominationPolicy;
import org.icepath.ice.PairView;
import org.icepath.ice.PathRanking;
import org.icepath.ice.PathSelector;
import org.jspecify.annotations.Nullable;

/**
 * What the application decides about pairs. That is somebody else's code: where it throws, or decides what cannot be, the library's own
 * rule decides in its place, so that the call goes on, and the application is told once for each stream. Not thread-safe.
 */
final class Strategies {

    private static final String POLICY = "nomination policy";
    private static final String SELECTOR = "path selector";

    private final AgentSettings settings;
    private final Outbox outbox;
    private final PathRanking ranking;
    private Set<Complaint> complaints = Set.of(); // immutable: most agents never have one

    private record Complaint(String strategy, int stream) {}

    Strategies(AgentSettings settings, Outbox outbox) {
        this.settings = settings;
        this.outbox = outbox;
        PathRanking chosen = settings.ranking();
        this.ranking = chosen == PathRanking.standard() ? chosen : new GuardedRanking(chosen);
    }

    /** Which of two pairs is the better path; never throws. */
    PathRanking ranking() {
        return ranking;
    }

    /** What the controlling side nominates; a pair that is named is one of the view's, and may carry data. */
    Decision nominate(long now, ComponentView view) {
        Decision decision = ask(
                POLICY,
                view,
                () -> settings.nomination().decide(now, view),
                decided -> decided instanceof Decision.Nominate nominate
                                && !isAmong(view, nominate.pair(), CheckPair::mayCarryData)
                        ? notValid(nominate.pair())
                        : "");
        return decision == null ? NominationPolicy.best(ranking).decide(now, view) : decision;
    }

    /**
     * The pair that carries data as long as no nomination decides it.
     *
     * @return none where none is valid, and where the one in use is to stay, though it is suspect
     */
    @Nullable
    CheckPair select(long now, ComponentView view, Optional<CandidatePair> current) {
        Optional<CandidatePair> asked = ask(
                SELECTOR,
                view,
                () -> settings.selector().select(now, view, current),
                chosen -> chosen.isPresent() && chosen.equals(current) ? "" : whyNot(view, chosen));
        Optional<CandidatePair> chosen =
                asked == null ? PathSelector.best(ranking).select(now, view, current) : asked;
        CheckPair pair = chosen.isEmpty() ? null : view.resolve(chosen.get());
        return pair == null || !pair.valid() ? null : pair;
    }

    private static String whyNot(ComponentView view, Optional<CandidatePair> chosen) {
        if (chosen.isEmpty()) {
            return view.pairs().stream().anyMatch(PairView::valid) ? "chose none of the valid pairs" : "";
        }
        return isAmong(view, chosen.get(), CheckPair::valid) ? "" : notValid(chosen.get());
    }

    private static boolean isAmong(ComponentView view, CandidatePair named, Predicate<CheckPair> usable) {
        CheckPair pair = view.resolve(named);
        return pair != null && usable.test(pair);
    }

    private static String notValid(CandidatePair pair) {
        return "chose " + pair + ", which is not valid";
    }

    /**
     * Asks the application.
     *
     * @param objection what is wrong with a decision, in words; empty when nothing is
     * @return null where the library has to decide in its place
     */
    private <T> @Nullable T ask(
            String strategy, ComponentView view, Supplier<@Nullable T> question, Function<T, String> objection) {
        String wrong;
        try {
            T decision = question.get();
            wrong = decision == null ? "decided nothing" : objection.apply(decision);
            if (decision != null && wrong.isEmpty()) {
                return decision;
            }
        } catch (Throwable thrown) {
            wrong = words(thrown);
        }
        complain(strategy, view.stream(), wrong);
        return null;
    }

    private void complain(String strategy, int stream, String wrong) {
        Set<Complaint> more = new HashSet<>(complaints);
        if (more.add(new Complaint(strategy, stream))) {
            complaints = Set.copyOf(more);
            outbox.event(new AgentEvent.Overruled(stream, "the " + strategy + " " + wrong));
        }
    }

    private static String words(Throwable thrown) {
        StackTraceElement[] stack = thrown.getStackTrace();
        return "threw " + thrown + (stack.length == 0 ? "" : " at " + stack[0]);
    }

    /** The application's ranking until it throws, and the default one from then on: pairs must not be compared by both. */
    private final class GuardedRanking implements PathRanking {

        private PathRanking trusted;

        GuardedRanking(PathRanking trusted) {
            this.trusted = trusted;
        }

        @Override
        public boolean isBetter(PairView one, PairView other) {
            return ask(PathRanking::isBetter, one, other);
        }

        @Override
        public boolean isOfBetterKind(PairView one, PairView other) {
            return ask(PathRanking::isOfBetterKind, one, other);
        }

        @Override
        public boolean replaces(PairView challenger, PairView inUse) {
            return ask(PathRanking::replaces, challenger, inUse);
        }

        private boolean ask(Comparison comparison, PairView one, PairView other) {
            try {
                return comparison.by(trusted, one, other);
            } catch (Throwable thrown) {
                trusted = PathRanking.standard();
                outbox.event(new AgentEvent.Overruled(AgentEvent.ALL_STREAMS, "the path ranking " + words(thrown)));
                return comparison.by(trusted, one, other);
            }
        }
    }

    @FunctionalInterface
    private interface Comparison {
        boolean by(PathRanking ranking, PairView one, PairView other);
    }
}
