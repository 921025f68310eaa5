// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceRole;
import org.icepath.ice.SessionRules;
import org.icepath.ice.agent.ActivePair;
import org.icepath.sdp.IceFragment;

/**
 * Our side as it is told to one peer: all candidates, or the selected pairs where there are any (RFC 8839 §4.4.1.2.2). Of one moment, so
 * that it can be made when something is to be told.
 *
 * @param layout the peer's latest description
 * @param role ours
 * @param rules when things are done towards this peer
 * @param selected whether a stream has its path, with ICE or without
 */
record OurDescriptions(
        PeerContext context,
        RemoteLayout layout,
        Generations generations,
        Exchanges exchanges,
        PeerPaths paths,
        IceRole role,
        SessionRules rules,
        IntPredicate selected) {

    /** @param fresh the streams that the peer has not heard of */
    IceDescription offer(Set<Integer> fresh) {
        return describe(Set.of(), fresh);
    }

    /** A stream that the peer has without ICE is described without. */
    IceDescription answer() {
        return describe(plainStreams(), Set.of());
    }

    private IceDescription describe(Set<Integer> plain, Set<Integer> fresh) {
        Describer.Dialogue now = new Describer.Dialogue(
                exchanges.proposesRestart() ? Map.of() : selectedPairs(),
                role == IceRole.CONTROLLING || rules.controlledNamesRemoteCandidates(),
                exchanges::credentials,
                plain,
                fresh,
                exchanges.proposesRestart() ? layout::possible : this::components,
                layout);
        return context.describer()
                .towards(
                        layout.told(),
                        context.local().gatherer().candidates(),
                        context.local().gatherer().complete(),
                        now);
    }

    /** What is trickled to the peer: our candidates so far, under the credentials of the latest exchange. */
    IceFragment fragment() {
        Describer.Dialogue now = new Describer.Dialogue(
                Map.of(), false, exchanges::credentials, plainStreams(), Set.of(), this::components, layout);
        return context.describer()
                .fragment(
                        layout.told(),
                        context.local().gatherer().candidates(),
                        context.local().gatherer().complete(),
                        now);
    }

    private List<Integer> components(int stream) {
        return generations.components(layout, stream);
    }

    private Set<Integer> plainStreams() {
        return layout.plainStreams().stream().map(StreamDescription::index).collect(Collectors.toSet());
    }

    /** Whether the next description names all candidates of a stream with ICE, not its selected pairs alone. */
    boolean namesAll(int stream) {
        return generations.latestOf(stream).isPresent() && !selectedPairs().containsKey(stream);
    }

    /**
     * The selected pairs of the streams that have them in their latest generation, by stream. One of which a component has lost its path
     * is not among them: the peer must learn of all that may be a path again.
     */
    private Map<Integer, List<CandidatePair>> selectedPairs() {
        Map<Integer, List<CandidatePair>> pairs = new HashMap<>();
        for (PathState path : paths.all()) {
            boolean own = components(path.stream()).contains(path.component());
            if (own && selected.test(path.stream()) && !generations.isEmpty()) {
                path.active().map(ActivePair::pair).ifPresent(active -> pairs.computeIfAbsent(
                                path.stream(), stream -> new ArrayList<>())
                        .add(active));
            }
        }
        pairs.entrySet()
                .removeIf(each ->
                        each.getValue().size() < components(each.getKey()).size());
        return pairs;
    }
}
