// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Reads what DNS answers about services. What cannot be read is as if it were not there. */
final class RecordReader {

    private static final int MOST_RECORDS = 32;

    private RecordReader() {}

    static List<ServiceRecord> services(List<DnsRecord> answer) {
        return read(
                answer,
                data -> new ServiceRecord(
                        data.readUnsignedShort(), data.readUnsignedShort(), data.readUnsignedShort(), name(data)));
    }

    static List<NamingRecord> namings(List<DnsRecord> answer) {
        return read(answer, data -> {
            int order = data.readUnsignedShort();
            int preference = data.readUnsignedShort();
            String flags = text(data).toLowerCase(Locale.ROOT);
            String service = text(data);
            text(data); // a regular expression, which S-NAPTR has not (RFC 3958 §2.2.3)
            return new NamingRecord(order, preference, flags, service, name(data));
        });
    }

    /** Releases all records. */
    private static <T> List<T> read(List<DnsRecord> answer, Function<ByteBuf, T> reader) {
        List<T> found = new ArrayList<>();
        for (DnsRecord each : answer) {
            try {
                if (each instanceof DnsRawRecord raw && found.size() < MOST_RECORDS) {
                    found.add(reader.apply(raw.content().duplicate()));
                }
            } catch (CodecException | IndexOutOfBoundsException unreadable) {
                continue;
            } finally {
                ReferenceCountUtil.release(each);
            }
        }
        return List.copyOf(found);
    }

    private static String text(ByteBuf data) {
        return data.readCharSequence(data.readUnsignedByte(), US_ASCII).toString();
    }

    private static String name(ByteBuf data) {
        String name = DefaultDnsRecordDecoder.decodeName(data);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
