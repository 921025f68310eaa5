// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.icepath.stun.AttributeCursor;
import org.icepath.stun.StunMessage;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.testkit.capture.CaptureRow.StreamPart;
import org.icepath.testkit.capture.DecodedContent.AttributeRow;
import org.icepath.testkit.capture.DecodedContent.MultiplexedContent;
import org.icepath.testkit.capture.DecodedContent.StunContent;
import org.icepath.turn.wire.Demux;
import org.icepath.turn.wire.PacketKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The counts that come with the shared captures; without these files every test here is skipped. */
class CaptureCountsTest {

    @Test
    void msTurnCallHas61MessagesAndTwoMultiplexedFramesWith14Nested() throws IOException {
        List<CaptureRow> rows = decode("teams-stun-turn-only.pcap");

        assertThat(stun(rows)).hasSize(61).allMatch(DecodedContent::ok);
        assertThat(stun(rows))
                .filteredOn(row -> row.variant().equals("ms-turn"))
                .hasSize(34);
        assertThat(rows)
                .filteredOn(row -> row.content() instanceof MultiplexedContent)
                .hasSize(2);
        assertThat(rows.stream().mapToInt(row -> row.content().inner().size()).sum())
                .isEqualTo(14);
        assertThat(stun(rows))
                .filteredOn(row -> row.methodName().equals("DataIndication"))
                .hasSize(6)
                .noneMatch(row -> row.cookie().equals("2112a442"));
    }

    @Test
    void classicAndMsTurnMessagesWithoutCookieAreFound() throws IOException {
        List<StunContent> messages = stun(decode("arkime-stun.pcap"));

        assertThat(messages)
                .extracting(StunContent::variant)
                .containsExactlyInAnyOrder("rfc3489", "rfc3489", "rfc3489", "ms-turn");
        assertThat(messages.stream().flatMap(row -> row.attributes().stream()).map(AttributeRow::type))
                .contains(0x0101);
        assertThat(stun(decode("ndpi-stun_classic.pcap"))).hasSize(2).allMatch(row -> row.variant()
                .equals("rfc3489"));
    }

    @Test
    void turnLifeOverUdpHas15MessagesAnd4Nested() throws IOException {
        assertCounts("ndpi-viber.pcap", 15, 4);
    }

    @Test
    void turnOverTcpIsReassembled() throws IOException {
        assertCounts("ndpi-stun_dtls_rtp.pcapng", 43, 8);
        assertThat(decode("ndpi-stun_dtls_rtp.pcapng"))
                .filteredOn(row -> row.carrier() instanceof StreamPart)
                .hasSizeGreaterThan(10);
        assertCounts("ndpi-stun_tcp_multiple_msgs_same_pkt.pcap", 6, 0);
        assertCounts("arkime-turn-tcp-port80.pcap", 15, 0);
    }

    // 53 of the 353 are quoted in ICMP errors; 6 of the 123 fingerprints are in messages that DATA carries
    @Test
    void signalCallHas353MessagesAnd123ValidFingerprints() throws IOException {
        List<StunContent> messages = stun(decode("ndpi-stun_signal.pcapng"));

        assertThat(messages).hasSize(353).allMatch(DecodedContent::ok);
        assertThat(messages.stream()
                        .mapToInt(CaptureCountsTest::validFingerprints)
                        .sum())
                .isEqualTo(123);
    }

    @Test
    void browserChecksHave10Fingerprints() throws IOException {
        assertThat(stun(decode("zeek-webrtc-stun.pcap"))).hasSize(10).allMatch(row -> row.fingerprint()
                .standard());
    }

    @Test
    void dnscryptIsNotTakenForStun() throws IOException {
        assertThat(decode("ndpi-dnscrypt_skype_false_positive.pcapng")).isEmpty();
        assertThat(PacketReader.read(CaptureReader.read(capture("ndpi-dnscrypt_skype_false_positive.pcapng"))))
                .isNotEmpty()
                .noneMatch(packet -> Demux.of(packet.payload()) == PacketKind.STUN);
    }

    // The walk of the kit against the codec: two readings by two hands
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ndpi-viber.pcap",
                "ndpi-stun_dtls_rtp.pcapng",
                "ndpi-stun_signal.pcapng",
                "ndpi-stun_tcp_multiple_msgs_same_pkt.pcap",
                "arkime-turn-tcp-port80.pcap",
                "zeek-webrtc-stun.pcap"
            })
    void codecReadsEveryPaddedMessageWithCookieAsTheKitDoes(String file) throws IOException {
        List<StunContent> messages = stun(decode(file)).stream()
                .filter(row -> row.variant().equals("rfc5389") && !row.layout().equals("nopad"))
                .toList();

        assertThat(messages).isNotEmpty().allSatisfy(CaptureCountsTest::assertCodecAgrees);
    }

    private static int validFingerprints(StunContent row) {
        return (row.fingerprint().standard() ? 1 : 0)
                + row.inner().stream()
                        .mapToInt(CaptureCountsTest::validFingerprints)
                        .sum();
    }

    private static void assertCodecAgrees(StunContent row) {
        StunMessage message =
                new StunMessage().wrap(ByteBuffer.wrap(HexFormat.of().parseHex(row.raw())));

        assertThat(message.type()).isEqualTo(row.type());
        assertThat(message.method().code()).isEqualTo(row.method());
        assertThat(message.transactionId()).hasToString(row.transactionId());
        assertThat(attributes(message)).containsExactlyElementsOf(row.attributes());
        assertThat(Fingerprint.verify(message)).isEqualTo(row.fingerprint().standard());
    }

    private static List<AttributeRow> attributes(StunMessage message) {
        List<AttributeRow> attributes = new ArrayList<>();
        AttributeCursor cursor = new AttributeCursor().overAll(message);
        while (cursor.next()) {
            byte[] value = new byte[cursor.length()];
            cursor.copyTo(value);
            attributes.add(new AttributeRow(
                    cursor.type(), cursor.length(), HexFormat.of().formatHex(value)));
        }
        return attributes;
    }

    private static void assertCounts(String file, int messages, int nested) throws IOException {
        List<CaptureRow> rows = decode(file);
        assertThat(stun(rows)).hasSize(messages).allMatch(DecodedContent::ok);
        assertThat(rows).hasSize(messages);
        assertThat(rows.stream().mapToInt(row -> row.content().inner().size()).sum())
                .isEqualTo(nested);
    }

    private static List<StunContent> stun(List<CaptureRow> rows) {
        return rows.stream()
                .map(CaptureRow::content)
                .filter(StunContent.class::isInstance)
                .map(StunContent.class::cast)
                .toList();
    }

    private static List<CaptureRow> decode(String file) throws IOException {
        return CaptureDecoder.decode(capture(file));
    }

    /** A capture of the directory "shared/vectors" beside the project or one of its parents. */
    private static Path capture(String file) {
        Path place = Path.of("").toAbsolutePath();
        while (place != null && !Files.isDirectory(place.resolve("shared/vectors"))) {
            place = place.getParent();
        }
        Path root = place == null ? Path.of("") : place;
        Path capture = root.resolve("shared/vectors/captures").resolve(file);
        assumeTrue(Files.exists(capture), () -> capture + " is absent");
        return capture;
    }
}
