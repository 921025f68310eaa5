// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordReaderTest {

    private static DnsRecord record(DnsRecordType type, ByteBuf data) {
        return new DefaultDnsRawRecord("example.net.", type, 60, data);
    }

    private static ByteBuf name(ByteBuf data, String... labels) {
        for (String label : labels) {
            data.writeByte(label.length()).writeCharSequence(label, US_ASCII);
        }
        return data.writeByte(0);
    }

    private static ByteBuf text(ByteBuf data, String text) {
        data.writeByte(text.length()).writeCharSequence(text, US_ASCII);
        return data;
    }

    @Test
    void aServiceRecordIsRead() {
        ByteBuf data = Unpooled.buffer().writeShort(10).writeShort(60).writeShort(3_478);

        assertThat(RecordReader.services(List.of(record(DnsRecordType.SRV, name(data, "turn", "example", "net")))))
                .containsExactly(new ServiceRecord(10, 60, 3_478, "turn.example.net"));
    }

    @Test
    void aNamingRecordIsRead() {
        ByteBuf data = Unpooled.buffer().writeShort(100).writeShort(10);
        text(text(text(data, "S"), "RELAY:turn.udp"), "");

        assertThat(RecordReader.namings(List.of(record(DnsRecordType.NAPTR, name(data, "_turn", "_udp", "test")))))
                .containsExactly(new NamingRecord(100, 10, "s", "RELAY:turn.udp", "_turn._udp.test"));
    }

    // CVE-2023-27585: an overflow in a reader of SRV records
    @Test
    void rubbishIsNoRecordAndIsReleased() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] rubbish = new byte[1 + random.nextInt(40)];
            random.nextBytes(rubbish);
            ByteBuf service = Unpooled.wrappedBuffer(rubbish);
            ByteBuf naming = Unpooled.wrappedBuffer(rubbish.clone());

            assertThat(RecordReader.services(List.of(record(DnsRecordType.SRV, service))))
                    .hasSizeLessThan(2);
            assertThat(RecordReader.namings(List.of(record(DnsRecordType.NAPTR, naming))))
                    .hasSizeLessThan(2);

            assertThat(service.refCnt() + naming.refCnt()).isZero();
        }
    }
}
