// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.icepath.examples.lab.Network.Side;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Media moves from the relay to the direct path before the nomination, and libnice gets every packet, once (RFC 8445 §12.1). */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
class PromotionLabTest {

    private static final int ASKED_FOR = Integer.getInteger("icepath.lab.promotions", 0);
    private static final int RUNS = ASKED_FOR > 0 ? ASKED_FOR : 2;

    @ParameterizedTest(name = "ours in place {0}")
    @EnumSource(Side.class)
    void noPacketIsLostOrDoubled(Side ours, LabTable table) throws InterruptedException {
        // libnice nominates within a second of its first pair: where the machine does other things, too, that is a race
        assumeTrue(ours == Side.A || ASKED_FOR > 0, "-Dicepath.lab.promotions=N lets libnice nominate, too");
        String name = "libnice-promotion-" + (ours == Side.A ? "controlling" : "controlled");
        CellResult result = CellRunner.run(new Cell(name, Requirement.DIRECT, run -> new NumberedCall(ours)), 1, RUNS);

        table.add(result);
        assertThat(result.complaints()).isEmpty();
    }
}
