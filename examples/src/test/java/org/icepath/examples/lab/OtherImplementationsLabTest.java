// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.icepath.examples.lab.Network.Side;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code icepath peer} meets libnice and Chromium, in both roles, straight and with nothing but coturn between them. */
@Tag("lab")
@ExtendWith(LabExtension.class)
class OtherImplementationsLabTest {

    private static final List<WiredNetwork> NETWORKS = new ArrayList<>();

    @BeforeAll
    static void wireTheNetworks() {
        NETWORKS.add(WiredNetwork.up(true));
        NETWORKS.add(WiredNetwork.up(false));
    }

    @AfterAll
    static void removeTheNetworks() {
        NETWORKS.forEach(WiredNetwork::close);
        NETWORKS.clear();
    }

    static Stream<Cell> cells() {
        return Stream.of(Program.libnice(), Program.chromium()).flatMap(other -> Stream.of(Side.A, Side.B)
                .flatMap(ours -> Stream.of(false, true).map(relayed -> cell(other, ours, relayed))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void everyMeetingConnectsAndDataCrosses(Cell cell, LabTable table) throws InterruptedException {
        CellResult result = CellRunner.run(cell);

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }

    private static Cell cell(Program other, Side ours, boolean relayed) {
        String name = other.name()
                + (ours == Side.A ? "-icepath-controlling" : "-icepath-controlled")
                + (relayed ? "-turn" : "-direct");
        Requirement requirement = relayed ? Requirement.RELAYED : Requirement.DIRECT;
        return new Cell(name, requirement, run -> meeting(other, ours, relayed, run));
    }

    private static Meeting meeting(Program other, Side ours, boolean relayed, int run) {
        Network network = NETWORKS.get(relayed ? 1 : 0);
        Program icepath = Program.icepath();
        Program peer = other;
        if (relayed) {
            icepath = icepath.with(turn(network, ours));
            // with a relay on one side only, every second time: then the other one checks our relay directly
            peer = run % 2 == 0 ? other : other.with(turn(network, ours.other()));
        }
        return ours == Side.A ? Meeting.of(network, icepath, peer) : Meeting.of(network, peer, icepath);
    }

    private static String turn(Network network, Side side) {
        return "--turn " + network.server(side) + ":" + network.credentials() + ":udp";
    }
}
