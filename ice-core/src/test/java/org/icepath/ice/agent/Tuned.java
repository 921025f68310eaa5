// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.ice.CheckDialect;
import org.icepath.ice.NominationPolicy;
import org.icepath.ice.PathRanking;
import org.icepath.ice.PathSelector;
import org.icepath.ice.SessionRules;
import org.icepath.ice.Timings;

/** Settings with one thing changed. */
final class Tuned {

    private Tuned() {}

    private static AgentSettings copy(
            AgentSettings from,
            CheckDialect checks,
            SessionRules rules,
            Timings timings,
            NominationPolicy nomination,
            PathSelector selector,
            PathRanking ranking,
            boolean renomination,
            int maxPairs,
            boolean lite) {
        return new AgentSettings(
                checks,
                rules,
                timings,
                from.role(),
                from.tieBreaker(),
                from.local(),
                from.pacer(),
                nomination,
                selector,
                ranking,
                renomination,
                from.streams(),
                maxPairs,
                from.maxCandidates(),
                lite);
    }

    private static AgentSettings copy(
            AgentSettings from,
            CheckDialect checks,
            SessionRules rules,
            Timings timings,
            NominationPolicy nomination,
            boolean renomination,
            int maxPairs,
            boolean lite) {
        return copy(
                from,
                checks,
                rules,
                timings,
                nomination,
                from.selector(),
                from.ranking(),
                renomination,
                maxPairs,
                lite);
    }

    private static AgentSettings copy(
            AgentSettings from,
            CheckDialect checks,
            SessionRules rules,
            Timings timings,
            NominationPolicy nomination,
            boolean renomination) {
        return copy(from, checks, rules, timings, nomination, renomination, from.maxPairs(), from.lite());
    }

    static AgentSettings checks(AgentSettings from, CheckDialect checks) {
        return copy(from, checks, from.rules(), from.timings(), from.nomination(), from.renomination());
    }

    static AgentSettings rules(AgentSettings from, SessionRules rules) {
        return copy(from, from.checks(), rules, from.timings(), from.nomination(), from.renomination());
    }

    static AgentSettings timings(AgentSettings from, Timings timings) {
        return copy(from, from.checks(), from.rules(), timings, from.nomination(), from.renomination());
    }

    static AgentSettings nomination(AgentSettings from, NominationPolicy nomination) {
        return copy(from, from.checks(), from.rules(), from.timings(), nomination, from.renomination());
    }

    static AgentSettings selector(AgentSettings from, PathSelector selector) {
        return strategies(from, selector, from.ranking());
    }

    static AgentSettings ranking(AgentSettings from, PathRanking ranking) {
        return strategies(from, from.selector(), ranking);
    }

    private static AgentSettings strategies(AgentSettings from, PathSelector selector, PathRanking ranking) {
        return copy(
                from,
                from.checks(),
                from.rules(),
                from.timings(),
                from.nomination(),
                selector,
                ranking,
                from.renomination(),
                from.maxPairs(),
                from.lite());
    }

    static AgentSettings renomination(AgentSettings from) {
        return copy(from, from.checks(), from.rules(), from.timings(), from.nomination(), true);
    }

    static AgentSettings maxPairs(AgentSettings from, int maxPairs) {
        return copy(
                from,
                from.checks(),
                from.rules(),
                from.timings(),
                from.nomination(),
                from.renomination(),
                maxPairs,
                from.lite());
    }

    static AgentSettings lite(AgentSettings from) {
        return copy(
                from,
                from.checks(),
                from.rules(),
                from.timings(),
                from.nomination(),
                from.renomination(),
                from.maxPairs(),
                true);
    }
}
