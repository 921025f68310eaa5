// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code icepath peer} meets libnice and Chromium, in both roles, straight and with nothing but coturn between them. */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
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
        return OtherImplementations.cells(NETWORKS);
    }

    static Stream<Cell> tcpCells() {
        return OtherImplementations.tcpCells(NETWORKS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void everyMeetingConnectsAndDataCrosses(Cell cell, LabTable table) throws InterruptedException {
        check(CellRunner.run(cell), table);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tcpCells")
    void soDoesEveryMeetingOverTcpAlone(Cell cell, LabTable table) throws InterruptedException {
        check(CellRunner.runFew(cell), table);
    }

    private static void check(CellResult result, LabTable table) {
        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }
}
