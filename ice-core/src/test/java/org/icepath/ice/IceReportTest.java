// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.icepath.ice.IceReport.CandidateEntry;
import org.icepath.ice.IceReport.Moment;
import org.icepath.ice.IceReport.PairEntry;
import org.junit.jupiter.api.Test;

class IceReportTest {

    private static final ObjectMapper STRICT =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @Test
    void jsonHoldsEveryEntryOfTheReport() throws JsonProcessingException {
        IceReport report = new IceReport(
                "call-1",
                IceState.FAILED,
                List.of(
                        new CandidateEntry(0, "audio", 1, "host 192.0.2.1:4000", "gathered after 3 ms"),
                        new CandidateEntry(2, "audio", 2, "relay", "missing: 401")),
                List.of(new PairEntry(
                        2, 1, "audio", 1, "host to host", PairState.FAILED, "7 checks sent, none answered")),
                List.of(
                        new Moment(Duration.ofNanos(1_500_000), 0, "gathered"),
                        new Moment(Duration.ofDays(3), 2, "failed")),
                List.of("one", "two"),
                "No path.");

        JsonNode json = read(report);

        assertThat(json.properties().stream().map(field -> field.getKey()))
                .containsExactly("session", "state", "verdict", "candidates", "pairs", "timeline", "findings");
        assertThat(json.get("state").textValue()).isEqualTo("FAILED");
        assertThat(json.get("candidates")).hasSize(2);
        assertThat(json.at("/candidates/0/ours").booleanValue()).isTrue();
        assertThat(json.at("/candidates/0/peer").intValue()).isZero();
        assertThat(json.at("/candidates/1/peer").intValue()).isEqualTo(2);
        assertThat(json.at("/pairs/0/peer").intValue()).isEqualTo(2);
        assertThat(json.at("/pairs/0/generation").intValue()).isEqualTo(1);
        assertThat(json.at("/timeline/1/peer").intValue()).isEqualTo(2);
        assertThat(json.at("/candidates/1/component").intValue()).isEqualTo(2);
        assertThat(json.at("/candidates/1/ours").booleanValue()).isFalse();
        assertThat(json.at("/candidates/1/outcome").textValue()).isEqualTo("missing: 401");
        assertThat(json.at("/pairs/0/state").textValue()).isEqualTo("FAILED");
        assertThat(json.at("/pairs/0/outcome").textValue()).isEqualTo("7 checks sent, none answered");
        assertThat(json.at("/timeline/0/at").doubleValue()).isEqualTo(1.5);
        assertThat(json.at("/timeline/1/at").longValue()).isEqualTo(259_200_000L);
        assertThat(json.at("/findings/1").textValue()).isEqualTo("two");
    }

    @Test
    void anEmptyReportIsValidJson() throws JsonProcessingException {
        JsonNode json = read(saying("Closed."));

        assertThat(json.get("pairs").isArray()).isTrue();
        assertThat(json.get("findings")).isEmpty();
    }

    // A server's reason phrase and a peer's candidate name reach the report: they must not be able to break out of a
    // string.
    @Test
    void textFromTheNetworkComesBackAsItWas() throws JsonProcessingException {
        StringBuilder nasty = new StringBuilder("\"},{\\ \u2028\u2029 \u00e4\u20ac \ud83d\ude00");
        for (char c = 0; c <= 0x80; c++) {
            nasty.append(c);
        }

        assertThat(read(saying(nasty.toString())).get("verdict").textValue()).isEqualTo(nasty.toString());
    }

    // RFC 8259 §8.2: half a surrogate pair has no UTF-8 form.
    @Test
    void halfASurrogatePairIsReplaced() throws JsonProcessingException {
        JsonNode json = read(saying("a\ud83d \ude00b\ud83d"));

        assertThat(json.get("verdict").textValue()).isEqualTo("a\ufffd \ufffdb\ufffd");
    }

    @Test
    void jsonStaysOnOneLine() {
        assertThat(saying("two\nlines\r").json()).doesNotContain("\n", "\r");
    }

    private static IceReport saying(String verdict) {
        return new IceReport("s", IceState.CLOSED, List.of(), List.of(), List.of(), List.of(), verdict);
    }

    private static JsonNode read(IceReport report) throws JsonProcessingException {
        String overTheWire = new String(report.json().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return STRICT.readValue(overTheWire, JsonNode.class);
    }
}
