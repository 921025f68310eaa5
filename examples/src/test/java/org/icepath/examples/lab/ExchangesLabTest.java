// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.icepath.examples.lab.Network.Side;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ICE restarts by either side (RFC 8445 §9), and trickling by one side and by both (RFC 8838 §4), against libnice and Chromium. */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class ExchangesLabTest {

    private static final int RUNS = Integer.getInteger("icepath.lab.exchanges", 3);
    private static final int PARALLEL = Math.min(RUNS, 3);

    /** Chromium takes a second processor for each call: on a busy machine its calls time out, so it comes when asked for. */
    private static final List<String> OTHERS =
            List.of(System.getProperty("icepath.lab.exchanges.with", "libnice").split(",", -1));

    private static final List<WiredNetwork> NETWORKS = new ArrayList<>();

    @BeforeAll
    static void wireTheNetwork() {
        NETWORKS.add(WiredNetwork.up(true));
    }

    @AfterAll
    static void removeTheNetwork() {
        NETWORKS.forEach(WiredNetwork::close);
        NETWORKS.clear();
    }

    static Stream<Cell> cells() {
        return Stream.of(Program.libniceOfOurs(), Program.chromiumOfOurs())
                .filter(other -> OTHERS.contains(other.name()))
                .flatMap(other -> Stream.of(Side.values()).flatMap(ours -> cells(other, ours)));
    }

    private static Stream<Cell> cells(Program other, Side ours) {
        Side theirs = ours.other();
        return Stream.of(
                cell(other, ours, "we-restart", Set.of(), Set.of(ours)),
                cell(other, ours, "they-restart", Set.of(), Set.of(theirs)),
                cell(other, ours, "both-trickle", Set.of(Side.A, Side.B), Set.of()),
                cell(other, ours, "we-trickle", Set.of(ours), Set.of()),
                cell(other, ours, "they-trickle", Set.of(theirs), Set.of()));
    }

    private static Cell cell(Program other, Side ours, String what, Set<Side> trickles, Set<Side> restarts) {
        String role = ours == Side.A ? "-controlling-" : "-controlled-";
        return new Cell(
                other.name() + role + what,
                Requirement.DIRECT,
                run -> new Exchange(NETWORKS.get(0), other, ours, trickles, restarts));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void everyExchangeEndsOnAWorkingPair(Cell cell, LabTable table) throws InterruptedException {
        CellResult result = CellRunner.run(cell, PARALLEL, RUNS);

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }
}
