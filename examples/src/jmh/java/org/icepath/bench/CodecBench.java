// SPDX-License-Identifier: Apache-2.0
package org.icepath.bench;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.ice4j.StunException;
import org.ice4j.message.Message;
import org.icepath.stun.AttributeCursor;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reading and writing the 108-byte connectivity check of RFC 5769 §2.1, beside its HMAC and beside another library. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
// twice as long as the others': what the measurement itself allocates is spread over more operations
@Measurement(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class CodecBench {

    private static final byte[] USERNAME = "evtj:h6vY".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final byte[] SOFTWARE = "STUN test client".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @Param
    public Memory memory = Memory.DIRECT;

    private final StunMessage message = new StunMessage();
    private final AttributeCursor cursor = new AttributeCursor();
    private final Integrity integrity = new Integrity();
    private final IntegrityKey key = IntegrityKey.shortTerm(Rfc5769.PASSWORD);
    private final StunWriter writer = new StunWriter();
    private final TransactionId id = new TransactionId(0xb7e7a701, 0xbc34d686fa87dfaeL);
    private final byte[] text = new byte[1024];

    private ByteBuffer request = ByteBuffer.allocate(0);
    private ByteBuffer broken = ByteBuffer.allocate(0);
    private ByteBuffer target = ByteBuffer.allocate(0);

    @Setup
    public void lay() {
        request = memory.holding(Rfc5769.REQUEST);
        broken = memory.holding(Rfc5769.brokenFingerprint());
        target = memory.allocate(256);
        ByteBuffer written = write();
        byte[] bytes = new byte[written.remaining()];
        written.get(bytes);
        if (!decodeAndVerify() || refuseWrongFingerprint() || bytes.length != Rfc5769.REQUEST.length) {
            throw new IllegalStateException(
                    "nothing to measure: " + HexFormat.of().formatHex(bytes));
        }
    }

    /** What every incoming check costs: header, attributes, FINGERPRINT, then MESSAGE-INTEGRITY. */
    @Benchmark
    public boolean decodeAndVerify() {
        message.wrap(request);
        return integrity.verifyWithFingerprint(message, key);
    }

    /** What a forged check costs. */
    @Benchmark
    public boolean refuseWrongFingerprint() {
        message.wrap(broken);
        return integrity.verifyWithFingerprint(message, key);
    }

    /** What every outgoing check costs. */
    @Benchmark
    public ByteBuffer encode() {
        return write();
    }

    private ByteBuffer write() {
        target.clear();
        return writer.wrap(target)
                .request(StunMethod.BINDING, id)
                .putBytes(Attributes.SOFTWARE, SOFTWARE)
                .putUint32(Attributes.PRIORITY, 0x6e0001ffL)
                .putUint64(Attributes.ICE_CONTROLLED, 0x932ff9b151263b36L)
                .putBytes(Attributes.USERNAME, USERNAME)
                .integrity(key)
                .fingerprint()
                .finish();
    }

    /** Every attribute's value is read; none becomes an object. */
    @Benchmark
    public long decodeEveryValue() {
        message.wrap(request);
        cursor.over(message);
        long read = 0;
        while (cursor.next()) {
            read += switch (cursor.length()) {
                case 4 -> cursor.uint32(0);
                case 8 -> cursor.uint64(0);
                default -> cursor.copyTo(text);
            };
        }
        return read;
    }

    /** The other library's decoding of the same bytes, which reads every attribute and checks the FINGERPRINT. */
    @Benchmark
    public Message opponentDecode() throws StunException {
        return Message.decode(Rfc5769.REQUEST, 0, Rfc5769.REQUEST.length);
    }

    /** The physical limit: HMAC-SHA1 of the 76 bytes that MESSAGE-INTEGRITY covers, as two passes over one digest. */
    @State(Scope.Thread)
    public static class HmacLimit {

        private final byte[] inner = new byte[64 + 76];
        private final byte[] outer = new byte[64 + 20];
        private MessageDigest sha1;

        @Setup
        public void key() throws java.security.GeneralSecurityException {
            sha1 = MessageDigest.getInstance("SHA-1");
            byte[] password = Rfc5769.PASSWORD.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            for (int i = 0; i < 64; i++) {
                int keyByte = i < password.length ? password[i] : 0;
                inner[i] = (byte) (keyByte ^ 0x36);
                outer[i] = (byte) (keyByte ^ 0x5c);
            }
            System.arraycopy(Rfc5769.REQUEST, 0, inner, 64, 76);
        }

        byte[] twoPasses() throws java.security.GeneralSecurityException {
            sha1.update(inner);
            sha1.digest(outer, 64, 20);
            sha1.update(outer);
            sha1.digest(outer, 64, 20);
            return outer;
        }
    }

    @Benchmark
    public byte[] limitHmac(HmacLimit limit) throws java.security.GeneralSecurityException {
        return limit.twoPasses();
    }
}
