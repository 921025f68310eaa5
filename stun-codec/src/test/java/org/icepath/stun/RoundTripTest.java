// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read; values are drawn from seeds that a failure names. */
class RoundTripTest {

    private static final IntegrityKey KEY = IntegrityKey.shortTerm("password");
    private static final List<Attribute<?>> SEALS =
            List.of(Attributes.MESSAGE_INTEGRITY, Attributes.MESSAGE_INTEGRITY_SHA256, Attributes.FINGERPRINT);

    private final StunMessage message = new StunMessage();
    private final StunWriter writer = new StunWriter();
    private final Integrity integrity = new Integrity();

    static List<Attribute<?>> rows() {
        return Attributes.all();
    }

    @ParameterizedTest
    @MethodSource("rows")
    <T> void everyRowReadsWhatItWrites(Attribute<T> row) {
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TransactionId id = TransactionId.next(random);
            T value = Values.draw(random, row);

            message.wrap(writer.wrap(ByteBuffer.allocate(2000))
                    .request(StunMethod.BINDING, id)
                    .put(row, value)
                    .finish());

            assertThat(message.get(row)).as("seed %d", seed).contains(value);
            assertThat(message.transactionId()).isEqualTo(id);
        }
    }

    @Test
    void wholeMessagesReadAsTheyWereWritten() {
        for (int seed = 0; seed < 3000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TransactionId id = TransactionId.next(random);
            StunMethod method = new StunMethod(random.nextInt(0x1000));
            ByteBuffer buffer = random.nextBoolean() ? ByteBuffer.allocate(20000) : ByteBuffer.allocateDirect(20000);
            writer.wrap(buffer.position(random.nextInt(40))).success(method, id);
            Map<Attribute<?>, Object> written = fill(random);
            if (random.nextBoolean()) {
                writer.integrity(KEY);
            }
            if (random.nextBoolean()) {
                writer.integritySha256(KEY);
            }
            if (random.nextBoolean()) {
                writer.fingerprint();
            }

            message.wrap(writer.finish());

            assertRead(written, seed);
            assertThat(message.method()).isEqualTo(method);
            assertThat(message.messageClass()).isEqualTo(StunClass.SUCCESS);
            assertThat(message.matches(id)).isTrue();
        }
    }

    private Map<Attribute<?>, Object> fill(SplittableRandom random) {
        Map<Attribute<?>, Object> written = new LinkedHashMap<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            Attribute<?> row =
                    Attributes.all().get(random.nextInt(Attributes.all().size()));
            if (!SEALS.contains(row) && !written.containsKey(row)) {
                written.put(row, putDrawn(random, row));
            }
        }
        return written;
    }

    private <T> Object putDrawn(SplittableRandom random, Attribute<T> row) {
        T value = Values.draw(random, row);
        writer.put(row, value);
        return value;
    }

    private void assertRead(Map<Attribute<?>, Object> written, int seed) {
        for (Attribute<?> row : Attributes.all()) {
            if (!SEALS.contains(row)) {
                assertThat(message.get(row).map(Object.class::cast))
                        .as("%s, seed %d", row, seed)
                        .isEqualTo(java.util.Optional.ofNullable(written.get(row)));
            }
        }
        boolean sealed = message.has(Attributes.MESSAGE_INTEGRITY) || message.has(Attributes.MESSAGE_INTEGRITY_SHA256);
        assertThat(integrity.verify(message, KEY))
                .as("integrity, seed %d", seed)
                .isEqualTo(sealed);
        assertThat(Fingerprint.absentOrRight(message))
                .as("fingerprint, seed %d", seed)
                .isTrue();
    }
}
