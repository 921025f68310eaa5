// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code icepath peer --profile ms-ice2} meets libnice in its OC2007R2 mode, and {@code --profile auto} whoever there is: with one
 * component and two, in both roles, told of the other first and second, straight and with nothing but our Edge double between them.
 */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class MsIce2LabTest {

    private static final int ASKED_FOR = Integer.getInteger("icepath.lab.oc2007r2.runs", 0);
    private static final int RUNS = ASKED_FOR > 0 ? ASKED_FOR : 2;
    private static final int PARALLEL = 4;

    /** Of the cells that are asked for, which. */
    private static final String NAMED = System.getProperty("icepath.lab.oc2007r2.cells", ".*");

    private static final List<AutoCloseable> OPEN = new ArrayList<>();

    /** The cells need networks, which stand before them. */
    private static Stream<Cell> cells = Stream.empty();

    @BeforeAll
    static void wireTheNetworks() throws Exception {
        WiredNetwork direct = opened(WiredNetwork.up(true));
        WiredNetwork relayed = opened(WiredNetwork.up(false));
        EdgeOnRouter edge = opened(EdgeOnRouter.start(relayed, "ms-ice2"));
        MsIce2Cells meetings = new MsIce2Cells(direct, relayed, edge);
        cells = ASKED_FOR > 0 ? meetings.all().filter(cell -> cell.name().matches(NAMED)) : meetings.few();
    }

    private static <T extends AutoCloseable> T opened(T opened) {
        OPEN.add(opened);
        return opened;
    }

    @AfterAll
    static void removeTheNetworks() throws Exception {
        Collections.reverse(OPEN);
        for (AutoCloseable each : OPEN) {
            each.close();
        }
        OPEN.clear();
    }

    static Stream<Cell> cells() {
        return cells;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void everyMeetingConnectsAndDataCrosses(Cell cell, LabTable table) throws InterruptedException {
        CellResult result = CellRunner.run(cell, Math.min(PARALLEL, RUNS), RUNS);

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }
}
