// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.icepath.candidate.CandidateType;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceState;
import org.icepath.ice.PathChange;
import org.icepath.sansio.Machine;
import org.icepath.testkit.call.VirtualCall;
import org.icepath.testkit.call.VirtualPhone;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeMachine;
import org.icepath.testkit.edge.RelaySockets;
import org.icepath.testkit.network.PacketEvent;
import org.icepath.testkit.network.TimedEvent;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualNetwork;
import org.icepath.testkit.topology.BuiltTopology;
import org.icepath.testkit.topology.HolePunching;
import org.icepath.testkit.topology.NewTransactions;
import org.icepath.testkit.topology.RandomTopology;
import org.icepath.testkit.topology.Topology;
import org.icepath.testkit.topology.WorkingPath;

/** One call over one random network, from gathering to the silence after its end. */
final class RandomCall {

    private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(1);
    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(40);
    private static final Duration PATIENCE = Duration.ofMillis(39_500);

    /** Three times the patience, and the time of a call to get there: a check that began late is waited for. */
    private static final Duration FAILS_WITHIN = Duration.ofSeconds(125);

    /** A silent path is left after 7.5 s. */
    private static final Duration FAILOVER_WITHIN = Duration.ofSeconds(8);

    /** RFC 8656 §3.2, and some more. */
    private static final Duration ALLOCATION_LIFETIME = Duration.ofMinutes(11);

    private static final int PACKETS = 25;
    private static final int MANY = 10;

    private final long seed;
    private final Topology topology;
    private final Upheaval upheaval;
    private final List<WorkingPath> paths;
    private final VirtualNetwork network;
    private final BuiltTopology built;
    private final List<EdgeMachine> edges;
    private final VirtualPhone caller;
    private final VirtualPhone callee;
    private final VirtualCall call;
    private final NewTransactions callerStarts;
    private final NewTransactions calleeStarts;

    private RandomCall(long seed) {
        this.seed = seed;
        this.upheaval = Upheaval.of(RandomTopology.of(seed));
        this.topology = upheaval.atFirst();
        this.paths = HolePunching.paths(upheaval.throughout());
        this.network = new VirtualNetwork(seed, -Duration.ofHours(1).toNanos());
        this.built = new BuiltTopology(network, topology);
        this.edges = built.servers().entrySet().stream()
                .map(entry -> edge(entry.getKey(), entry.getValue()))
                .toList();
        Random random = new Random(seed);
        IceConfig common = RandomConfig.common(seed, random, hasManyCandidates());
        this.caller = new VirtualPhone(network, built.caller(), RandomConfig.of(common, random, topology.caller()));
        this.callee = new VirtualPhone(network, built.callee(), RandomConfig.of(common, random, topology.callee()));
        this.callerStarts = NewTransactions.of(network, caller.host().name());
        this.calleeStarts = NewTransactions.of(network, callee.host().name());
        this.call = VirtualCall.start(network, caller, callee, Duration.ofMillis(random.nextInt(200)));
    }

    /** What kind of network it was. */
    record Outcome(
            Optional<WorkingPath.Kind> best, boolean manyCandidates, boolean twoComponents, Upheaval.Kind upheaval) {}

    /** Makes the call and sees that all is as it should be. */
    static Outcome make(long seed) {
        RandomCall call = new RandomCall(seed);
        try {
            call.run();
            return new Outcome(call.best(), call.hasManyCandidates(), call.hasTwoComponents(), call.upheaval.kind());
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(call.story(), e);
        }
    }

    private EdgeMachine edge(Topology.Server server, VirtualHost host) {
        EdgeMachine edge = new EdgeMachine(
                EdgeConfig.create().user("alice", "secret"), RelaySockets.on(host), new SplittableRandom(seed));
        server.addresses().forEach(address -> edge.listen(host.bind(address, Topology.SERVER_PORT)));
        host.run(edge);
        return edge;
    }

    private void run() {
        boolean offered = network.runUntil(() -> call.calleePeer() != 0, ANSWERS_WITHIN);
        long calleeStart = network.now();
        boolean answered = network.runUntil(() -> call.callerPeer() != 0, ANSWERS_WITHIN);
        long callerStart = network.now();
        assertThat(offered && answered).as("both know each other").isTrue();
        if (upheaval.changesInterfaces()) {
            connectWhileInterfacesChange();
        } else {
            boolean completed = call.runUntilCompleted(CONNECTS_WITHIN);
            assertThat(completed).as("connects, and plain UDP finds %s", paths).isEqualTo(best().isPresent());
            if (completed && upheaval.kind() == Upheaval.Kind.RESTART) {
                assertThatTheBestPathIsTaken();
                restart();
            }
        }
        if (best().isPresent()) {
            assertThatTheBestPathIsTaken();
            assertThatPacketsArrive();
        } else if (!call.isAt(IceState.COMPLETED)) {
            network.runUntil(() -> hasFailed(caller) && hasFailed(callee), FAILS_WITHIN);
            assertThatItFailed(caller, callerStart);
            assertThatItFailed(callee, calleeStart);
        }
        assertThatPacingIsKept(callerStarts, caller);
        assertThatPacingIsKept(calleeStarts, callee);
        assertThatNothingIsLeft();
    }

