// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the suite's processes save at their start is saved in fact: a virtual machine leaves an archive that it cannot use in silence. */
@Tag("lab")
@ExtendWith(LabExtension.class)
class ClassArchiveLabTest {

    private static final String ARCHIVED = " source: shared objects file";

    @Test
    void whatAMeetingLoadsComesOutOfTheArchive() {
        List<Object> words = new ArrayList<>(IcepathPeer.virtualMachine());
        words.addAll(List.of("-Xlog:class+load:stdout", "-jar", Surroundings.jar(), "peer", "--address", "127.0.0.1"));

        String loaded = Command.of(words.toArray()).output();

        assertThat(loaded)
                .contains("picocli.CommandLine" + ARCHIVED)
                .contains("org.icepath.ice.netty.NettyIceSession" + ARCHIVED)
                .contains("\"event\":\"local\"");
    }
}
