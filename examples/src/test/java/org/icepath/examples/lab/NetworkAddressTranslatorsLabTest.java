// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.icepath.examples.lab.Network.Side;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Two {@code icepath peer}s behind the kernel's NATs, with coturn on offer, end on the best path there is. The meetings of all cells run as
 * one queue; each test judges a cell of them.
 */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class NetworkAddressTranslatorsLabTest {

    /** Longer than the controlling side may wait for something better than a relay. */
    private static final Duration HOLD = Duration.ofMillis(3_500);

    private static final List<NetworkOnDemand> NETWORKS = new ArrayList<>();
    private static final List<CellQueue> QUEUE = new ArrayList<>();

    @BeforeAll
    static void beginAllCells() {
        QUEUE.add(new CellQueue(CellRunner.PARALLEL));
        withRelay("p2p", Requirement.REFLEXIVE, () -> LabInternet.up("p2p", "alice", "bob"));
        withRelay("overlap", Requirement.REFLEXIVE, () -> LabInternet.up("overlap", "alice", "bob"));
        withRelay("mixed", Requirement.RELAYED, () -> LabInternet.up("mixed", "alice", "carol"));
        begin(
                "mixed-without-turn",
                Requirement.FAILS_WITH_REPORT,
                () -> LabInternet.up("mixed", "alice", "carol"),
                NetworkAddressTranslatorsLabTest::meetingWithoutRelay);
        withRelay("lan", Requirement.LAN_HOST, () -> LabInternet.up("lan", "alice", "bob"));
        withRelay("full-cone-symmetric", Requirement.DIRECT, () -> homes("full-cone", "symmetric"));
        withRelay("symmetric-symmetric", Requirement.RELAYED, () -> homes("symmetric", "symmetric"));
    }

    @AfterAll
    static void endAll() {
        QUEUE.forEach(CellQueue::close);
        QUEUE.clear();
        NETWORKS.parallelStream().forEach(NetworkOnDemand::close);
        NETWORKS.clear();
    }

    private static LabInternet homes(String natOfA, String natOfB) {
        return LabInternet.up("p2p", "alice", "bob").nat("ra", natOfA).nat("rb", natOfB);
    }

    @Test
    void twoHomesEndOnAReflexivePair(LabTable table) throws InterruptedException {
        check(table, "p2p");
    }

    @Test
    void twoHomesWithTheSamePrefixEndOnAReflexivePair(LabTable table) throws InterruptedException {
        check(table, "overlap");
    }

    @Test
    void homeAndEnterpriseEndOnARelay(LabTable table) throws InterruptedException {
        check(table, "mixed");
    }

    @Test
    void homeAndEnterpriseWithoutARelayFailAndSayWhy(LabTable table) throws InterruptedException {
        check(table, "mixed-without-turn");
    }

    @Test
    void oneLanWithAVpnBesideItEndsOnTheLan(LabTable table) throws InterruptedException {
        check(table, "lan");
    }

    @Test
    void fullConeAndSymmetricNatsEndDirectly(LabTable table) throws InterruptedException {
        check(table, "full-cone-symmetric");
    }

    @Test
    void twoSymmetricNatsEndOnARelay(LabTable table) throws InterruptedException {
        check(table, "symmetric-symmetric");
    }

    private static void withRelay(String name, Requirement requirement, Supplier<LabInternet> up) {
        begin(name, requirement, up, NetworkAddressTranslatorsLabTest::meetingWithRelay);
    }

    private static void begin(
            String name, Requirement requirement, Supplier<LabInternet> up, Function<LabInternet, Meeting> meeting) {
        NetworkOnDemand network = new NetworkOnDemand(up);
        NETWORKS.add(network);
        Cell cell = new Cell(
                name, requirement, run -> log -> meeting.apply(network.get()).run(log));
        QUEUE.forEach(queue -> queue.add(cell, CellRunner.RUNS));
    }

    private static Meeting meetingWithRelay(LabInternet internet) {
        String options = "--turn " + internet.server(Side.A) + ":" + internet.credentials() + ":udp --stun "
                + internet.server(Side.A);
        return meeting(internet, options).holding(HOLD);
    }

    private static Meeting meetingWithoutRelay(LabInternet internet) {
        // RFC 8863 asks for 39.5 s of patience; that nothing comes is known after six as well
        return meeting(internet, "--patience 6 --report --stun " + internet.server(Side.A));
    }

    private static Meeting meeting(LabInternet internet, String options) {
        return Meeting.of(
                internet,
                Program.patientIcepath().with(options),
                Program.patientIcepath().with(options));
    }

    private static void check(LabTable table, String cell) throws InterruptedException {
        CellResult result = QUEUE.get(0).result(cell);

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }
}
