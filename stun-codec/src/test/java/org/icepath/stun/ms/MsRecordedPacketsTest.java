// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.icepath.stun.Attribute;
import org.icepath.stun.AttributeCursor;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunDialect;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.hmac.HmacKey;
import org.icepath.testkit.capture.CaptureDecoder;
import org.icepath.testkit.capture.CaptureRow;
import org.icepath.testkit.capture.DecodedContent;
import org.icepath.testkit.capture.DecodedContent.MultiplexedContent;
import org.icepath.testkit.capture.DecodedContent.StunContent;
import org.icepath.testkit.shared.SharedVectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Packets of real clients are read into values, and the values written again byte for byte. */
class MsRecordedPacketsTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final int BINDING_INDICATION = 0x0011;

    private final Integrity integrity = new Integrity();

    private static Path shared(String name) {
        return SharedVectors.find(name).orElseGet(() -> abort(SharedVectors.ABSENT));
    }

    private static List<String> nested(StunContent content) {
        return content.inner().stream()
                .flatMap(inner -> Stream.concat(Stream.of(inner.raw()), nested(inner).stream()))
                .toList();
    }

    private record Recording(List<String> messages, List<String> frames, List<String> nested) {

        static Recording of(Path file) throws IOException {
            Recording recording = new Recording(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (CaptureRow row : CaptureDecoder.decode(file)) {
                recording.add(row.content());
            }
            return recording;
        }

        private void add(DecodedContent content) {
            if (content instanceof StunContent stun) {
                messages.add(stun.raw());
                nested.addAll(MsRecordedPacketsTest.nested(stun));
            } else if (content instanceof MultiplexedContent frame) {
                frames.add(frame.raw());
                frame.inner().forEach(inner -> nested.add(inner.raw()));
            }
        }
    }

    @Test
    void teamsPacketsAreWrittenAgainAsTheyCame() throws IOException {
        Recording teams = Recording.of(shared("captures/teams-stun-turn-only.pcap"));

        assertThat(teams.messages()).hasSize(61);
        assertThat(teams.frames()).hasSize(2);
        assertThat(teams.nested()).hasSize(14);
        teams.messages().forEach(MsRecordedPacketsTest::assertWrittenAgain);
        teams.nested().forEach(MsRecordedPacketsTest::assertWrittenAgain);
        teams.frames().forEach(MsRecordedPacketsTest::assertFrameWrittenAgain);
    }

    /** The single packets of the shared vectors: of Teams, and one Allocate request of another recording. */
    @TestFactory
    List<DynamicTest> sharedVectorsAreWrittenAgainAsTheyCame() throws IOException {
        JsonNode vectors = new ObjectMapper().readTree(shared("vectors.json").toFile());
        List<JsonNode> ours = StreamSupport.stream(vectors.get("stun").spliterator(), false)
                .filter(vector -> vector.get("name").asText().startsWith("ms-"))
                .toList();
        assertThat(ours).hasSize(15);
        return ours.stream()
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").asText(), () -> {
                    String hex = vector.get("hex").asText();
                    if (vector.get("name").asText().contains("ff10")) {
                        assertFrameWrittenAgain(hex);
                    } else {
                        assertWrittenAgain(hex);
                    }
                }))
                .toList();
    }

    @Test
    void sharedGreetingsAreGreetings() throws IOException {
        JsonNode greetings =
                new ObjectMapper().readTree(shared("vectors.json").toFile()).get("pseudo_tls");
        ByteBuffer client =
                ByteBuffer.wrap(HEX.parseHex(greetings.get("ms_client_hello").asText()));
        ByteBuffer server = ByteBuffer.wrap(
                HEX.parseHex(greetings.get("ms_server_hello_and_done").asText()));

        assertThat(PseudoTls.clientHelloLength(client)).isEqualTo(client.remaining());
        assertThat(PseudoTls.serverHelloLength(server)).isEqualTo(server.remaining());
    }

    @TestFactory
    List<DynamicTest> packetsOfAnIndependentPeerAreWrittenAgainAsTheyCame() throws IOException {
        return recordings().stream()
                .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> {
                    Recording recording = Recording.of(file);
                    assertThat(recording.messages()).isNotEmpty();
                    all(recording).stream()
                            .filter(raw -> isOfThisDialect(file, raw))
                            .forEach(MsRecordedPacketsTest::assertWrittenAgain);
                }))
                .toList();
    }

    // wire notes: libnice in this mode pads nothing, so that its
    // 400 "Bad request" has 47 bytes; keepalives have no version.
    @Test
    void keepalivesAndRefusalsOfOddSizeAreAmongThem() throws IOException {
        List<String> relayed = all(Recording.of(recording("msturn-udp.pcap")));
        List<String> held = all(Recording.of(recording("oc2007r2-oc2007r2-hold30.pcap")));

        assertThat(relayed)
                .filteredOn(raw -> !MsTurnDialect.isControl(ByteBuffer.wrap(HEX.parseHex(raw))))
                .anyMatch(raw -> raw.length() / 2 % 4 != 0);
        assertThat(held).anyMatch(raw -> raw.startsWith("0011"));
    }

    /** The checks and the relay's messages of both sides, by the passwords of that meeting. */
    @TestFactory
    List<DynamicTest> packetsOfAnIndependentPeerVerifyByTheirPasswords() throws IOException {
        return Stream.of("oc2007r2-oc2007r2", "msturn-udp", "oc2007r2-oc2007r2-2comp", "msturn-tcp")
                .map(name -> DynamicTest.dynamicTest(name, () -> assertVerified(name)))
                .toList();
    }

    private void assertVerified(String name) throws IOException {
        Path file = recording(name + ".pcap");
        JsonNode meeting = new ObjectMapper().readTree(recording(name + ".json").toFile());
        List<HmacKey> passwords = List.of(
                IntegrityKey.shortTerm(meeting.at("/a/pwd").asText()),
                IntegrityKey.shortTerm(meeting.at("/b/pwd").asText()));
        int verified = 0;
        for (String raw : all(Recording.of(file))) {
            StunMessage message = read(HEX.parseHex(raw));
            if (!message.has(Attributes.MESSAGE_INTEGRITY)) {
                continue;
            }
            boolean turn = message.dialect() == MsTurnDialect.SHA1;
            List<HmacKey> keys = turn ? turnKeys() : passwords;
            assertThat(keys).as(raw).anyMatch(key -> integrity.verify(message, key));
            assertThat(turn || Fingerprint.verify(message)).as(raw).isTrue();
            verified++;
        }
        assertThat(verified).isGreaterThan(3);
    }

    private static List<HmacKey> turnKeys() {
        return Stream.of("interop.test1", "interop.test2", "interop.test")
                .<HmacKey>map(realm -> MsTurnKey.sha1(ascii("alice"), realm, ascii("secret")))
                .toList();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static List<String> all(Recording recording) {
        return Stream.concat(recording.messages().stream(), recording.nested().stream())
                .toList();
    }

    private static Path recording(String name) {
        return recordingsDirectory()
                .map(directory -> directory.resolve(name))
                .filter(Files::exists)
                .orElseGet(() -> abort("no recording " + name + " beside the project"));
    }

    private static Optional<Path> recordingsDirectory() {
        return SharedVectors.directory()
                .map(vectors -> vectors.resolveSibling("interop").resolve("captures"))
                .filter(Files::isDirectory);
    }

    private static List<Path> recordings() throws IOException {
        Path directory = recordingsDirectory().orElseGet(() -> abort("no recorded meetings beside the project"));
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".pcap"))
                    .filter(file -> file.getFileName().toString().startsWith("msturn")
                            || file.getFileName().toString().startsWith("oc2007r2"))
                    .sorted()
                    .toList();
        }
    }

    /** In a meeting with a peer of the standard, who fills its padding with anything, ours are marked; keepalives have no padding. */
    private static boolean isOfThisDialect(Path file, String hex) {
        String name = file.getFileName().toString();
        if (name.startsWith("msturn") || name.startsWith("oc2007r2-oc2007r2")) {
            return true;
        }
        StunMessage message = read(HEX.parseHex(hex));
        return message.dialect() == MsTurnDialect.SHA1
                || message.has(MsIceAttributes.IMPLEMENTATION_VERSION)
                || message.type() == BINDING_INDICATION;
    }

    private static StunMessage read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        StunDialect dialect = MsTurnDialect.isControl(buffer) ? MsTurnDialect.SHA1 : MsIce2Dialect.VERSION_2;
        StunMessage message = new StunMessage(dialect);
        return dialect.hasCookie(buffer, 0, bytes.length) ? message.wrap(buffer) : message.wrapClassic(buffer);
    }

    private record Value<T>(Attribute<T> row, T value) {

        static <T> Value<T> of(Attribute<T> row, AttributeCursor cursor) {
            return new Value<>(row, kept(cursor.value(row)));
        }

        /** What is read of a buffer lives as long as its bytes. */
        @SuppressWarnings("unchecked")
        private static <T> T kept(T value) {
            if (!(value instanceof ByteBuffer bytes)) {
                return value;
            }
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return (T) ByteBuffer.wrap(copy);
        }

        void write(StunWriter writer) {
            if (row.type() == Attributes.MESSAGE_INTEGRITY.type()) {
                writer.putBytes(row, (ByteBuffer) value);
            } else if (row.type() == Attributes.FINGERPRINT.type()) {
                writer.fingerprint();
            } else {
                writer.put(row, value);
            }
        }
    }

    private static void assertWrittenAgain(String hex) {
        byte[] bytes = HEX.parseHex(hex);
        StunMessage message = read(bytes);
        boolean turn = message.dialect() == MsTurnDialect.SHA1;
        List<Value<?>> values = new ArrayList<>();
        AttributeCursor cursor = new AttributeCursor().overAll(message);
        while (cursor.next()) {
            int type = cursor.type();
            Attribute<?> row = (turn ? MsTurnAttributes.byType(type) : MsIceAttributes.byType(type))
                    .orElseThrow(() -> new AssertionError("no row for " + Integer.toHexString(type) + " in " + hex));
            values.add(Value.of(row, cursor));
        }
        int type = message.type();
        int headerWord = message.headerWord();
        TransactionId id = message.transactionId();
        StunDialect dialect = turn ? MsTurnDialect.SHA1 : checkDialect(message);
        Arrays.fill(bytes, (byte) 0xEE);

        StunWriter writer =
                new StunWriter(dialect).wrap(ByteBuffer.allocate(2000)).header(type, headerWord, id);
        values.forEach(value -> value.write(writer));
        ByteBuffer written = writer.finish();
        assertThat(HEX.formatHex(written.array(), 0, written.limit())).isEqualTo(hex);
        assertThat(!turn || MsTurnType.of(read(HEX.parseHex(hex))).isPresent()).isTrue();
    }

    private static StunDialect checkDialect(StunMessage message) {
        byte[] copy = new byte[message.length()];
        message.buffer().get(message.offset(), copy);
        if (MsIce2Dialect.VERSION_2.alignment(message.buffer(), message.offset(), message.length()) != 4) {
            assertThat(Fingerprint.verify(new StunMessage(UNPADDED).wrap(ByteBuffer.wrap(copy))))
                    .isTrue();
            return UNPADDED;
        }
        boolean standard = !message.has(Attributes.FINGERPRINT)
                || Fingerprint.verify(new StunMessage().wrap(ByteBuffer.wrap(copy)));
        return standard ? MsIce2Dialect.VERSION_2 : MsIce2Dialect.VERSION_2_LEGACY_FINGERPRINT;
    }

    /** As a peer writes that leaves padding out; we never do, so that every reader finds the next attribute. */
    private static final StunDialect UNPADDED = new StunDialect() {
        @Override
        public int alignment() {
            return 1;
        }

        @Override
        public int alignment(ByteBuffer message, int offset, int length) {
            return 1;
        }
    };

    private static void assertFrameWrittenAgain(String hex) {
        byte[] bytes = HEX.parseHex(hex);
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        assertThat(MultiplexedFrame.isFrame(frame)).isTrue();
        long sessionId = MultiplexedFrame.sessionId(frame);
        byte[] data = Arrays.copyOfRange(bytes, MultiplexedFrame.HEADER_LENGTH, bytes.length);
        Arrays.fill(bytes, (byte) 0xEE);

        ByteBuffer written = ByteBuffer.allocate(bytes.length);
        MultiplexedFrame.writeHeader(written, sessionId, data.length);
        written.put(data);
        assertThat(HEX.formatHex(written.array())).isEqualTo(hex);
    }
}