    /** The best path may be in use, lost, or found only now: in the end it carries the call. */
    private void connectWhileInterfacesChange() {
        network.runFor(upheaval.after());
        upheaval.happen(call, built);
        // with many candidates neither side knows all of the other's addresses: when both have moved is a matter of
        // time
        network.runFor(hasManyCandidates() ? FAILOVER_WITHIN : Duration.ofMillis(1));
        boolean last =
                best().isPresent() || !HolePunching.paths(upheaval.atLast()).isEmpty();
        boolean connected = network.runUntil(
                () -> call.isAt(IceState.COMPLETED) && (best().isEmpty() || isOnTheBestPath()), CONNECTS_WITHIN);
        if (best().isPresent()) {
            assertThat(connected)
                    .as("connects on a path as good as any that is there throughout: %s", paths)
                    .isTrue();
        } else if (last) {
            assertThat(connected).as("connects on what has appeared").isTrue();
        }
    }

    private boolean isOnTheBestPath() {
        try {
            assertThatTheBestPathIsTaken();
            return true;
        } catch (AssertionError notYet) {
            return false;
        }
    }

    /** RFC 8445 §9: the same streams on new credentials, and again the best path. */
    private void restart() {
        network.runFor(upheaval.after());
        upheaval.happen(call, built);
        boolean moved = network.runUntil(() -> hasRestarted(caller) && hasRestarted(callee), CONNECTS_WITHIN);
        assertThat(moved).as("both have moved to the new generation").isTrue();
        network.runUntil(this::isOnTheBestPath, CONNECTS_WITHIN);
    }

    private static boolean hasRestarted(VirtualPhone phone) {
        long components = phone.config().streams().stream()
                .mapToInt(stream -> stream.components().size())
                .sum();
        return phone.heard(IceEvent.PathChanged.class).stream()
                        .filter(change -> change.cause() == PathChange.RESTART)
                        .map(change -> change.stream() + change.component())
                        .distinct()
                        .count()
                == components;
    }

    private void assertThatTheBestPathIsTaken() {
        for (int stream = 0; stream < caller.config().streams().size(); stream++) {
            for (int component : caller.config().streams().get(stream).components()) {
                CandidatePair ours = current(caller, stream, component);
                CandidatePair theirs = current(callee, stream, component);
                String what = "stream " + stream + " component " + component + ": " + ours + " and " + theirs;
                assertThat(meet(ours, theirs) && meet(theirs, ours)).as(what).isTrue();
                if (upheaval.kind() == Upheaval.Kind.APPEARANCE || hasManyCandidates()) {
                    assertThat(kind(ours, theirs)).as(what).isLessThanOrEqualTo(best().orElseThrow());
                } else {
                    assertThat(kind(ours, theirs)).as(what).isEqualTo(best().orElseThrow());
                }
            }
        }
    }

    /** One side's local candidate is the other's remote one; past the limit on peer-reflexive candidates it is the base. */
    private boolean meet(CandidatePair one, CandidatePair other) {
        return one.local().address().equals(other.remote().address())
                || (hasManyCandidates() && one.local().type() == CandidateType.HOST);
    }

    private static WorkingPath.Kind kind(CandidatePair ours, CandidatePair theirs) {
        long relays = List.of(ours.local(), theirs.local()).stream()
                .filter(local -> local.type() == CandidateType.RELAYED)
                .count();
        boolean direct =
                ours.local().type() == CandidateType.HOST && theirs.local().type() == CandidateType.HOST;
        return relays == 2
                ? WorkingPath.Kind.TWO_RELAYS
                : relays == 1
                        ? WorkingPath.Kind.ONE_RELAY
                        : direct ? WorkingPath.Kind.DIRECT : WorkingPath.Kind.TRANSLATED;
    }

    private static CandidatePair current(VirtualPhone phone, int stream, int component) {
        String name = phone.config().streams().get(stream).name();
        List<IceEvent.PathChanged> changes = phone.heard(IceEvent.PathChanged.class).stream()
                .filter(change -> change.stream().equals(name) && change.component() == component)
                .toList();
        return changes.get(changes.size() - 1).to();
    }

