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
        return OtherImplementations.cells(NETWORKS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void everyMeetingConnectsAndDataCrosses(Cell cell, LabTable table) throws InterruptedException {
        CellResult result = CellRunner.run(cell);

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }
}
