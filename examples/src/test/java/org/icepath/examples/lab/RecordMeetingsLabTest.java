// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Records one meeting of each kind, for the project's fixtures: {@code -Dicepath.lab.record=DIR}, which is
 * {@code src/test/resources/meetings} when the fixtures are to be renewed.
 */
@Tag("lab")
@Isolated("its times are of a machine that does nothing else")
@ExtendWith(LabExtension.class)
@EnabledIfSystemProperty(named = "icepath.lab.record", matches = ".+", disabledReason = "nothing is to be recorded")
class RecordMeetingsLabTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BOTH_WITH_RELAY = 1;

    private final Path directory = Path.of(System.getProperty("icepath.lab.record", "target/lab/recorded"))
            .toAbsolutePath();

    @Test
    void oneMeetingOfEachKindIsRecorded() throws IOException {
        Files.createDirectories(directory);
        try (WiredNetwork direct = WiredNetwork.up(true);
                WiredNetwork relayed = WiredNetwork.up(false)) {
            for (Cell cell :
                    OtherImplementations.cells(List.of(direct, relayed)).toList()) {
                record(cell);
            }
        }
        Files.writeString(directory.resolve("ORIGIN.txt"), origin());
    }

    private void record(Cell cell) throws IOException {
        Path raw = Surroundings.workDirectory().resolve("recorded").resolve(cell.name() + ".raw");
        Files.createDirectories(raw.getParent());

        // long enough for a nomination that waits for something better than the relay
        Meeting meeting = (Meeting) cell.meetings().apply(BOTH_WITH_RELAY);
        Outcome outcome = meeting.holding(Duration.ofSeconds(4)).capturedTo(raw).run(raw.resolveSibling(cell.name()));

        assertThat(cell.requirement().complaint(outcome)).isEmpty();
        Path capture = directory.resolve(cell.name() + ".pcap");
        // a browser also asks its surroundings for printers and the like
        Command.of(
                        "tcpdump",
                        "-Z",
                        "root",
                        "-r",
                        raw,
                        "-w",
                        capture,
                        "udp and not port 53 and not port 5353 and not port 1900")
                .output();
        ObjectNode said = (ObjectNode)
                JSON.readTree(raw.resolveSibling(cell.name() + ".json").toFile());
        for (String side : new String[] {"a", "b"}) {
            ((ObjectNode) said.get(side)).remove("command");
        }
        Files.writeString(directory.resolve(cell.name() + ".json"), said.toPrettyString() + "\n");
    }

    private static String origin() {
        return """
                Recorded by the lab suite (RecordMeetingsLabTest) on %s: icepath peer and another implementation in
                two network namespaces with a router between them; "-turn" with coturn on that router, which forwards
                nothing else. The capture is of the controlling side's wire. Each .json is what the carrier of the two
                descriptions saw, with the passwords of the two sides; coturn's user is alice, password secret, realm
                interop.test. The names say who met, and in which role icepath was.

                libnice %s, Chromium %s, coturn %s
                """.formatted(
                        LocalDate.now(ZoneOffset.UTC), version("libnice10"), version("chromium"), version("coturn"));
    }

    private static String version(String debianPackage) {
        return Command.of("dpkg-query", "-W", "-f", "${Version}", debianPackage).output();
    }
}
