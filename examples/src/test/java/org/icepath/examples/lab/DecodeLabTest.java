// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.icepath.testkit.capture.CaptureDecoder;
import org.icepath.testkit.capture.CaptureRow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code icepath decode} reads recorded packets as an independent decoder does, which stands on tshark. */
@Tag("lab")
@Execution(ExecutionMode.CONCURRENT)
class DecodeLabTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the oracle adds of tshark's opinion. */
    private static final Set<String> OPINION = Set.of("tshark", "agree", "note");

    static Stream<Path> captures() {
        List<Path> found = Stream.of("vectors/captures", "interop/captures")
                .flatMap(directory -> Surroundings.shared(directory).stream())
                .flatMap(DecodeLabTest::files)
                .sorted()
                .toList();
        // without a row there would be no test that could say that it was skipped
        return found.isEmpty() ? Stream.of(Path.of("no-shared-directory.pcap")) : found.stream();
    }

    @Execution(ExecutionMode.SAME_THREAD)
    @ParameterizedTest(name = "{0}")
    @MethodSource("captures")
    void everyRowIsTheOracles(Path capture) throws IOException {
        assumeTrue(Files.exists(capture), "no captures: the directory 'shared' is not beside the checkout");
        assumeTrue(Surroundings.onPath("tshark") && Surroundings.onPath("python3"), "tshark or python3 is missing");

        List<JsonNode> ours = CaptureDecoder.decode(capture).stream()
                .map(CaptureRow::fields)
                .map(DecodeLabTest::plain)
                .toList();

        Path oracle = Surroundings.shared().resolve("vectors/oracle.py");
        List<JsonNode> theirs = Command.of("python3", oracle, capture)
                .output()
                .lines()
                .map(DecodeLabTest::row)
                .toList();
        assertThat(ours).isEqualTo(theirs);
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().contains(".pcap")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode row(String line) {
        try {
            return ((ObjectNode) JSON.readTree(line)).without(OPINION);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode plain(Object fields) {
        try {
            // through text, so that numbers are of the same types on both sides
            return JSON.readTree(JSON.writeValueAsString(fields));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
