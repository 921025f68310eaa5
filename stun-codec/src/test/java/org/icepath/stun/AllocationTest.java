// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.testkit.memory.AllocatedBytes;
import org.junit.jupiter.api.Test;

/** The packet path makes no garbage, even before it is compiled. */
class AllocationTest {

    private static final int ROUNDS = 2000;

    private final IntegrityKey key = IntegrityKey.shortTerm(RfcVectors.PASSWORD);
    private final StunMessage message = new StunMessage();
    private final Integrity integrity = new Integrity();
    private final AttributeCursor cursor = new AttributeCursor();
    private final StunWriter writer = new StunWriter();
    private final byte[] into = new byte[64];
    private long unusedSum;

    @Test
    void decodingAndVerifyingAllocatesNothing() {
        for (ByteBuffer request : buffers("rfc5769-2.1-request")) {
            assertAllocatesNothing(() -> {
                message.wrap(request);
                return Fingerprint.verify(message) && integrity.verify(message, key) ? 1 : 0;
            });
        }
    }

    @Test
    void readingEveryValueAllocatesNothing() {
        for (String name : List.of("rfc5769-2.1-request", "rfc5769-2.2-ipv4-response", "rfc5769-2.3-ipv6-response")) {
            for (ByteBuffer request : buffers(name)) {
                assertAllocatesNothing(() -> readAll(request));
            }
        }
    }

    private long readAll(ByteBuffer datagram) {
        long sum = 0;
        cursor.over(message.wrap(datagram));
        while (cursor.next()) {
            if (cursor.isAddress()) {
                sum += cursor.family().code() + cursor.port() + cursor.addressHigh() + cursor.addressLow();
            } else if (cursor.length() == 4) {
                sum += cursor.uint32(0);
            } else if (cursor.length() == 8) {
                sum += cursor.uint64(0);
            } else {
                sum += cursor.copyTo(into) + into[0];
            }
        }
        return sum;
    }

    @Test
    void encodingWithIntegrityAndFingerprintAllocatesNothing() {
        TransactionId id = new TransactionId(1, 2);
        byte[] username = "evtj:h6vY".getBytes(StandardCharsets.UTF_8);
        for (ByteBuffer target : List.of(ByteBuffer.allocate(200), ByteBuffer.allocateDirect(200))) {
            assertAllocatesNothing(() -> writer.wrap(target.clear())
                    .request(StunMethod.BINDING, id)
                    .put(Attributes.SOFTWARE, "STUN test client")
                    .putUint32(Attributes.PRIORITY, 0x6e0001ffL)
                    .putUint64(Attributes.ICE_CONTROLLED, 0x932ff9b151263b36L)
                    .put(Attributes.USE_CANDIDATE)
                    .putBytes(Attributes.USERNAME, username)
                    .integrity(key)
                    .fingerprint()
                    .finish()
                    .remaining());
        }
    }

    private static List<ByteBuffer> buffers(String name) {
        byte[] bytes = RfcVectors.bytes(name);
        return List.of(
                ByteBuffer.wrap(bytes),
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
    }

    private void assertAllocatesNothing(LongSupplier operation) {
        assumeTrue(AllocatedBytes.areCounted(), "this platform does not count what a thread allocates");
        double bytes = AllocatedBytes.each(ROUNDS, () -> unusedSum += operation.getAsLong());

        assertThat(bytes).as("bytes per operation").isLessThan(0.5);
    }
}
