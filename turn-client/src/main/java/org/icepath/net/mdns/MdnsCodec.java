// SPDX-License-Identifier: Apache-2.0
package org.icepath.net.mdns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecordEncoder;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.ReferenceCountUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads and writes multicast DNS messages (RFC 6762 §18) with Netty's records. Stateless. */
final class MdnsCodec {

    static final DnsRecordType NSEC = DnsRecordType.valueOf(47);

    private static final int HEADER = 12;
    private static final int RESPONSE = 0x8000;
    private static final int AUTHORITATIVE_ANSWER = RESPONSE | 0x0400;
    private static final int OPCODE_AND_RCODE = 0x780F;
    private static final int INTERNET = 1;
    private static final int FLUSH = 0x8000; // RFC 6762 §10.2; in a question the same bit asks for unicast (§5.4)
    private static final int MOST_ENTRIES = 64;

    private MdnsCodec() {}

    /**
     * Reads a message.
     *
     * @param datagram from position to limit; left as it is
     * @return empty when it is none, or one that RFC 6762 §18.3 and §18.11 have ignored
     */
    static Optional<MdnsMessage> read(ByteBuffer datagram) {
        if (datagram.remaining() < HEADER) {
            return Optional.empty();
        }
        ByteBuf bytes = Unpooled.wrappedBuffer(datagram.slice());
        bytes.skipBytes(Short.BYTES); // the id is of no use among many (§18.1)
        int flags = bytes.readUnsignedShort();
        if ((flags & OPCODE_AND_RCODE) != 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(bytes, (flags & RESPONSE) != 0));
        } catch (Exception unreadable) {
            // Netty's decoder declares every exception; whatever it is, the message is rubbish
            return Optional.empty();
        }
    }

    private static MdnsMessage read(ByteBuf bytes, boolean response) throws Exception {
        int questionCount = bytes.readUnsignedShort();
        int recordCount = bytes.readUnsignedShort() + bytes.readUnsignedShort() + bytes.readUnsignedShort();
        List<MdnsMessage.Question> questions = new ArrayList<>();
        for (int i = 0; i < Math.min(questionCount, MOST_ENTRIES); i++) {
            DnsQuestion question = DnsRecordDecoder.DEFAULT.decodeQuestion(bytes);
            if (isInternet(question)) {
                questions.add(new MdnsMessage.Question(
                        plain(question.name()), question.type().intValue()));
            }
        }
        List<MdnsMessage.Address> addresses = new ArrayList<>();
        for (int i = 0; response && questionCount <= MOST_ENTRIES && i < Math.min(recordCount, MOST_ENTRIES); i++) {
            DnsRecord entry = DnsRecordDecoder.DEFAULT.decodeRecord(bytes);
            if (entry == null) {
                break;
            }
            addressOf(entry).ifPresent(addresses::add);
            ReferenceCountUtil.release(entry);
        }
        return new MdnsMessage(response, questions, addresses);
    }

    private static boolean isInternet(DnsRecord entry) {
        return (entry.dnsClass() & ~FLUSH) == INTERNET;
    }

    private static Optional<MdnsMessage.Address> addressOf(DnsRecord entry) throws UnknownHostException {
        boolean isAddress = entry.type().equals(DnsRecordType.A) || entry.type().equals(DnsRecordType.AAAA);
        if (!isAddress || !isInternet(entry) || entry.timeToLive() == 0 || !(entry instanceof DnsRawRecord raw)) {
            return Optional.empty();
        }
        byte[] ip = new byte[entry.type().equals(DnsRecordType.A) ? 4 : 16];
        if (raw.content().readableBytes() != ip.length) {
            return Optional.empty();
        }
        raw.content().readBytes(ip);
        return Optional.of(new MdnsMessage.Address(plain(entry.name()), InetAddress.getByAddress(ip)));
    }

    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Asks for both kinds of address of a name. Our port is shared with other responders, so that no unicast answer is asked for. */
    static byte[] query(String name) {
        return write(0, 2, 0, out -> {
            DnsRecordEncoder.DEFAULT.encodeQuestion(new DefaultDnsQuestion(name, DnsRecordType.A), out);
            DnsRecordEncoder.DEFAULT.encodeQuestion(new DefaultDnsQuestion(name, DnsRecordType.AAAA), out);
        });
    }

    /** Answers with the address of a name, and that it has none of the other kind (RFC 6762 §6.1). */
    static byte[] answer(String name, InetAddress ip, int lifetimeSeconds) {
        DnsRecordType type = ip instanceof Inet4Address ? DnsRecordType.A : DnsRecordType.AAAA;
        return write(AUTHORITATIVE_ANSWER, 0, 2, out -> {
            encode(name, type, lifetimeSeconds, Unpooled.wrappedBuffer(ip.getAddress()), out);
            encode(name, NSEC, lifetimeSeconds, onlyType(name, type), out);
        });
    }

    private static void encode(String name, DnsRecordType type, int lifetime, ByteBuf content, ByteBuf out)
            throws Exception {
        DnsRecordEncoder.DEFAULT.encodeRecord(
                new DefaultDnsRawRecord(name, type, FLUSH | INTERNET, lifetime, content), out);
    }

    // RFC 4034 §4.1: the next name, which is the name itself, and a bit map with the one type that there is.
    private static ByteBuf onlyType(String name, DnsRecordType type) {
        ByteBuf data = Unpooled.buffer();
        for (String label : name.split("\\.", -1)) {
            byte[] letters = label.getBytes(StandardCharsets.US_ASCII);
            data.writeByte(letters.length).writeBytes(letters);
        }
        int place = type.intValue() / Byte.SIZE;
        data.writeByte(0).writeByte(0).writeByte(place + 1).writeZero(place);
        return data.writeByte(0x80 >> (type.intValue() % Byte.SIZE));
    }

    @FunctionalInterface
    private interface Body {
        void writeTo(ByteBuf out) throws Exception;
    }

    private static byte[] write(int flags, int questions, int answers, Body body) {
        ByteBuf out = Unpooled.buffer();
        out.writeShort(0)
                .writeShort(flags)
                .writeShort(questions)
                .writeShort(answers)
                .writeInt(0);
        try {
            body.writeTo(out);
        } catch (Exception declared) {
            // Netty's encoder declares every exception; it has none for names that were checked
            throw new IllegalArgumentException(declared);
        }
        byte[] message = new byte[out.readableBytes()];
        out.readBytes(message);
        return message;
    }
}
