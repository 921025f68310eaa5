// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.icepath.testkit.capture.CaptureRow.StreamPart;
import org.icepath.testkit.capture.DecodedContent.ChannelDataContent;
import org.icepath.testkit.capture.DecodedContent.StunContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureDecoderTest {

    private static final int ACK = 0x10;
    private static final int SYN = 0x02;
    private static final String BIND = "000900002112a442" + "0102030405060708090a0b0c";

    @Test
    void segmentsAreReassembledWhateverTheirOrder() {
        String stream = Hex.BINDING + "40000003aabbcc00" + Hex.BINDING;
        List<CaptureRow> rows = decode(
                segment(0, stream.substring(0, 10)),
                segment(20, stream.substring(40, 60)),
                segment(5, stream.substring(10, 40)),
                segment(5, stream.substring(10, 40)),
                segment(25, stream.substring(50)));

        assertThat(rows)
                .extracting(row -> row.content().raw())
                .containsExactly("40000003aabbcc", Hex.BINDING, Hex.BINDING);
        assertThat(rows)
                .extracting(row -> ((StreamPart) row.carrier()).frames())
                .containsExactly(List.of(2), List.of(1, 3), List.of(2, 5));
        assertThat(rows).extracting(CaptureRow::frame).containsExactly(2, 3, 5);
    }

    @Test
    void messageAfterAGapIsFoundAgain() {
        List<CaptureRow> rows = decode(
                segment(0, Hex.BINDING.substring(0, 20)), segment(30, "ffff" + Hex.BINDING), segment(52, Hex.BINDING));

        assertThat(rows).hasSize(2).extracting(row -> row.content().raw()).containsOnly(Hex.BINDING);
    }

    @Test
    void sequenceNumbersWrap() {
        List<CaptureRow> rows =
                decode(segment(0xFFFF_FFFAL, Hex.BINDING.substring(0, 20)), segment(4, Hex.BINDING.substring(20)));

        assertThat(rows).hasSize(1);
    }

    @Test
    void newConnectionOnTheSamePortsIsAnotherStream() {
        List<CaptureRow> rows = decode(
                Hex.ipv4(6, Hex.tcp(0, SYN, "")),
                segment(1, Hex.BINDING),
                Hex.ipv4(6, Hex.tcp(7_000, SYN, "")),
                segment(7_001, Hex.BINDING));

        assertThat(rows)
                .extracting(row -> ((StreamPart) row.carrier()).stream())
                .containsExactly(0, 1);
    }

    // RFC 4571, with media between the messages; MS-TURN 2.2.2
    @Test
    void everyStreamFramingIsFollowed() {
        assertThat(decode(segment(0, "0014" + Hex.BINDING + "000480800000" + "0014" + Hex.BINDING)))
                .extracting(row -> ((StreamPart) row.carrier()).framing())
                .containsExactly("rfc4571", "rfc4571");
        assertThat(decode(segment(0, "02000014" + Hex.BINDING + "03000003010203" + "02000014" + Hex.BINDING)))
                .extracting(row -> row.content().kind())
                .containsExactly("stun", "data", "stun");
    }

    // RFC 8656 §12: a first byte of 0x40 means little before a channel was bound
    @Test
    void channelDataOnUdpIsTakenOnlyAfterAChannelBind() {
        String data = Hex.ipv4(17, Hex.udp("40000014" + Hex.BINDING));

        List<CaptureRow> rows = decode(data, Hex.ipv4(17, Hex.udp(BIND)), data);

        assertThat(rows).extracting(row -> row.content().kind()).containsExactly("stun", "channeldata");
        assertThat(rows.get(1).content()).isInstanceOfSatisfying(ChannelDataContent.class, channelData -> {
            assertThat(channelData.channel()).isEqualTo(0x4000);
            assertThat(channelData.inner()).hasSize(1);
        });
    }

    @Test
    void messagesWithoutCookieMustFitExactly() {
        String classic = "00010008" + "0102030405060708090a0b0c0d0e0f10" + "0003000400000006";

        assertThat(decode(Hex.ipv4(17, Hex.udp(classic))))
                .extracting(CaptureDecoderTest::variant)
                .containsExactly("rfc3489");
        assertThat(decode(Hex.ipv4(17, Hex.udp(classic + "00")))).isEmpty();
        assertThat(decode(Hex.ipv4(17, Hex.udp("0005" + classic.substring(4))))).isEmpty();
        assertThat(decode(Hex.ipv4(17, Hex.udp(classic.substring(0, 46) + "05" + classic.substring(48)))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0001 0005 2112a442 0102030405060708090a0b0c 8022000161 | nopad |",
                "0001 000c 2112a442 0102030405060708090a0b0c 8022000161000000 80220000 | pad4 |",
                "0001 0004 2112a442 0102030405060708090a0b0c 80220000 | same |",
                "0001 0003 2112a442 0102030405060708090a0b0c 802200 | pad4 | attribute header truncated: 3 byte(s) left",
                "0001 0004 2112a442 0102030405060708090a0b0c 80220009 | pad4 |"
                        + " attribute 0x8022: length 9 overruns message by 9",
                "0001 0008 2112a442 0102030405060708090a0b0c 80220000 | same | message length 8 exceeds the 4 bytes present",
                "0001 0000 2112a442 0102030405060708090a0b0c ff | same | 1 trailing byte(s)"
            })
    void layoutAndErrorsAreNamed(String message, String layout, String error) {
        StunContent content = ContentDecoder.stun(Hex.bytes(message));

        assertThat(content.layout()).isEqualTo(layout);
        assertThat(content.error()).isEqualTo(error == null ? "" : error);
    }

    @Test
    void rowSaysItsFieldsInOrder() {
        CaptureRow udp = decode(Hex.ipv6(17, Hex.udp(Hex.BINDING))).get(0);
        CaptureRow tcp = decode(segment(0, Hex.BINDING)).get(0);

        assertThat(udp.fields().keySet())
                .containsExactly(
                        "file",
                        "frame",
                        "time",
                        "transport",
                        "framing",
                        "src",
                        "dst",
                        "kind",
                        "variant",
                        "type",
                        "method",
                        "class",
                        "length",
                        "cookie",
                        "tid",
                        "layout",
                        "attrs",
                        "ok",
                        "error",
                        "raw");
        assertThat(udp.fields()).containsEntry("src", "2001:db8::1:1000").containsEntry("error", null);
        assertThat(udp.fields().get("time")).hasToString("1.5");
        assertThat(tcp.fields().keySet())
                .startsWith("file", "frame", "frames", "time", "transport", "framing", "stream", "src");
    }

    // RFC 5952 §4
    @ParameterizedTest
    @CsvSource({
        "2001:0db8:0:0:0:0:0:1, 2001:db8::1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
        "fe80:0:0:0:0:0:0:0, fe80::"
    })
    void ipv6IsWrittenShort(String address, String text) throws UnknownHostException {
        assertThat(AddressText.of(InetAddress.getByName(address))).isEqualTo(text);
    }

    private static String variant(CaptureRow row) {
        return ((StunContent) row.content()).variant();
    }

    private static String segment(long sequence, String payload) {
        return Hex.ipv4(6, Hex.tcp(sequence, ACK, payload));
    }

    private static List<CaptureRow> decode(String... packets) {
        return CaptureDecoder.decode("test", CaptureReader.read(Hex.raw(packets)));
    }
}
