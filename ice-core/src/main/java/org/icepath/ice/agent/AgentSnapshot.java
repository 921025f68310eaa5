// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.RemoteTraits;

/**
 * An agent as it stands, for reports.
 *
 * @param role ours
 * @param state where the peer stands
 * @param traits what is known of the peer's implementation
 * @param pairs all pairs by stream, highest priority first; those removed by a nomination at the end of their stream
 * @param encounters what was met with besides
 */
public record AgentSnapshot(
        IceRole role, IceState state, RemoteTraits traits, List<PairSnapshot> pairs, Encounters encounters) {

    public AgentSnapshot {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(traits, "traits");
        pairs = List.copyOf(pairs);
        Objects.requireNonNull(encounters, "encounters");
    }

    static AgentSnapshot of(AgentContext agent, IceState state) {
        List<PairSnapshot> pairs = new ArrayList<>();
        for (CheckList list : agent.lists().lists()) {
            list.pairs().forEach(pair -> pairs.add(PairSnapshot.of(pair)));
            list.removed().forEach(pair -> pairs.add(PairSnapshot.of(pair)));
            list.gone().forEach(pair -> pairs.add(PairSnapshot.of(pair)));
        }
        return new AgentSnapshot(agent.roles().role(), state, agent.traits(), pairs, agent.encounters());
    }
}
