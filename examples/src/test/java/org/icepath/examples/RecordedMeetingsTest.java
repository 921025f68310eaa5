// SPDX-License-Identifier: Apache-2.0
package org.icepath.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.icepath.candidate.CandidateType;
import org.icepath.sdp.CandidateLine;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.testkit.capture.CaptureDecoder;
import org.icepath.testkit.capture.CaptureRow;
import org.icepath.testkit.capture.DecodedContent;
import org.icepath.testkit.capture.DecodedContent.StunContent;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packets of our meetings with libnice, Chromium and coturn; their origin stands beside them in ORIGIN.txt. */
class RecordedMeetingsTest {

    private static final Path MEETINGS = Path.of("src/test/resources/meetings");
    private static final IntegrityKey TURN_KEY = IntegrityKey.longTerm("alice", "interop.test", "secret");

    private final Integrity integrity = new Integrity();
    private final Map<String, IntegrityKey> passwords = new HashMap<>();
    private final Map<TransactionId, IntegrityKey> checkKeys = new HashMap<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "libnice-icepath-controlling-direct",
                "libnice-icepath-controlling-turn",
                "libnice-icepath-controlled-direct",
                "libnice-icepath-controlled-turn",
                "chromium-icepath-controlling-direct",
                "chromium-icepath-controlling-turn",
                "chromium-icepath-controlled-direct",
                "chromium-icepath-controlled-turn"
            })
    void everyMessageIsWholeAndEverySignatureRight(String meeting) throws IOException {
        readPasswords(
                new ObjectMapper().readTree(MEETINGS.resolve(meeting + ".json").toFile()));
        List<StunMessage> messages = CaptureDecoder.decode(MEETINGS.resolve(meeting + ".pcap")).stream()
                .map(CaptureRow::content)
                .flatMap(RecordedMeetingsTest::messages)
                .map(content -> new StunMessage().wrap(ByteBuffer.wrap(bytes(content))))
                .toList();

        List<StunMessage> signed = new ArrayList<>();
        for (StunMessage message : messages) {
            assertThat(Fingerprint.absentOrRight(message))
                    .as("fingerprint of %s", message)
                    .isTrue();
            if (message.has(Attributes.MESSAGE_INTEGRITY)) {
                signed.add(message);
                assertThat(key(message)).as("key of %s", message).hasValueSatisfying(key -> assertThat(
                                integrity.verify(message, key))
                        .as("integrity of %s", message)
                        .isTrue());
            }
        }

        // a check of each side and its answer at least, and the nomination
        assertThat(signed).filteredOn(RecordedMeetingsTest::isCheck).hasSizeGreaterThanOrEqualTo(2);
        assertThat(signed).anyMatch(message -> message.has(Attributes.USE_CANDIDATE));
        assertThat(signed)
                .anyMatch(message ->
                        message.method().equals(StunMethod.BINDING) && message.messageClass() == StunClass.SUCCESS);
        boolean allocates =
                messages.stream().anyMatch(message -> message.method().equals(StunMethod.ALLOCATE));
        assertThat(allocates).isEqualTo(meeting.endsWith("-turn"));
    }

    private void readPasswords(JsonNode said) {
        for (String side : new String[] {"a", "b"}) {
            JsonNode peer = said.get(side);
            passwords.put(
                    peer.get("ufrag").asText(),
                    IntegrityKey.shortTerm(peer.get("pwd").asText()));
            for (JsonNode line : peer.get("candidates")) {
                assertThat(CandidateLine.parse(line.asText()).type()).isIn((Object[]) CandidateType.values());
            }
        }
    }

    /** A check is signed with the password of the side that it goes to, and so is its answer (RFC 8445 §7.1.2, §7.3). */
    private Optional<IntegrityKey> key(StunMessage message) {
        if (!message.method().equals(StunMethod.BINDING)) {
            return Optional.of(TURN_KEY);
        }
        if (message.messageClass() == StunClass.REQUEST) {
            String username = message.get(Attributes.USERNAME).orElse("");
            IntegrityKey key = passwords.get(username.split(":", 2)[0]);
            if (key != null) {
                checkKeys.put(message.transactionId(), key);
            }
        }
        return Optional.ofNullable(checkKeys.get(message.transactionId()));
    }

    private static boolean isCheck(StunMessage message) {
        return message.method().equals(StunMethod.BINDING) && message.messageClass() == StunClass.REQUEST;
    }

    private static Stream<StunContent> messages(DecodedContent content) {
        Stream<StunContent> inner = content.inner().stream().flatMap(RecordedMeetingsTest::messages);
        return content instanceof StunContent stun ? Stream.concat(Stream.of(stun), inner) : inner;
    }

    private static byte[] bytes(StunContent content) {
        if (!content.ok()) {
            throw new UncheckedIOException(new IOException(content.error()));
        }
        return HexFormat.of().parseHex(content.raw());
    }
}
