// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.testkit.shared.SharedVectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The messages of {@code shared/vectors}: what others recorded, and what they found by fuzzing. */
class SharedVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final DecodePath path = new DecodePath();
    private final Integrity integrity = new Integrity();

    @TestFactory
    List<DynamicTest> everyVectorSaysWhatItsDescriptionSays() throws IOException {
        JsonNode vectors = JSON.readTree(shared("vectors.json").toFile());
        return StreamSupport.stream(vectors.get("stun").spliterator(), false)
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").asText(), () -> check(vector)))
                .toList();
    }

    @TestFactory
    List<DynamicTest> everyMalformedFileGetsTheVerdictOfAStrictWalk() throws IOException {
        Path directory = shared("malformed");
        JsonNode verdicts = JSON.readTree(directory.resolve("EXPECT.json").toFile());
        List<DynamicTest> tests = new ArrayList<>();
        for (Map.Entry<String, JsonNode> verdict : verdicts.properties()) {
            byte[] bytes = Files.readAllBytes(directory.resolve(verdict.getKey()));
            tests.add(DynamicTest.dynamicTest(verdict.getKey(), () -> checkVerdict(bytes, verdict.getValue())));
        }
        return tests;
    }

    @Test
    void thereAreAsManyVectorsAsWeKnowOf() throws IOException {
        assertThat(JSON.readTree(shared("vectors.json").toFile()).get("stun").size())
                .isGreaterThanOrEqualTo(40);
        assertThat(JSON.readTree(shared("malformed").resolve("EXPECT.json").toFile())
                        .size())
                .isGreaterThanOrEqualTo(46);
    }

    private static Path shared(String name) {
        return SharedVectors.find(name).orElseGet(() -> abort(SharedVectors.ABSENT));
    }

    private void check(JsonNode vector) {
        byte[] bytes = HexFormat.of().parseHex(vector.get("hex").asText());
        path.read(ByteBuffer.wrap(bytes));
        Optional<StunMessage> read = readAny(bytes);
        boolean readable = vector.path("header_length_ok").asBoolean(true)
                && vector.path("kind").asText("stun").equals("stun")
                && !vector.path("expect_decode").asText("").startsWith("reject");
        assertThat(read.isPresent()).as("is a message").isEqualTo(readable);
        read.ifPresent(message -> {
            assertThat(attributes(message)).isEqualTo(expectedAttributes(vector));
            assertValues(vector, message);
            assertSeals(vector, message);
        });
    }

    /** In the dialect of the standard, else without cookie, else as the draft with its cookie in an attribute lays it out. */
    private static Optional<StunMessage> readAny(byte[] bytes) {
        for (StunDialect dialect : List.of(StunDialect.MIDCOM_TURN_08, StunDialect.RFC8489)) {
            try {
                return Optional.of(new StunMessage(dialect).wrap(ByteBuffer.wrap(bytes)));
            } catch (StunParseException e) {
                assertThat(e.place()).isNotEmpty();
            }
        }
        try {
            return Optional.of(new StunMessage().wrapClassic(ByteBuffer.wrap(bytes)));
        } catch (StunParseException e) {
            return Optional.empty();
        }
    }

    private static void assertValues(JsonNode vector, StunMessage message) {
        if (vector.hasNonNull("username") && message.has(Attributes.USERNAME)) {
            assertThat(message.get(Attributes.USERNAME))
                    .contains(vector.get("username").asText());
        }
        if (vector.hasNonNull("priority")) {
            assertThat(message.get(Attributes.PRIORITY))
                    .contains(vector.get("priority").asLong());
        }
        if (vector.hasNonNull("software")) {
            assertThat(message.get(Attributes.SOFTWARE))
                    .contains(vector.get("software").asText());
        }
        if (vector.hasNonNull("error_code")) {
            ErrorCode expected = new ErrorCode(
                    vector.get("error_code").asInt(), vector.path("reason").asText(""));
            assertThat(message.get(Attributes.ERROR_CODE)).contains(expected);
        }
        if (vector.hasNonNull("unknown_attributes")) {
            List<Integer> expected = new ArrayList<>();
            vector.get("unknown_attributes").forEach(type -> expected.add(type.asInt()));
            assertThat(message.get(Attributes.UNKNOWN_ATTRIBUTES)).contains(expected);
        }
        if (vector.path("verified").path("mapped_address").asBoolean()) {
            assertThat(mapped(message)).contains(address(vector));
        }
    }

    private static Optional<InetSocketAddress> mapped(StunMessage message) {
        return message.get(Attributes.XOR_MAPPED_ADDRESS)
                .or(() -> message.get(Attributes.MAPPED_ADDRESS))
                .or(() -> message.get(Attributes.XOR_MAPPED_ADDRESS_2005));
    }

    private static InetSocketAddress address(JsonNode vector) {
        try {
            InetAddress address =
                    InetAddress.getByName(vector.get("mapped_address").asText());
            return new InetSocketAddress(address, vector.get("mapped_port").asInt());
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private void assertSeals(JsonNode vector, StunMessage message) {
        JsonNode verified = vector.path("verified");
        if (verified.path("fingerprint").isBoolean()) {
            assertThat(Fingerprint.verify(message))
                    .isEqualTo(verified.get("fingerprint").asBoolean());
        }
        String field =
                message.has(Attributes.MESSAGE_INTEGRITY_SHA256) ? "message_integrity_sha256" : "message_integrity";
        if (verified.path(field).isBoolean() && vector.hasNonNull("key_hex")) {
            byte[] key = HexFormat.of().parseHex(vector.get("key_hex").asText());
            assertThat(integrity.verify(message, IntegrityKey.ofBytes(key)))
                    .isEqualTo(verified.get(field).asBoolean());
        }
    }

    private void checkVerdict(byte[] bytes, JsonNode verdict) {
        path.read(ByteBuffer.wrap(bytes));
        Optional<StunMessage> read = readAny(bytes);

        assertThat(read.isPresent())
                .as("is a message")
                .isEqualTo(verdict.get("ok").asBoolean());
        read.ifPresent(message -> {
            List<String> expected = new ArrayList<>();
            verdict.get("attrs")
                    .forEach(pair ->
                            expected.add(pair(pair.get(0).asInt(), pair.get(1).asInt())));
            assertThat(typesAndLengths(message)).isEqualTo(expected);
            assertThat(message.rfc3489())
                    .isEqualTo(verdict.get("variant").asText().equals("rfc3489"));
            if (verdict.hasNonNull("fingerprint")) {
                assertThat(Fingerprint.verify(message))
                        .isEqualTo(verdict.get("fingerprint").get("std").asBoolean());
            }
        });
    }

    private static List<String> expectedAttributes(JsonNode vector) {
        List<String> expected = new ArrayList<>();
        for (JsonNode attribute : vector.get("attrs")) {
            expected.add(pair(attribute.get(0).asInt(), attribute.get(1).asInt()) + " "
                    + attribute.get(2).asText());
        }
        return expected;
    }

    private static List<String> attributes(StunMessage message) {
        AttributeCursor cursor = new AttributeCursor().overAll(message);
        List<String> found = new ArrayList<>();
        while (cursor.next()) {
            byte[] value = new byte[cursor.length()];
            assertThat(cursor.copyTo(value)).isEqualTo(value.length);
            found.add(
                    pair(cursor.type(), cursor.length()) + " " + HexFormat.of().formatHex(value));
        }
        return found;
    }

    private static List<String> typesAndLengths(StunMessage message) {
        AttributeCursor cursor = new AttributeCursor().overAll(message);
        List<String> found = new ArrayList<>();
        while (cursor.next()) {
            found.add(pair(cursor.type(), cursor.length()));
        }
        return found;
    }

    private static String pair(int type, int length) {
        return String.format("%04x:%d", type, length);
    }
}
