// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.icepath.examples.lab.Network.Side;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Calls between two {@code icepath peer}s in the midst of which a link is cut, a NAT forgets, or an interface comes and goes. */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class DisturbancesLabTest {

    private static final String LAN = "192.168.1.";
    private static final String VPN = "10.99.0.";

    /** What a path of alice's says when it leaves her LAN; why follows. */
    private static final String LEAVES_LAN = "leaves host 192\\.168\\.1\\.10:\\d+ -> [^\"\\n]*: ";

    /** The socket went with the interface, or the system refused to send before that was noticed. */
    private static final String GONE = "(the local socket is gone: |the network says )";

    private static final String HAS_GONE = "192\\.168\\.1\\.10 has gone from the interface";

    /** Nobody says that it is cut: our checks are not answered, or the peer has noticed first and sends another way. */
    private static final String SILENCE = "(3 checks in a row unanswered|the peer has moved to )";

    /** Each run is two virtual machines that start: more at a time would measure the machine. */
    private static final int PARALLEL = Integer.getInteger("icepath.lab.calls", 4);

    /** Calls of minutes in all: twenty of each kind on request. */
    private static final int RUNS = Integer.getInteger("icepath.lab.runs", 4);

    private static LabInternet lan() {
        return LabInternet.up("lan", "alice", "bob");
    }

    private static LabInternet homes() {
        return LabInternet.up("p2p", "alice", "bob");
    }

    private static void check(LabTable table, String name, Disturbance disturbance) throws InterruptedException {
        CellResult result = CellRunner.run(new Cell(name, Requirement.HOLDS, run -> disturbance), PARALLEL, RUNS);

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }

    /** The VPN carries on when the LAN is cut at alice's. */
    private static Disturbance cutOfTheLan(String how, Duration silence, String... mechanism) {
        return new Disturbance(
                DisturbancesLabTest::lan,
                "",
                Duration.ofSeconds(3),
                internet -> internet.cut("alice", how),
                talk -> talk.isOver(VPN),
                Duration.ofSeconds(10),
                silence,
                Stream.concat(Stream.of(mechanism), Stream.of("the pair in use was lost"))
                        .toList());
    }

    @Test
    void theVpnCarriesOnWithinASecondWhenTheCarrierIsLost(LabTable table) throws InterruptedException {
        check(table, "lan-cut-carrier", cutOfTheLan("carrier", Duration.ofSeconds(1), LEAVES_LAN + GONE, HAS_GONE));
    }

    @Test
    void theVpnCarriesOnWithinASecondWhenTheInterfaceIsTurnedOff(LabTable table) throws InterruptedException {
        check(table, "lan-cut-admin", cutOfTheLan("admin", Duration.ofSeconds(1), LEAVES_LAN + GONE, HAS_GONE));
    }

    @Test
    void theVpnCarriesOnWithinSixSecondsWhenTheLanFallsSilent(LabTable table) throws InterruptedException {
        check(table, "lan-cut-silent", cutOfTheLan("silent", Duration.ofSeconds(6), LEAVES_LAN + SILENCE));
    }

    @Test
    void aNatThatForgetsInMidCallIsSurvived(LabTable table) throws InterruptedException {
        String turn = "--wait 10 --turn 203.0.113.10:3478:lab:lab-secret:udp --stun 203.0.113.10:3478";
        check(
                table,
                "rebind",
                new Disturbance(
                        DisturbancesLabTest::homes,
                        turn,
                        Duration.ofSeconds(6),
                        internet -> internet.rebind("ra"),
                        talk -> talk.longestSilence().compareTo(Duration.ofSeconds(1)) > 0
                                && talk.a().text().contains("failover"),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(10),
                        List.of("leaves srflx [^\"\\n]*: " + SILENCE)));
    }

    // alice's LAN is down when the call begins over the VPN
    @Test
    void aBetterInterfaceThatAppearsIsPromotedTo(LabTable table) throws InterruptedException {
        check(
                table,
                "lan-appears",
                new Disturbance(
                        () -> lan().cut("alice", "admin"),
                        "--renomination",
                        Duration.ofSeconds(3),
                        internet -> internet.heal("alice"),
                        talk -> talk.isOver(LAN),
                        Duration.ofSeconds(20),
                        Duration.ZERO,
                        List.of("a socket is bound on 192.168.1.10", "a better pair answered")));
    }

    @Test
    void aCutOfEverythingEndsInAFailureThatSaysWhy(LabTable table) throws InterruptedException {
        check(
                table,
                "cut-everything",
                new Disturbance(
                        DisturbancesLabTest::lan,
                        "--patience 5",
                        Duration.ofSeconds(3),
                        internet -> internet.cut("alice", "carrier").cut("alice.vpn", "carrier"),
                        talk -> talk.a().text().contains("\"failed\""),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(30),
                        List.of("\"CONSENT_LOST\"", "has gone from the interface", "none came back within 5.0 s")));
    }

    @Test
    void twoHomesWithIpv6AloneConnect(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("6", "p2p", "alice", "bob")) {
            meet(table, internet, new Cell("ipv6-only", Requirement.IPV6, run -> meeting(internet)));
        }
    }

    @Test
    void twoHomesWithBothFamiliesConnect(LabTable table) throws InterruptedException {
        try (LabInternet internet = LabInternet.up("46", "p2p", "alice", "bob")) {
            meet(table, internet, new Cell("dual-stack", Requirement.DIRECT, run -> meeting(internet)));
        }
    }

    private static Meeting meeting(LabInternet internet) {
        String stun = "--stun " + internet.server(Side.A);
        return Meeting.of(
                internet, Program.icepath().with(stun), Program.icepath().with(stun));
    }

    private static void meet(LabTable table, LabInternet internet, Cell cell) throws InterruptedException {
        CellResult result = CellRunner.run(cell);

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }
}