    private void assertThatPacketsArrive() {
        for (int i = 0; i < PACKETS; i++) {
            sendToAll(caller, call.callerPeer());
            sendToAll(callee, call.calleePeer());
            network.runFor(Duration.ofMillis(20));
        }
        network.runFor(Duration.ofSeconds(1));
        assertThatAllHeard(caller);
        assertThatAllHeard(callee);
    }

    private static void sendToAll(VirtualPhone phone, int peer) {
        for (int stream = 0; stream < phone.config().streams().size(); stream++) {
            for (int component : phone.config().streams().get(stream).components()) {
                ByteBuffer packet = ByteBuffer.allocate(20).put(0, (byte) 0x80);
                assertThat(phone.send(peer, stream, component, packet)).isTrue();
            }
        }
    }

    private static void assertThatAllHeard(VirtualPhone phone) {
        for (int stream = 0; stream < phone.config().streams().size(); stream++) {
            for (int component : phone.config().streams().get(stream).components()) {
                int index = stream;
                long heard = phone.received().stream()
                        .filter(packet -> packet.stream() == index && packet.component() == component)
                        .count();
                assertThat(heard)
                        .as("packets at %s on stream %d component %d", phone.host(), stream, component)
                        .isGreaterThan(PACKETS / 2);
            }
        }
    }

    /** RFC 8863 §4: not before PAC, and the report says why. */
    private void assertThatItFailed(VirtualPhone phone, long start) {
        TimedEvent<EngineEvent> failed = phone.node().timedEvents().stream()
                .filter(timed ->
                        timed.event() instanceof EngineEvent.PeerEvent peer && peer.event() instanceof IceEvent.Failed)
                .findFirst()
                .orElseThrow(() -> new AssertionError(phone.host() + " neither connects nor fails"));
        assertThat(failed.at() - start)
                .as("%s fails after PAC", phone.host())
                .isGreaterThanOrEqualTo(PATIENCE.toNanos());
        if (upheaval.kind() != Upheaval.Kind.LOSS) { // a call that stood is restarted when it has failed
            assertThat(phone.report(-1).verdict()).startsWith("No path");
        }
        assertThat(phone.heard(IceEvent.Failed.class).get(0).failure().explanation())
                .isNotBlank();
        assertThat(phone.report(-1).candidates()).isNotEmpty();
    }

    private static boolean hasFailed(VirtualPhone phone) {
        return phone.heard(IceEvent.StateChanged.class).stream().anyMatch(change -> change.to() == IceState.FAILED);
    }

    /** RFC 8445 §14.2. */
    private static void assertThatPacingIsKept(NewTransactions starts, VirtualPhone phone) {
        starts.closest().ifPresent(gap -> assertThat(gap.nanos())
                .as("%s: between two new transactions: %s", phone.host(), gap)
                .isGreaterThanOrEqualTo(phone.config().timings().ta().toNanos()));
    }

    private void assertThatNothingIsLeft() {
        call.offeringByHand();
        built.heal();
        network.runFor(Duration.ofMillis(500));
        for (VirtualPhone phone : List.of(caller, callee)) {
            phone.perform(now -> {
                phone.engine().close(now);
                return true;
            });
        }
        network.runFor(Duration.ofSeconds(3));
        for (VirtualPhone phone : List.of(caller, callee)) {
            assertThat(phone.node().has(EngineEvent.Closed.class)).as("closed").isTrue();
            assertThat(phone.engine().nextTimeout()).as("timers").isEqualTo(Machine.NEVER);
        }
        if (upheaval.kind() == Upheaval.Kind.LOSS) {
            network.runFor(ALLOCATION_LIFETIME); // nobody can release what was allocated from the lost interface
        }
        edges.forEach(
                edge -> assertThat(edge.allocationCount()).as("allocations").isZero());
        network.log().clear();
        network.runFor(Duration.ofMinutes(15));
        assertThat(network.log().events(PacketEvent.Fate.SENT)).as("packets").isEmpty();
    }

    /** The best kind of path there is, if any. */
    private Optional<WorkingPath.Kind> best() {
        return paths.stream().map(WorkingPath::kind).min(Comparator.naturalOrder());
    }

    private boolean hasTwoComponents() {
        return caller.config().streams().stream()
                .anyMatch(stream -> stream.components().size() > 1);
    }

    private boolean hasManyCandidates() {
        return upheaval.drawn().caller().plugs().size() > MANY
                && upheaval.drawn().callee().plugs().size() > MANY;
    }

    private String story() {
        return "seed " + seed + ", " + upheaval + "\n" + upheaval.drawn().text() + "\npaths " + paths + "\n"
                + caller.report(-1).text() + "\n" + callee.report(-1).text();
    }
}
