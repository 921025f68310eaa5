// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Legal values for every row of the table, drawn at random. */
public final class Values {

    private Values() {}

    /** A legal value of a row. */
    @SuppressWarnings("unchecked") // the row's own codec is asked what it reads
    public static <T> T draw(SplittableRandom random, Attribute<T> row) {
        return (T) drawValue(random, row);
    }

    private static Object drawValue(SplittableRandom random, Attribute<?> row) {
        Object special = drawSpecial(random, row);
        if (special != row) {
            return special;
        }
        if (row.isAddress()) {
            return address(random);
        }
        int length = lengthOf(row);
        return switch (length) {
            case 4 -> random.nextLong(1L << 32);
            case 8 -> random.nextLong();
            case -2 -> random.nextInt(1 << 16);
            case -1 -> random.nextInt(1 << 8);
            default -> throw new AssertionError(row + " of " + length);
        };
    }

    private static Object drawSpecial(SplittableRandom random, Attribute<?> row) {
        if (row == Attributes.ERROR_CODE) {
            return error(random);
        } else if (row == Attributes.ADDRESS_ERROR_CODE || row == Attributes.ADDRESS_ERROR_CODE_DRAFT) {
            return new AddressErrorCode(family(random), error(random));
        } else if (row == Attributes.UNKNOWN_ATTRIBUTES) {
            return IntStream.range(0, random.nextInt(9))
                    .mapToObj(i -> random.nextInt(1 << 16))
                    .toList();
        } else if (row == Attributes.PASSWORD_ALGORITHM) {
            return algorithm(random);
        } else if (row == Attributes.PASSWORD_ALGORITHMS) {
            return IntStream.range(0, random.nextInt(4))
                    .mapToObj(i -> algorithm(random))
                    .toList();
        } else if (row == Attributes.REQUESTED_ADDRESS_FAMILY
                || row == Attributes.ADDITIONAL_ADDRESS_FAMILY
                || row == Attributes.ADDITIONAL_ADDRESS_FAMILY_DRAFT) {
            return family(random);
        } else if (row == Attributes.ICMP) {
            return new IcmpError(random.nextInt(128), random.nextInt(512), random.nextLong(1L << 32));
        } else if (row == Attributes.CHANGE_REQUEST) {
            return new ChangeRequest(random.nextBoolean(), random.nextBoolean());
        } else if (row == Attributes.TRANSACTION_TRANSMIT_COUNTER) {
            return new TransmitCounter(random.nextInt(256), random.nextInt(256));
        } else if (row == Attributes.NETWORK_COST) {
            return new NetworkCost(random.nextInt(1 << 16), random.nextInt(1 << 16));
        } else if (row == Attributes.EVEN_PORT) {
            return random.nextBoolean();
        } else if (row == Attributes.USE_CANDIDATE || row == Attributes.DONT_FRAGMENT) {
            return true;
        }
        return drawBytes(random, row);
    }

    private static Object drawBytes(SplittableRandom random, Attribute<?> row) {
        if (row.codec() instanceof TextCodec) {
            return text(random, random.nextInt(1 + Math.min(row.maxLength() / 3, 120)));
        } else if (row.codec() instanceof OpaqueCodec) {
            int length = row.minLength() + random.nextInt(1 + Math.min(row.maxLength() - row.minLength(), 90));
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return ByteBuffer.wrap(bytes);
        }
        return row;
    }

    private static int lengthOf(Attribute<?> row) {
        if (row == Attributes.REQUESTED_TRANSPORT) {
            return -1;
        }
        return row.minLength() == 2 ? -2 : row.maxLength();
    }

    /** An address of either family, never an IPv4-mapped one. */
    public static InetSocketAddress address(SplittableRandom random) {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        bytes[0] |= 1;
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), random.nextInt(1 << 16));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static AddressFamily family(SplittableRandom random) {
        return random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
    }

    private static ErrorCode error(SplittableRandom random) {
        return new ErrorCode(random.nextInt(300, 700), text(random, random.nextInt(100)));
    }

    private static AlgorithmChoice algorithm(SplittableRandom random) {
        List<Integer> parameters = new ArrayList<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            parameters.add(random.nextInt(256));
        }
        return new AlgorithmChoice(random.nextInt(1 << 16), parameters);
    }

    private static String text(SplittableRandom random, int length) {
        boolean ascii = random.nextBoolean();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(ascii ? random.nextInt(0x80) : random.nextInt(0x20, 0xD800));
        }
        return text.toString();
    }
}
