// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever bytes arrive: values or located faults, and nothing else (CVE-2026-103936: one packet ended a process). */
class MutationFuzzTest {

    private static final int ROUNDS = 60_000;

    private final DecodePath path = new DecodePath();

    @Test
    void changedMessagesAreReadOrRefused() {
        List<byte[]> seeds = new ArrayList<>(RfcVectors.all().values());
        for (int seed = 0; seed < 200; seed++) {
            seeds.add(drawn(new SplittableRandom(seed)));
        }
        int found = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] changed = mutate(random, seeds.get(random.nextInt(seeds.size())));
            found += read(changed, seed);
        }
        assertThat(found).as("messages that were still messages").isGreaterThan(ROUNDS / 4);
    }

    @Test
    void bytesOfChanceAreReadOrRefused() {
        int found = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (bytes.length >= 20 && random.nextBoolean()) {
                ByteBuffer header = ByteBuffer.wrap(bytes);
                header.put(0, (byte) (bytes[0] & 0x3F)).putShort(2, (short) (bytes.length - 20));
                header.putInt(4, StunDialect.MAGIC_COOKIE);
                Arrays.fill(bytes, 20, Math.min(bytes.length, 20 + random.nextInt(60)), (byte) 0);
            }
            found += read(bytes, seed);
        }
        assertThat(found).as("messages that came up by chance").isPositive();
    }

    private int read(byte[] bytes, int seed) {
        try {
            return path.read(ByteBuffer.wrap(bytes));
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static byte[] mutate(SplittableRandom random, byte[] original) {
        byte[] bytes = original.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0 : 0xFF);
                case 3 -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length + 8));
                default -> {
                    int from = random.nextInt(bytes.length);
                    System.arraycopy(bytes, from, bytes, at, random.nextInt(bytes.length - Math.max(at, from)));
                }
            }
        }
        if (bytes.length >= 20 && random.nextInt(4) != 0) {
            ByteBuffer.wrap(bytes).putShort(2, (short) (bytes.length - 20));
        }
        return bytes;
    }

    private static byte[] drawn(SplittableRandom random) {
        StunWriter writer =
                StunWriter.into(ByteBuffer.allocate(8000)).request(StunMethod.BINDING, TransactionId.next(random));
        for (int i = 0; i < 5; i++) {
            putDrawn(
                    random,
                    writer,
                    Attributes.all().get(random.nextInt(Attributes.all().size())));
        }
        ByteBuffer finished = writer.fingerprint().finish();
        byte[] bytes = new byte[finished.remaining()];
        finished.get(bytes);
        return bytes;
    }

    private static <T> void putDrawn(SplittableRandom random, StunWriter writer, Attribute<T> row) {
        writer.put(row, Values.draw(random, row));
    }
}
