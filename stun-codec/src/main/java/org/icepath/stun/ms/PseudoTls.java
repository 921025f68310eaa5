// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Framing;

/**
 * The greeting that lets MS-TURN pass where only TLS may: a ClientHello and a ServerHello that mean nothing, and then the frames of
 * {@link MsStreamFraming} in the clear ([MS-TURN] §2.1.1; the layout is specified, the bytes are those of libnice).
 *
 * <p>Each greeting is one record of fixed length. Times, random bytes and the session id may be anything; a client sends nothing more
 * until the server has greeted.
 */
public final class PseudoTls {

    /** Bytes of a client's greeting. */
    public static final int CLIENT_HELLO_LENGTH = 50;

    /** Bytes of a server's greeting. */
    public static final int SERVER_HELLO_LENGTH = 83;

    private static final int RANDOM_FROM = 11;
    private static final int RANDOM_TO = 43;
    private static final int SESSION_FROM = 44;
    private static final int SESSION_TO = 76;

    private static final byte[] CLIENT =
            HexFormat.of().parseHex("160301002d" + "01000029" + "0301" + "00".repeat(32) + "00" + "00020018" + "0100");
    private static final byte[] SERVER = HexFormat.of()
            .parseHex("160301004e" + "02000046" + "0301" + "00".repeat(32) + "20" + "00".repeat(32) + "0018" + "00"
                    + "0e000000");

    private PseudoTls() {}

    /**
     * A client's greeting.
     *
     * @param unixSeconds what the client's clock says; it says nothing to anybody
     * @return a new buffer, from position to limit
     */
    public static ByteBuffer clientHello(RandomGenerator random, long unixSeconds) {
        return greeting(CLIENT, random, unixSeconds);
    }

    /**
     * A server's greeting.
     *
     * @return a new buffer, from position to limit
     */
    public static ByteBuffer serverHello(RandomGenerator random, long unixSeconds) {
        ByteBuffer greeting = greeting(SERVER, random, unixSeconds);
        fill(random, greeting, SESSION_FROM, SESSION_TO);
        return greeting;
    }

    private static ByteBuffer greeting(byte[] fixed, RandomGenerator random, long unixSeconds) {
        ByteBuffer greeting = ByteBuffer.wrap(fixed.clone());
        greeting.putInt(RANDOM_FROM, (int) unixSeconds);
        fill(random, greeting, RANDOM_FROM + Integer.BYTES, RANDOM_TO);
        return greeting;
    }

    private static void fill(RandomGenerator random, ByteBuffer greeting, int from, int to) {
        byte[] bytes = new byte[to - from];
        random.nextBytes(bytes);
        greeting.put(from, bytes);
    }

    /**
     * Looks for a client's greeting at the start of a stream, which may have arrived in pieces.
     *
     * @param stream what has arrived, from position to limit; not changed
     * @return {@link #CLIENT_HELLO_LENGTH}, {@link Framing#NEED_MORE}, or {@link Framing#BROKEN} as soon as a byte is wrong
     */
    public static int clientHelloLength(ByteBuffer stream) {
        return compare(stream, CLIENT, RANDOM_TO);
    }

    /**
     * Looks for a server's greeting at the start of a stream, which may have arrived in pieces.
     *
     * @param stream what has arrived, from position to limit; not changed
     * @return {@link #SERVER_HELLO_LENGTH}, {@link Framing#NEED_MORE}, or {@link Framing#BROKEN} as soon as a byte is wrong
     */
    public static int serverHelloLength(ByteBuffer stream) {
        return compare(stream, SERVER, SESSION_TO);
    }

    private static int compare(ByteBuffer stream, byte[] expected, int sessionTo) {
        int there = Math.min(stream.remaining(), expected.length);
        for (int i = 0; i < there; i++) {
            boolean free = i >= RANDOM_FROM && i < RANDOM_TO || i >= SESSION_FROM && i < sessionTo;
            if (!free && stream.get(stream.position() + i) != expected[i]) {
                return Framing.BROKEN;
            }
        }
        return there < expected.length ? Framing.NEED_MORE : expected.length;
    }
}
