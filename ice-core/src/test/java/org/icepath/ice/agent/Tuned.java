// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.List;
import java.util.function.Consumer;
import org.icepath.candidate.IceCredentials;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.IceRole;
import org.icepath.ice.NominationPolicy;
import org.icepath.ice.Pacer;
import org.icepath.ice.PathRanking;
import org.icepath.ice.PathSelector;
import org.icepath.ice.SessionRules;
import org.icepath.ice.Timings;

/** Settings with one thing changed. */
final class Tuned {

    private CheckDialect checks;
    private SessionRules rules;
    private Timings timings;
    private final IceRole role;
    private final long tieBreaker;
    private IceCredentials local;
    private Pacer pacer;
    private NominationPolicy nomination;
    private PathSelector selector;
    private PathRanking ranking;
    private boolean renomination;
    private final List<StreamLayout> streams;
    private int maxPairs;
    private final int maxCandidates;
    private boolean lite;

    private Tuned(AgentSettings from) {
        checks = from.checks();
        rules = from.rules();
        timings = from.timings();
        role = from.role();
        tieBreaker = from.tieBreaker();
        local = from.local();
        pacer = from.pacer();
        nomination = from.nomination();
        selector = from.selector();
        ranking = from.ranking();
        renomination = from.renomination();
        streams = from.streams();
        maxPairs = from.maxPairs();
        maxCandidates = from.maxCandidates();
        lite = from.lite();
    }

    private static AgentSettings with(AgentSettings from, Consumer<Tuned> change) {
        Tuned copy = new Tuned(from);
        change.accept(copy);
        return new AgentSettings(
                copy.checks,
                copy.rules,
                copy.timings,
                copy.role,
                copy.tieBreaker,
                copy.local,
                copy.pacer,
                copy.nomination,
                copy.selector,
                copy.ranking,
                copy.renomination,
                copy.streams,
                copy.maxPairs,
                copy.maxCandidates,
                copy.lite);
    }

    static AgentSettings checks(AgentSettings from, CheckDialect checks) {
        return with(from, copy -> copy.checks = checks);
    }

    static AgentSettings rules(AgentSettings from, SessionRules rules) {
        return with(from, copy -> copy.rules = rules);
    }

    static AgentSettings timings(AgentSettings from, Timings timings) {
        return with(from, copy -> copy.timings = timings);
    }

    static AgentSettings credentials(AgentSettings from, IceCredentials local) {
        return with(from, copy -> copy.local = local);
    }

    static AgentSettings pacer(AgentSettings from, Pacer pacer) {
        return with(from, copy -> copy.pacer = pacer);
    }

    static AgentSettings nomination(AgentSettings from, NominationPolicy nomination) {
        return with(from, copy -> copy.nomination = nomination);
    }

    static AgentSettings selector(AgentSettings from, PathSelector selector) {
        return with(from, copy -> copy.selector = selector);
    }

    static AgentSettings ranking(AgentSettings from, PathRanking ranking) {
        return with(from, copy -> copy.ranking = ranking);
    }

    static AgentSettings renomination(AgentSettings from) {
        return with(from, copy -> copy.renomination = true);
    }

    static AgentSettings maxPairs(AgentSettings from, int maxPairs) {
        return with(from, copy -> copy.maxPairs = maxPairs);
    }

    static AgentSettings lite(AgentSettings from) {
        return with(from, copy -> copy.lite = true);
    }
}
