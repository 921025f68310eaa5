// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.icepath.examples.lab.Network.Side;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Two {@code icepath peer}s behind the kernel's NATs, with coturn on offer, end on the best path there is. */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class NetworkAddressTranslatorsLabTest {

    /** Longer than the controlling side may wait for something better than a relay. */
    private static final Duration HOLD = Duration.ofMillis(3_500);

    @Test
    void twoHomesEndOnAReflexivePair(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")) {
            run(table, "p2p", Requirement.REFLEXIVE, internet);
        }
    }

    @Test
    void twoHomesWithTheSamePrefixEndOnAReflexivePair(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("overlap", "alice", "bob")) {
            run(table, "overlap", Requirement.REFLEXIVE, internet);
        }
    }

    @Test
    void homeAndEnterpriseEndOnARelay(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("mixed", "alice", "carol")) {
            run(table, "mixed", Requirement.RELAYED, internet);
        }
    }

    @Test
    void homeAndEnterpriseWithoutARelayFailAndSayWhy(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("mixed", "alice", "carol")) {
            Cell cell = new Cell("mixed-without-turn", Requirement.FAILS_WITH_REPORT, run -> {
                // RFC 8863 asks for 39.5 s of patience; that nothing comes is known after six as well
                String options = "--patience 6 --report --stun " + internet.server(Side.A);
                return Meeting.of(
                        internet,
                        Program.patientIcepath().with(options),
                        Program.patientIcepath().with(options));
            });
            check(table, cell);
        }
    }

    @Test
    void oneLanWithAVpnBesideItEndsOnTheLan(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("lan", "alice", "bob")) {
            run(table, "lan", Requirement.LAN_HOST, internet);
        }
    }

    @Test
    void fullConeAndSymmetricNatsEndDirectly(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")) {
            internet.nat("ra", "full-cone").nat("rb", "symmetric");
            run(table, "full-cone-symmetric", Requirement.DIRECT, internet);
        }
    }

    @Test
    void twoSymmetricNatsEndOnARelay(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("p2p", "alice", "bob")) {
            internet.nat("ra", "symmetric").nat("rb", "symmetric");
            run(table, "symmetric-symmetric", Requirement.RELAYED, internet);
        }
    }

    private static void run(LabTable table, String name, Requirement requirement, LabInternet internet)
            throws InterruptedException {
        check(table, new Cell(name, requirement, run -> {
            String options = "--turn " + internet.server(Side.A) + ":" + internet.credentials() + ":udp --stun "
                    + internet.server(Side.A);
            return Meeting.of(
                            internet,
                            Program.patientIcepath().with(options),
                            Program.patientIcepath().with(options))
                    .holding(HOLD);
        }));
    }

    private static void check(LabTable table, Cell cell) throws InterruptedException {
        CellResult result = CellRunner.run(cell);

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }
}
