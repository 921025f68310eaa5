// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import org.icepath.ice.CheckDialect;
import org.icepath.ice.NominationPolicy;
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
            boolean renomination) {
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
                from.ranking(),
                renomination,
                from.streams(),
                from.maxPairs(),
                from.maxCandidates());
    }

    static AgentSettings checks(AgentSettings from, CheckDialect checks) {
        return copy(
                from, checks, from.rules(), from.timings(), from.nomination(), from.selector(), from.renomination());
    }

    static AgentSettings rules(AgentSettings from, SessionRules rules) {
        return copy(
                from, from.checks(), rules, from.timings(), from.nomination(), from.selector(), from.renomination());
    }

    static AgentSettings timings(AgentSettings from, Timings timings) {
        return copy(
                from, from.checks(), from.rules(), timings, from.nomination(), from.selector(), from.renomination());
    }

    static AgentSettings nomination(AgentSettings from, NominationPolicy nomination) {
        return copy(
                from, from.checks(), from.rules(), from.timings(), nomination, from.selector(), from.renomination());
    }

    static AgentSettings renomination(AgentSettings from) {
        return copy(from, from.checks(), from.rules(), from.timings(), from.nomination(), from.selector(), true);
    }

    static AgentSettings maxPairs(AgentSettings from, int maxPairs) {
        return new AgentSettings(
                from.checks(),
                from.rules(),
                from.timings(),
                from.role(),
                from.tieBreaker(),
                from.local(),
                from.pacer(),
                from.nomination(),
                from.selector(),
                from.ranking(),
                from.renomination(),
                from.streams(),
                maxPairs,
                from.maxCandidates());
    }
}
