// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;
import org.icepath.sdp.explain.CandidateExplainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** SDP as browsers, phones and servers send it. The samples have their own licences and lie outside the project. */
class RecordedSdpTest {
    private static final Path VECTORS = vectors();

    /** The vectors lie beside the project, at whatever depth this module is built. */
    private static Path vectors() {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path candidate = up.resolve("shared/vectors/sdp");
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        return Path.of("shared/vectors/sdp");
    }

    @TestFactory
    Stream<DynamicTest> everyCandidateLineIsReadOrReported() throws IOException {
        assumeTrue(Files.isDirectory(VECTORS), "no samples at " + VECTORS.toAbsolutePath());
        try (Stream<Path> files = Files.list(VECTORS)) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
        }
    }

    private static void check(Path file) throws IOException {
        for (String body : bodies(Files.readString(file, StandardCharsets.ISO_8859_1))) {
            ParsedSdp parsed = IceSdp.parse(body);

            List<Integer> reported = parsed.problems().stream()
                    .map(SdpProblem::lineNumber)
                    .distinct()
                    .toList();
            List<String> lines = body.lines().toList();
            long refused = reported.stream()
                    .filter(number -> lines.get(number - 1).startsWith("a=candidate"))
                    .count();
            long usable = lines.stream()
                    .filter(line -> line.startsWith("a=candidate"))
                    .distinct()
                    .count();
            long read = parsed.description().streams().stream()
                    .mapToLong(stream -> stream.candidates().size())
                    .sum();
            assertThat(read + refused).as("%s", parsed.problems()).isGreaterThanOrEqualTo(usable);
            assertThat(IceSdp.applyTo(body, parsed.description())).isEqualTo(body);
            assertThat(CandidateExplainer.explain(parsed.description())).isNotNull();
            assertThat(rewritten(parsed.description())).isEqualTo(IceSdp.withDefaults(parsed.description()));
        }
    }

    private static IceDescription rewritten(IceDescription description) {
        return IceSdp.parse(IceSdp.format(description)).description();
    }

    /** The SDP parts of a multipart body, or the body itself. */
    private static List<String> bodies(String text) {
        List<String> bodies = new ArrayList<>();
        for (String part : text.split("(?m)^--[^\r\n]*\r?\n", -1)) {
            int start = part.startsWith("v=0") ? 0 : part.indexOf("\nv=0") + 1;
            if (start > 0 || part.startsWith("v=0")) {
                bodies.add(part.substring(start));
            }
        }
        return bodies;
    }

    /** How many candidates these samples have; a reader that reports everything would pass the test above. */
    @Test
    void knownSamplesLoseNoCandidate() throws IOException {
        Map<String, Integer> expected = Map.of(
                "rfc8839-4.2.6-example.sdp", 2,
                "firefox54-ice-tcp.sdp", 10,
                "sdptransform-hacky.sdp", 8,
                "sdptransform-normal.sdp", 8,
                "sdptransform-jssip.sdp", 6);
        for (Map.Entry<String, Integer> sample : expected.entrySet()) {
            Path file = VECTORS.resolve(sample.getKey());
            assumeTrue(Files.exists(file), "no sample " + file.toAbsolutePath());

            ParsedSdp parsed = IceSdp.parse(Files.readString(file, StandardCharsets.ISO_8859_1));

            assertThat(parsed.problems()).as(sample.getKey()).isEmpty();
            assertThat(parsed.description().streams().stream()
                            .map(StreamDescription::candidates)
                            .mapToInt(List::size)
                            .sum())
                    .as(sample.getKey())
                    .isEqualTo(sample.getValue());
        }
    }
}
