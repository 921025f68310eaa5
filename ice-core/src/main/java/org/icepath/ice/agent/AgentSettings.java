// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.List;
import java.util.Objects;
import org.icepath.candidate.IceCredentials;
import org.icepath.ice.CheckDialect;
import org.icepath.ice.IceRole;
import org.icepath.ice.NominationPolicy;
import org.icepath.ice.Pacer;
import org.icepath.ice.PathRanking;
import org.icepath.ice.PathSelector;
import org.icepath.ice.SessionRules;
import org.icepath.ice.Timings;

/**
 * What an {@link IceAgent} is made of. Immutable.
 *
 * @param checks how checks are written and read
 * @param rules when things are done
 * @param timings the intervals
 * @param role ours at the start; conflicts and lite peers change it
 * @param tieBreaker ours at the start, an unsigned 64-bit number; the same for all peers of one session (RFC 8445 §5.2)
 * @param local our credentials
 * @param pacer the beat that this agent shares
 * @param nomination what we nominate when controlling
 * @param selector what carries our data before nomination
 * @param ranking what media is promoted to after nomination
 * @param renomination whether we offer to nominate more than once (draft-thatcher-ice-renomination)
 * @param streams the streams, in the order of the check-list set
 * @param maxPairs how many pairs all check lists hold together (RFC 8445 §6.1.2.5), 100
 * @param maxCandidates how many candidates a component has on each side, peer-reflexive ones and the first of a type, family and
 *     transport apart, 20
 * @param lite whether this agent answers checks and sends none (RFC 8445 §2.5)
 */
public record AgentSettings(
        CheckDialect checks,
        SessionRules rules,
        Timings timings,
        IceRole role,
        long tieBreaker,
        IceCredentials local,
        Pacer pacer,
        NominationPolicy nomination,
        PathSelector selector,
        PathRanking ranking,
        boolean renomination,
        List<StreamLayout> streams,
        int maxPairs,
        int maxCandidates,
        boolean lite) {

    /** The default of {@code maxPairs} (RFC 8445 §6.1.2.5). */
    public static final int MAX_PAIRS = 100;

    /** The default of {@code maxCandidates}. */
    public static final int MAX_CANDIDATES = 20;

    /** @throws IllegalArgumentException when there is no stream, two have one index, or a limit is below 1 */
    public AgentSettings {
        Objects.requireNonNull(checks, "checks");
        Objects.requireNonNull(rules, "rules");
        Objects.requireNonNull(timings, "timings");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(local, "local");
        Objects.requireNonNull(pacer, "pacer");
        Objects.requireNonNull(nomination, "nomination");
        Objects.requireNonNull(selector, "selector");
        Objects.requireNonNull(ranking, "ranking");
        streams = List.copyOf(streams);
        long indices = streams.stream().mapToInt(StreamLayout::index).distinct().count();
        if (streams.isEmpty() || indices != streams.size()) {
            throw new IllegalArgumentException("streams " + streams);
        }
        if (maxPairs < 1 || maxCandidates < 1) {
            throw new IllegalArgumentException("maxPairs " + maxPairs + ", maxCandidates " + maxCandidates);
        }
    }

    /** The settings of RFC 8445 for a full agent, with the default policies and limits. */
    public static AgentSettings rfc8445(
            IceRole role, long tieBreaker, IceCredentials local, Pacer pacer, List<StreamLayout> streams) {
        return new AgentSettings(
                CheckDialect.RFC8445,
                SessionRules.RFC8445,
                Timings.RFC8445,
                role,
                tieBreaker,
                local,
                pacer,
                NominationPolicy.best(),
                PathSelector.best(PathRanking.standard()),
                PathRanking.standard(),
                false,
                streams,
                MAX_PAIRS,
                MAX_CANDIDATES,
                false);
    }
}
