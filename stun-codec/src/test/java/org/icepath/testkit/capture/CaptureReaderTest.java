// SPDX-License-Identifier: Apache-2.0
package org.icepath.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureReaderTest {

    @Test
    void pcapIsReadInBothByteOrdersAndBothResolutions() {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            for (int magic : new int[] {0xA1B2C3D4, 0xA1B23C4D}) {
                List<CapturedFrame> frames = CaptureReader.read(Hex.pcap(order, magic, 101, "0102", "03"));

                assertThat(frames).extracting(frame -> Hex.text(frame.data())).containsExactly("0102", "03");
                assertThat(frames).extracting(CapturedFrame::number).containsExactly(1, 2);
                assertThat(frames).extracting(CapturedFrame::timeNanos).containsOnly(1_500_000_000L);
                assertThat(frames).extracting(CapturedFrame::linkType).containsOnly(101);
            }
        }
    }

    // 24 bytes of header, a record of 16 + 2 bytes and one of 16 + 3
    @Test
    void recordThatTheEndOfTheFileCutsOffIsLeftOutAndToldWithItsPlace() {
        byte[] whole = Hex.raw("0102", "030405");

        CaptureFile inData = CaptureReader.readContent(Arrays.copyOf(whole, whole.length - 1));
        CaptureFile inHeader = CaptureReader.readContent(Arrays.copyOf(whole, whole.length - 4));

        assertThat(inData.frames()).hasSize(1);
        assertThat(inData.troubles())
                .containsExactly(
                        "cut off: the record at offset 42 has at least 19 bytes, and the file ends after 18 of them");
        assertThat(inHeader.frames()).hasSize(1);
        assertThat(inHeader.troubles())
                .containsExactly(
                        "cut off: the record at offset 42 has at least 16 bytes, and the file ends after 15 of them");
        assertThat(CaptureReader.readContent(whole).troubles()).isEmpty();
        assertThat(CaptureReader.readContent(Arrays.copyOf(whole, 42)).troubles())
                .isEmpty();
    }

    @Test
    void aSectionMayHaveAnotherByteOrderAndItsOwnInterfaces() {
        byte[] big = pcapng(ByteOrder.BIG_ENDIAN);
        byte[] little = pcapng(ByteOrder.LITTLE_ENDIAN);
        byte[] both = Arrays.copyOf(big, big.length + little.length);
        System.arraycopy(little, 0, both, big.length, little.length);

        CaptureFile file = CaptureReader.readContent(both);

        assertThat(file.troubles()).isEmpty();
        assertThat(file.frames()).extracting(CapturedFrame::linkType).containsExactly(1, 101, 1, 1, 101, 1);
        assertThat(file.frames()).extracting(CapturedFrame::number).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(file.frames().get(4).timeNanos())
                .isEqualTo(file.frames().get(1).timeNanos());
    }

    @Test
    void everyTruncationOfPcapngIsToldUnlessBlocksEndThere() {
        byte[] whole = pcapng(ByteOrder.LITTLE_ENDIAN);
        int told = 0;
        for (int length = 28; length < whole.length; length++) {
            CaptureFile file = CaptureReader.readContent(Arrays.copyOf(whole, length));
            assertThat(file.frames()).hasSizeLessThan(3);
            told += file.troubles().size();
        }

        int endsOfBlocks = 6;
        assertThat(told).isEqualTo(whole.length - 28 - endsOfBlocks);
    }

    @Test
    void aBlockThatIsBrokenEndsTheReadingWithItsPlace() {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            byte[] content = pcapng(order);
            ByteBuffer bytes = ByteBuffer.wrap(content).order(order);
            int second = 140; // the second packet's block; its interface follows type and length
            bytes.putInt(second + 8, 7);

            CaptureFile file = CaptureReader.readContent(content);

            assertThat(file.frames()).hasSize(1);
            assertThat(file.troubles())
                    .containsExactly("broken: in the block at offset 140, frame 2 names interface 7");
        }
    }

    @Test
    void noByteOfACaptureCanMakeItsReaderFail() {
        for (byte[] whole :
                List.of(pcapng(ByteOrder.BIG_ENDIAN), pcapng(ByteOrder.LITTLE_ENDIAN), Hex.raw("01", "02"))) {
            for (int at = 4; at < whole.length; at++) {
                for (int value : new int[] {0, 1, 0x12, 0x7F, 0x80, 0xFF}) {
                    byte[] changed = whole.clone();
                    changed[at] = (byte) value;
                    assertThat(CaptureReader.readContent(changed).frames()).hasSizeLessThan(10);
                }
            }
        }
    }

    @Test
    void pcapngKeepsEachInterfacesClockAndLinkType() {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            List<CapturedFrame> frames = CaptureReader.read(pcapng(order));

            assertThat(frames).extracting(CapturedFrame::linkType).containsExactly(1, 101, 1);
            assertThat(frames)
                    .extracting(CapturedFrame::timeNanos)
                    .containsExactly(5_000_000_000_000L + 7_000, 9_000_000_003L, 0L);
            assertThat(frames).extracting(frame -> Hex.text(frame.data())).containsExactly("aabbcc", "dd", "ee");
        }
    }

    private static byte[] pcapng(ByteOrder order) {
        ByteBuffer file = ByteBuffer.allocate(1_000).order(order);
        block(file, 0x0A0D0D0A, 0x1A2B3C4D, 0x0001_0000, -1, -1);
        file.putInt(0x00000001)
                .putInt(20)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0)
                .putInt(20);
        file.putInt(0x00000001)
                .putInt(32)
                .putShort((short) 101)
                .putShort((short) 0)
                .putInt(0);
        file.putShort((short) 9).putShort((short) 1).put((byte) 9).put(new byte[3]);
        file.putInt(0).putInt(32);
        block(file, 5, 1, 2, 3);
        long micros = 5_000_000_007L;
        block(file, 6, 0, (int) (micros >> 32), (int) micros, 3, 3, bigEndian(order, 0xAABBCC00));
        block(file, 6, 1, 2, (int) (9_000_000_003L - (2L << 32)), 1, 1, bigEndian(order, 0xDD000000));
        block(file, 3, 1, bigEndian(order, 0xEE000000));
        byte[] written = new byte[file.position()];
        file.get(0, written);
        return written;
    }

    private static int bigEndian(ByteOrder order, int value) {
        return order == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    private static void block(ByteBuffer file, int type, int... words) {
        int length = 12 + 4 * words.length;
        file.putInt(type).putInt(length);
        for (int word : words) {
            file.putInt(word);
        }
        file.putInt(length);
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> CaptureReader.read(new byte[3]))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("3 bytes");
        assertThatThrownBy(() -> CaptureReader.read(new byte[100])).hasMessageContaining("magic 0");
        assertThatThrownBy(() -> CaptureReader.read(new byte[0])).hasMessage("the file is empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 ffffffffffff eeeeeeeeeeee 0800",
                "1 ffffffffffff eeeeeeeeeeee 8100 0001 0800",
                "1 ffffffffffff eeeeeeeeeeee 88a8 0001 8100 0002 0800",
                "1 ffffffffffff eeeeeeeeeeee 8864 11000000 0000 0021",
                "0 02000000",
                "101 ",
                "108 00000002",
                "113 0000 0001 0006 0102030405060000 0800",
                "228 ",
                "276 0800 0000 00000001 0001 00 06 0102030405060000"
            })
    void ipIsFoundBelowEveryLinkType(String header) {
        int linkType = Integer.parseInt(header.substring(0, header.indexOf(' ')));
        String frame = header.substring(header.indexOf(' ')) + Hex.ipv4(17, Hex.udp("c0ffee"));

        List<CapturedPacket> packets =
                PacketReader.read(CaptureReader.read(Hex.pcap(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4, linkType, frame)));

        assertThat(packets).extracting(packet -> Hex.text(packet.payload())).containsExactly("c0ffee");
        assertThat(packets.get(0).source()).hasToString("/10.0.0.1:1000");
        assertThat(packets.get(0).destination()).hasToString("/10.0.0.2:3478");
    }

    @Test
    void paddingOfTheEthernetFrameIsNotPayload() {
        String frame = "ffffffffffffeeeeeeeeeeee0800" + Hex.ipv4(17, Hex.udp("01")) + "00".repeat(17);

        List<CapturedPacket> packets =
                PacketReader.read(CaptureReader.read(Hex.pcap(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4, 1, frame)));

        assertThat(packets).extracting(packet -> Hex.text(packet.payload())).containsExactly("01");
    }

    // RFC 8200 §4: hop-by-hop and destination options before UDP; a later fragment has no UDP header
    @Test
    void extensionHeadersAreSkippedAndLaterFragmentsPassedOver() {
        String options = "3c00010400000000" + "1100010400000000";
        String firstFragment = "1100000100000001";
        String laterFragment = "1100000800000001";

        List<CapturedPacket> packets = packets(
                Hex.ipv6(0, options + Hex.udp("01")),
                Hex.ipv6(44, firstFragment + Hex.udp("02")),
                Hex.ipv6(44, laterFragment + Hex.udp("03")),
                Hex.ipv4(17, Hex.udp("04")).replaceFirst("0000 0000 40", "0000 0001 40"));

        assertThat(packets).extracting(packet -> Hex.text(packet.payload())).containsExactly("01", "02");
        assertThat(packets.get(0).source().getAddress().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
    }

    // RFC 792: what did not arrive is quoted
    @Test
    void quotedDatagramOfAnIcmpErrorIsFound() {
        List<CapturedPacket> packets = packets(
                Hex.ipv4(1, "0303000000000000" + Hex.ipv4(17, Hex.udp("01"))),
                Hex.ipv6(58, "0104000000000000" + Hex.ipv6(17, Hex.udp("02"))),
                Hex.ipv4(1, "0800000000000000" + Hex.ipv4(17, Hex.udp("03"))));

        assertThat(packets).extracting(packet -> Hex.text(packet.payload())).containsExactly("01", "02");
    }

    @Test
    void everyTruncationIsReadWithoutFailure() {
        for (String packet : List.of(
                Hex.ipv4(17, Hex.udp("0102")),
                Hex.ipv6(0, "3c00010400000000" + Hex.udp("01")),
                Hex.ipv4(6, Hex.tcp(1, 2, "01")),
                Hex.ipv4(1, "0303000000000000" + Hex.ipv4(17, Hex.udp("01"))))) {
            byte[] whole = Hex.bytes(packet);
            for (int length = 0; length < whole.length; length++) {
                ByteBuffer cut = ByteBuffer.wrap(whole, 0, length).slice();
                PacketReader.read(new CapturedFrame(1, 0, 101, cut));
            }
        }
    }

    private static List<CapturedPacket> packets(String... packets) {
        return PacketReader.read(CaptureReader.read(Hex.raw(packets)));
    }
}
