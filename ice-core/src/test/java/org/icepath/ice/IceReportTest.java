// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.icepath.ice.IceReport.CandidateEntry;
import org.icepath.ice.IceReport.Moment;
import org.icepath.ice.IceReport.PairEntry;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class IceReportTest {

    private static final ObjectMapper STRICT =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static IceReport ofAFailedCall(Moment... timeline) {
        return new IceReport(
                "call-1",
                IceState.FAILED,
                List.of(
                        new CandidateEntry(0, "audio", 1, "host 192.0.2.1:4000", "gathered after 3 ms"),
                        new CandidateEntry(2, "audio", 2, "relay", "missing: 401")),
                List.of(new PairEntry(
                        2, 1, "audio", 1, "host to host", PairState.FAILED, "7 checks sent, none answered")),
                List.of(timeline),
                List.of("one", "two"),
                "No path.");
    }

    @Test
    void jsonHoldsEveryEntryOfTheReport() throws JsonProcessingException {
        JsonNode json = read(ofAFailedCall(
                new Moment(Duration.ofNanos(1_500_000), 0, "gathered"), new Moment(Duration.ofDays(3), 2, "failed")));

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

    // A server's reason phrase and a peer's candidate name reach
    // the report: they must not be able to break out of a string.
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

    // reports of all machines are read side by side, and searched for figures
    @Test
    void figuresAreWrittenWithAPointInEveryLanguage() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            Moment moment = new Moment(Duration.ofMillis(1_234), 0, "gathered");
            String text =
                    new IceReport("s", IceState.CLOSED, List.of(), List.of(), List.of(moment), List.of(), "v").text();

            assertThat(text).contains("1.234 s  gathered");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void htmlHoldsEveryEntryOfTheReport() throws Exception {
        Document page = page(ofAFailedCall(
                new Moment(Duration.ofMillis(10), 0, "begun"),
                new Moment(Duration.ofMillis(260), 1, "gathered"),
                new Moment(Duration.ofMillis(1_010), 2, "failed")));

        assertThat(texts(page, "title")).containsExactly("ICE call-1");
        assertThat(texts(page, "h1")).containsExactly("call-1: FAILED");
        assertThat(texts(page, "p")).containsExactly("No path.");
        assertThat(texts(page, "h2")).containsExactly("What happened", "Candidates", "Pairs", "Worth knowing");
        assertThat(texts(page, "td"))
                .containsSubsequence("10.0 ms", "+0.0 ms", "", "", "begun")
                .containsSubsequence("260.0 ms", "+250.0 ms", "", "1", "gathered")
                .containsSubsequence("1010.0 ms", "+750.0 ms", "", "2", "failed")
                .containsSubsequence("ours", "audio/1", "host 192.0.2.1:4000", "gathered after 3 ms")
                .containsSubsequence("peer 2", "audio/2", "relay", "missing: 401")
                .containsSubsequence("2", "1", "audio/1", "host to host", "FAILED", "7 checks sent, none answered")
                .containsSubsequence("one")
                .containsSubsequence("two");
        assertThat(attributes(page, "path", "d")).contains("M10 3V17", "M255 3V17", "M990 3V17");
    }

    // Nothing is fetched when a report is opened, and nothing in it runs
    @Test
    void htmlNeedsNothingBesides() throws Exception {
        String html = saying("Closed.").html();

        assertThat(html)
                .contains("default-src 'none'")
                .doesNotContainIgnoringCase(
                        "<script", "javascript:", "href", "src=", "url(", "@import", "http:", "https:")
                .doesNotContain("<h2>");
    }

    // A candidate's name and a server's reason phrase come from the network: they stay text wherever they stand
    @Test
    void nothingFromTheNetworkIsReadAsHtml() throws Exception {
        String nasty = "</td><script>alert(1)</script><img src=x onerror='alert(2)'>\" class=\"x&lt;&#60;<!--]]>";
        IceReport report = new IceReport(
                nasty,
                IceState.FAILED,
                List.of(new CandidateEntry(1, nasty, 1, nasty, nasty)),
                List.of(new PairEntry(1, 0, nasty, 1, nasty, PairState.FAILED, nasty)),
                List.of(new Moment(Duration.ZERO, 1, nasty)),
                List.of(nasty),
                nasty);

        Document page = page(report);

        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        assertThat(page.getElementsByTagName("img").getLength()).isZero();
        assertThat(texts(page, "title")).containsExactly("ICE " + nasty);
        assertThat(texts(page, "h1")).containsExactly(nasty + ": FAILED");
        assertThat(texts(page, "p")).containsExactly(nasty);
        assertThat(texts(page, "td").stream().filter(nasty::equals)).hasSize(6);
        assertThat(texts(page, "td").stream().filter((nasty + "/1")::equals)).hasSize(2);
    }

    // A name with a direction mark in it would have the line read as another one
    @Test
    void whatCannotBeSeenOrWrittenIsReplaced() throws Exception {
        String html =
                saying("a\u0000b\u001bc\u202ed\ud83de\u0085f\u00e4\ud83d\ude00").html();

        assertThat(texts(parsed(html), "p")).containsExactly("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\u00e4\ud83d\ude00");
    }

    private static Document page(IceReport report) throws Exception {
        return parsed(report.html());
    }

    /** The page as an XML parser reads it, which takes nothing that is not well formed. */
    private static Document parsed(String html) throws Exception {
        String overTheWire = new String(html.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String xml = overTheWire.replaceFirst("<!DOCTYPE html>", "").replaceAll("(<meta [^>]*)>", "$1/>");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(xml.strip())));
    }

    private static List<String> texts(Document page, String element) {
        NodeList all = page.getElementsByTagName(element);
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> all.item(i).getTextContent())
                .toList();
    }

    private static List<String> attributes(Document page, String element, String name) {
        NodeList all = page.getElementsByTagName(element);
        return IntStream.range(0, all.getLength())
                .mapToObj(i -> ((Element) all.item(i)).getAttribute(name))
                .toList();
    }

    private static IceReport saying(String verdict) {
        return new IceReport("s", IceState.CLOSED, List.of(), List.of(), List.of(), List.of(), verdict);
    }

    private static JsonNode read(IceReport report) throws JsonProcessingException {
        String overTheWire = new String(report.json().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return STRICT.readValue(overTheWire, JsonNode.class);
    }
}
