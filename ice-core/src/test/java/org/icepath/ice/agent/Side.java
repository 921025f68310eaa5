// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateType;
import org.icepath.candidate.Foundations;
import org.icepath.candidate.IceCredentials;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.Priority;
import org.icepath.candidate.StreamDescription;
import org.icepath.candidate.TransportType;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceState;
import org.icepath.ice.Pacer;
import org.icepath.sansio.Base;
import org.icepath.testkit.network.TimedEvent;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNode;

/** One side of a test call: a host, its candidates, and an agent that runs on it. */
final class Side {

    final VirtualHost host;
    final IceCredentials credentials;
    final List<StreamLayout> layouts;
    final Random random;
    private final IceRole role;
    private final Foundations foundations = new Foundations();
    private final Map<Integer, List<LocalCandidate>> candidates = new LinkedHashMap<>();
    private UnaryOperator<AgentSettings> tuning = UnaryOperator.identity();
    private UnaryOperator<IceDescription.Builder> describing = UnaryOperator.identity();
    private boolean saysIce2 = true;
    private Optional<TestPeer> peer = Optional.empty();
    private Optional<VirtualNode<AgentEvent>> node = Optional.empty();

    /** A side with streams of the given numbers of components. */
    Side(VirtualHost host, IceRole role, long seed, int... components) {
        this.host = host;
        this.role = role;
        this.random = new Random(seed);
        this.credentials = IceCredentials.random(random);
        this.layouts = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            List<Integer> ids = new ArrayList<>();
            for (int id = 1; id <= components[i]; id++) {
                ids.add(id);
            }
            layouts.add(new StreamLayout(i, "stream" + i, ids));
        }
    }

    Side tuned(UnaryOperator<AgentSettings> more) {
        UnaryOperator<AgentSettings> before = tuning;
        tuning = settings -> more.apply(before.apply(settings));
        return this;
    }

    Side describing(UnaryOperator<IceDescription.Builder> more) {
        UnaryOperator<IceDescription.Builder> before = describing;
        describing = builder -> more.apply(before.apply(builder));
        return this;
    }

    /** Says nothing of being an agent of RFC 8445, as those of RFC 5245 do not. */
    Side withoutIce2() {
        saysIce2 = false;
        return this;
    }

    /** A host candidate for each address of the host and each component. */
    Side hostCandidates() {
        for (StreamLayout layout : layouts) {
            for (int component : layout.components()) {
                int preference = 65535;
                for (InetAddress address : host.addresses()) {
                    Base base = host.bind(address, 0);
                    add(layout.index(), hostCandidate(base, component, preference));
                    preference--;
                }
            }
        }
        return this;
    }

    LocalCandidate hostCandidate(Base base, int component, int preference) {
        Candidate candidate = Candidate.host(
                foundations.assign(CandidateType.HOST, base.address().getAddress(), TransportType.UDP),
                component,
                TransportType.UDP,
                Priority.of(CandidateType.HOST, preference, component),
                base.address());
        return new LocalCandidate(candidate, base);
    }

    /** For each host candidate a server-reflexive one behind a NAT that preserves ports. */
    Side reflexiveCandidates(String external) {
        for (StreamLayout layout : layouts) {
            for (LocalCandidate local : List.copyOf(candidates.get(layout.index()))) {
                if (local.candidate().type() == CandidateType.HOST) {
                    add(layout.index(), reflexive(local, external));
                }
            }
        }
        return this;
    }

    private LocalCandidate reflexive(LocalCandidate local, String external) {
        Base base = local.base();
        int component = local.candidate().component();
        Candidate candidate = Candidate.serverReflexive(
                foundations.assign(
                        CandidateType.SERVER_REFLEXIVE, base.address().getAddress(), TransportType.UDP),
                component,
                TransportType.UDP,
                Priority.of(
                        CandidateType.SERVER_REFLEXIVE,
                        Priority.localPreference(local.candidate().priority()),
                        component),
                new InetSocketAddress(external, base.address().getPort()),
                base.address());
        return new LocalCandidate(candidate, base);
    }

    /** A base on the second address of the host, told as a relayed candidate. */
    Side relayedCandidates(InetAddress relay) {
        for (StreamLayout layout : layouts) {
            for (int component : layout.components()) {
                Base base = host.bind(relay, 0);
                Candidate candidate = Candidate.relayed(
                        foundations.assign(CandidateType.RELAYED, relay, TransportType.UDP),
                        component,
                        TransportType.UDP,
                        Priority.of(CandidateType.RELAYED, 65535, component),
                        base.address(),
                        base.address());
                add(layout.index(), new LocalCandidate(candidate, base));
            }
        }
        return this;
    }

    Side add(int stream, LocalCandidate candidate) {
        candidates.computeIfAbsent(stream, index -> new ArrayList<>()).add(candidate);
        return this;
    }

    List<LocalCandidate> candidates(int stream) {
        return candidates.getOrDefault(stream, List.of());
    }

    /** What is told to the other side. */
    IceDescription describe() {
        IceDescription.Builder builder = IceDescription.builder().sessionCredentials(credentials);
        if (saysIce2) {
            builder.option(IceDescription.ICE2);
        }
        for (StreamLayout layout : layouts) {
            builder.stream(StreamDescription.builder(layout.index())
                    .candidates(candidates(layout.index()).stream()
                            .map(LocalCandidate::candidate)
                            .toList())
                    .build());
        }
        return describing.apply(builder).build();
    }

    /** Runs the agent with its candidates; checks begin with {@link #learn}. */
    Side run() {
        long tieBreaker = random.nextLong();
        AgentSettings settings =
                tuning.apply(AgentSettings.rfc8445(role, tieBreaker, credentials, Pacer.perAgent(), layouts));
        EarlyChecks early = new EarlyChecks(settings.checks(), credentials, settings.role(), settings.tieBreaker());
        TestPeer made = new TestPeer(new IceAgent(settings, random), early);
        peer = Optional.of(made);
        node = Optional.of(host.run(made));
        act((now, peer) -> candidates.forEach(
                (stream, locals) -> locals.forEach(local -> peer.agent.addLocal(now, stream, local))));
        return this;
    }

    /** Takes the other side's description now. */
    Side learn(Side other) {
        return learn(other.describe());
    }

    Side learn(IceDescription remote) {
        act((now, peer) -> peer.setRemote(now, remote));
        return this;
    }

    void act(VirtualNode.Act<TestPeer> act) {
        node().act((now, machine) -> act.on(now, (TestPeer) machine));
    }

    void send(String... data) {
        act((now, peer) -> Arrays.stream(data).forEach(each -> peer.send(each.getBytes(StandardCharsets.UTF_8))));
    }

    TestPeer peer() {
        return peer.orElseThrow();
    }

    VirtualNode<AgentEvent> node() {
        return node.orElseThrow();
    }

    IceAgent agent() {
        return peer().agent;
    }

    IceState state() {
        return agent().state();
    }

    <T> List<T> events(Class<T> type) {
        return node().events(type);
    }

    <T> Duration at(Class<T> type) {
        return Duration.ofNanos(node().first(type).map(TimedEvent::at).orElseThrow());
    }

    ActivePair current(int stream, int component) {
        return agent().current(stream, component).orElseThrow();
    }

    List<PairSnapshot> pairs() {
        return agent().snapshot(0).pairs();
    }
}
