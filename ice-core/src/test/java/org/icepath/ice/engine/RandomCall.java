// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
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
import org.icepath.testkit.topology.PacketWays;
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

    /** RFC 8656 §3.2, and some more. */
    private static final Duration ALLOCATION_LIFETIME = Duration.ofMinutes(11);

    /** Three lost checks in a row make a pair suspect for a while: the nominated one is asked again each 6 s. */
    private static final Duration RETURNS_WITHIN = Duration.ofSeconds(8);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration LONGEST_WAY = Duration.ofMillis(800);
    private static final int PACKETS = 25;
    private static final int FEW_PACKETS = 3;
    private static final int MANY = 10;

    private final long seed;
    private final Topology topology;
    private final Upheaval upheaval;
    private final List<WorkingPath> paths;
    private final List<WorkingPath> pathsAtLast;
    private final VirtualNetwork network;
    private final BuiltTopology built;
    private final List<EdgeMachine> edges;
    private final VirtualPhone caller;
    private final VirtualPhone callee;
    private final VirtualCall call;
    private final PacketWays ways;
    private final NewTransactions callerStarts;
    private final NewTransactions calleeStarts;

    private RandomCall(long seed) {
        this.seed = seed;
        this.upheaval = Upheaval.of(RandomTopology.of(seed));
        this.topology = upheaval.atFirst();
        this.paths = HolePunching.paths(upheaval.throughout());
        this.pathsAtLast = upheaval.kind() == Upheaval.Kind.APPEARANCE ? HolePunching.paths(upheaval.atLast()) : paths;
        this.network = new VirtualNetwork(seed, -Duration.ofHours(1).toNanos());
        this.built = new BuiltTopology(network, topology);
        this.edges = built.servers().entrySet().stream()
                .map(entry -> edge(entry.getKey(), entry.getValue()))
                .toList();
        Random random = new Random(seed);
        IceConfig common = RandomConfig.common(seed, random, hasManyCandidates());
        this.caller = new VirtualPhone(network, built.caller(), RandomConfig.of(common, random, topology.caller()));
        this.callee = new VirtualPhone(network, built.callee(), RandomConfig.of(common, random, topology.callee()));
        this.ways = PacketWays.of(network);
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
            if (completed) {
                settleOnTheBestPath(callerStart + CONNECTS_WITHIN.toNanos());
            }
            if (completed && upheaval.kind() == Upheaval.Kind.RESTART) {
                assertThatTheBestPathIsTaken();
                restart();
            }
        }
        if (best().isPresent()) {
            assertThatPacketsArrive();
            settleOnTheBestPath(network.now() + RETURNS_WITHIN.toNanos());
            assertThatTheBestPathIsTaken();
        } else if (!call.isAt(IceState.COMPLETED)) {
            network.runUntil(() -> hasFailed(caller) && hasFailed(callee), FAILS_WITHIN);
            assertThatItFailed(caller, callerStart);
            assertThatItFailed(callee, calleeStart);
        }
        assertThatPacingIsKept(callerStarts, caller, callerStart);
        assertThatPacingIsKept(calleeStarts, callee, calleeStart);
        assertThatNothingIsLeft();
    }

    /** The best path may be in use, lost, or found only now: in the end it carries the call. */
    private void connectWhileInterfacesChange() {
        network.runFor(upheaval.after());
        upheaval.happen(call, built);
        network.runFor(Duration.ofMillis(1));
        long deadline = network.now() + CONNECTS_WITHIN.toNanos();
        boolean connected = network.runUntil(() -> call.isAt(IceState.COMPLETED), CONNECTS_WITHIN);
        if (best().isPresent()) {
            settleOnTheBestPath(deadline);
        } else if (!pathsAtLast.isEmpty()) {
            assertThat(connected).as("connects on what has appeared").isTrue();
        }
    }

    /** What is still wrong with the path in use, if anything. */
    private Optional<AssertionError> complaint() {
        if (!call.isAt(IceState.COMPLETED)) {
            return Optional.of(new AssertionError("not connected"));
        }
        sendAndSettle();
        try {
            assertThatTheBestPathIsTaken();
            return Optional.empty();
        } catch (AssertionError notYet) {
            return Optional.of(notYet);
        }
    }

    /** A few packets each way, and the time that they need: some may be lost. */
    private void sendAndSettle() {
        for (int i = 0; i < FEW_PACKETS; i++) {
            sendToAll(caller, call.callerPeer());
            sendToAll(callee, call.calleePeer());
        }
        network.runFor(LONGEST_WAY);
    }

    /** RFC 8445 §9: the same streams on new credentials, and again the best path. */
    private void restart() {
        network.runFor(upheaval.after());
        upheaval.happen(call, built);
        boolean moved = network.runUntil(() -> hasRestarted(caller) && hasRestarted(callee), CONNECTS_WITHIN);
        assertThat(moved).as("both have moved to the new generation").isTrue();
        settleOnTheBestPath(network.now() + CONNECTS_WITHIN.toNanos());
    }

    /** By the deadline at the latest the best path is in use: what says so is begun before. */
    private void settleOnTheBestPath(long deadline) {
        Optional<AssertionError> complaint = complaint();
        while (complaint.isPresent() && network.now() + LOOK_AGAIN.toNanos() <= deadline) {
            network.runFor(LOOK_AGAIN);
            complaint = complaint();
        }
        complaint.ifPresent(still -> {
            throw new AssertionError("not on the best path at the deadline", still);
        });
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

    /**
     * What was seen on the wires: packets go both ways over the same sockets and relays, and over what is best. Which of several paths of
     * one kind that is depends on round trips and on packets that were lost: no path of the same kind is waited for
     * (PathRanking#isOfBetterKind).
     */
    private void assertThatTheBestPathIsTaken() {
        for (int stream = 0; stream < caller.config().streams().size(); stream++) {
            for (int component : caller.config().streams().get(stream).components()) {
                String what = "stream " + stream + " component " + component;
                PacketWays.Way there = lastWay(callee, stream, component);
                PacketWays.Way back = lastWay(caller, stream, component);
                assertThat(there.isReverseOf(back))
                        .as("%s: %s and %s", what, there, back)
                        .isTrue();
                assertThat(there.kind()).as("%s: %s", what, there).isIn(bestKinds());
                assertThatItIsSaid(there.kind(), stream, component);
            }
        }
    }

    /** The way of the last packet that has arrived. */
    private PacketWays.Way lastWay(VirtualPhone phone, int stream, int component) {
        List<VirtualPhone.Received> received = phone.received();
        for (int i = received.size() - 1; i >= 0; i--) {
            VirtualPhone.Received packet = received.get(i);
            if (packet.stream() == stream && packet.component() == component) {
                return ways.way(PacketWays.mark(packet.packet()), phone.host().name())
                        .orElseThrow();
            }
        }
        throw new AssertionError("nothing has arrived at " + phone.host());
    }

    /** Both sides name the path that there is. With many candidates not every address that a NAT gives is learnt. */
    private void assertThatItIsSaid(WorkingPath.Kind kind, int stream, int component) {
        CandidatePair ours = current(caller, stream, component);
        CandidatePair theirs = current(callee, stream, component);
        if (!hasManyCandidates()) {
            assertThat(kind(ours, theirs)).as("%s and %s", ours, theirs).isEqualTo(kind);
            assertThat(ours.local().address()).isEqualTo(theirs.remote().address());
            assertThat(theirs.local().address()).isEqualTo(ours.remote().address());
        }
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

    /** Every packet arrives that no link has lost: nothing else takes one away, whatever becomes of pairs meanwhile. */
    private void assertThatPacketsArrive() {
        Map<Place, List<Long>> sent = new HashMap<>();
        for (int i = 0; i < PACKETS; i++) {
            for (Map<Place, Long> burst :
                    List.of(sendToAll(caller, call.callerPeer()), sendToAll(callee, call.calleePeer()))) {
                burst.forEach((place, mark) ->
                        sent.computeIfAbsent(place, first -> new ArrayList<>()).add(mark));
            }
            network.runFor(Duration.ofMillis(20));
        }
        network.runFor(Duration.ofSeconds(1));
        sent.forEach(this::assertThatAllHeard);
    }

    /** Where a packet is to arrive. */
    private record Place(VirtualPhone at, int stream, int component) {}

    /** The marks of what was sent. */
    private Map<Place, Long> sendToAll(VirtualPhone phone, int peer) {
        Map<Place, Long> sent = new HashMap<>();
        for (int stream = 0; stream < phone.config().streams().size(); stream++) {
            for (int component : phone.config().streams().get(stream).components()) {
                ByteBuffer packet = ways.packet();
                boolean taken = phone.send(peer, stream, component, packet);
                assertThat(taken || !call.isAt(IceState.COMPLETED)).as("sent").isTrue();
                sent.put(new Place(phone == caller ? callee : caller, stream, component), PacketWays.mark(packet));
            }
        }
        return sent;
    }

    private void assertThatAllHeard(Place place, List<Long> sent) {
        Set<Long> heard = place.at().received().stream()
                .filter(packet -> packet.stream() == place.stream() && packet.component() == place.component())
                .map(packet -> PacketWays.mark(packet.packet()))
                .collect(Collectors.toSet());
        String where = place.at().host() + " on stream " + place.stream() + " component " + place.component();
        assertThat(sent)
                .as("packets for %s that no link has lost", where)
                .allMatch(mark -> heard.contains(mark) || ways.lost(mark));
        heard.retainAll(sent);
        assertThat(heard).as("control: packets for %s", where).hasSizeGreaterThan(PACKETS / 2);
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

    /** RFC 8445 §14.2: all by its own Ta, and checks of a peer that it knows by the longer one of both (RFC 8839 §5.5). */
    private void assertThatPacingIsKept(NewTransactions starts, VirtualPhone phone, long knowsThePeer) {
        Duration own = phone.config().timings().ta();
        Duration agreed = Collections.max(List.of(
                caller.config().timings().ta(), callee.config().timings().ta()));
        if (best().isPresent()) { // others may have nobody to ask
            assertThat(starts.starts())
                    .as("control: %s has begun something", phone.host())
                    .isNotEmpty();
        }
        assertThatGapsAreNoShorterThan(own, starts.closest(), phone);
        assertThatGapsAreNoShorterThan(agreed, starts.closestChecksSince(knowsThePeer), phone);
    }

    private static void assertThatGapsAreNoShorterThan(
            Duration ta, Optional<NewTransactions.Gap> closest, VirtualPhone phone) {
        closest.ifPresent(gap -> assertThat(gap.nanos())
                .as("%s: between two new transactions: %s", phone.host(), gap)
                .isGreaterThanOrEqualTo(ta.toNanos()));
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

    /** The best kind of path there is throughout, if any. */
    private Optional<WorkingPath.Kind> best() {
        return best(paths);
    }

    private static Optional<WorkingPath.Kind> best(List<WorkingPath> paths) {
        return paths.stream().map(WorkingPath::kind).min(Comparator.naturalOrder());
    }

    /**
     * The best kind of path that there was throughout; where an interface has appeared and the peer, who trickles, was told of it at once,
     * the best that there is now. A peer that does not trickle may see checks from there, or may not: then both will do.
     */
    private List<WorkingPath.Kind> bestKinds() {
        WorkingPath.Kind throughout = best().orElseThrow();
        if (upheaval.kind() != Upheaval.Kind.APPEARANCE) {
            return List.of(throughout);
        }
        WorkingPath.Kind atLast = best(pathsAtLast).orElseThrow();
        return caller.config().trickles()
                ? List.of(atLast)
                : List.of(WorkingPath.Kind.values()).subList(atLast.ordinal(), throughout.ordinal() + 1);
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
        return "seed " + seed + ", " + upheaval + (caller.config().trickles() ? ", trickles" : "")
                + (RandomConfig.isUsual(seed) ? ", with the usual intervals" : "") + "\n"
                + upheaval.drawn().text() + "\npaths " + paths + "\n"
                + caller.report(-1).text() + "\n" + callee.report(-1).text();
    }
}
