// SPDX-License-Identifier: Apache-2.0
package org.icepath.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * DTLS between datagrams that are protected and datagrams that are not (RFC 6347, RFC 7350), without a socket, a clock or a thread. Not
 * thread-safe.
 *
 * <p>The handshake's arithmetic is handed to {@link Wire#calculate}, and what arrives meanwhile waits.
 */
final class DtlsEngine {

    private static final int MOST_WAITING = 32;
    private static final int MOST_STEPS = 64; // of one input: a handshake has a dozen
    private static final int LARGEST_RECORD =
            20 << 10; // 16 KiB, and what any cipher adds; the engine's word changes with it
    private static final int HEADER_LENGTH = 13; // RFC 6347 §4.1
    private static final int FIRST_TYPE = 20; // RFC 9443 §5: those of DTLS
    private static final int LAST_TYPE = 63;
    private static final int DTLS_1_0 = 0xFEFF; // also of the first records of a handshake for 1.2
    private static final int DTLS_1_2 = 0xFEFD;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What the engine is between. */
    interface Wire {

        /** Sends a protected datagram; borrowed for the call. */
        void transmit(ByteBuffer datagram);

        /** Takes a datagram that was protected; borrowed for the call. */
        void deliver(ByteBuffer datagram);

        /** The handshake is over, and datagrams can be sent. */
        void handshaken();

        /** The other end will send no more. */
        void ended();

        /** Runs {@code task} anywhere, and calls {@link DtlsEngine#calculated} when it is done. */
        void calculate(Runnable task);
    }

    private final SSLEngine engine;
    private final Wire wire;
    private final ByteBuffer outgoing = ByteBuffer.allocateDirect(LARGEST_RECORD);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(LARGEST_RECORD);
    private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
    private boolean calculating;
    private boolean handshaken;
    private boolean ended;

    DtlsEngine(SSLEngine engine, Wire wire) {
        this.engine = engine;
        this.wire = wire;
    }

    /** Begins the handshake. */
    void begin() throws SSLException {
        engine.beginHandshake();
        advance();
    }

    /** Sends the last flight of the handshake again, since no answer came (RFC 6347 §4.2.4); of no effect after it. */
    void retransmit() throws SSLException {
        if (!handshaken && !calculating && !ended && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            wrapFlight();
            advance();
        }
    }

    /** Takes a datagram from the other end. */
    void receive(ByteBuffer datagram) throws SSLException {
        if (!calculating) {
            read(datagram);
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(copyOf(datagram));
        }
    }

    private static ByteBuffer copyOf(ByteBuffer datagram) {
        return ByteBuffer.allocate(datagram.remaining())
                .put(datagram.duplicate())
                .flip();
    }

    /** The calculation that was asked for is done. */
    void calculated() throws SSLException {
        calculating = false;
        advance();
        while (!calculating && !waiting.isEmpty()) {
            read(waiting.remove());
        }
    }

    /** Reads record after record; what a calculation interrupts waits for its end. */
    private void read(ByteBuffer datagram) throws SSLException {
        while (!ended && isRecord(datagram)) {
            int before = datagram.remaining();
            unwrap(datagram);
            advance();
            if (datagram.remaining() == before) {
                return;
            }
            if (calculating && datagram.hasRemaining()) {
                waiting.addFirst(copyOf(datagram));
                return;
            }
        }
    }

    // Anyone can send us what is no record, and the engine would give up over it (RFC 6347 §4.1.2.7 wants it dropped).
    private static boolean isRecord(ByteBuffer datagram) {
        int start = datagram.position();
        if (datagram.remaining() < HEADER_LENGTH) {
            return false;
        }
        int type = datagram.get(start);
        int version = datagram.getShort(start + 1) & 0xFFFF;
        int length = datagram.getShort(start + HEADER_LENGTH - Short.BYTES) & 0xFFFF;
        return type >= FIRST_TYPE
                && type <= LAST_TYPE
                && (version == DTLS_1_0 || version == DTLS_1_2)
                && length <= datagram.remaining() - HEADER_LENGTH;
    }

    /**
     * Protects a datagram and sends it.
     *
     * @return false if it cannot be sent as one datagram
     */
    boolean send(ByteBuffer datagram) throws SSLException {
        if (!handshaken || ended) {
            return false;
        }
        ByteBuffer payload = datagram.duplicate();
        engine.wrap(payload, outgoing.clear());
        boolean whole = !payload.hasRemaining() && outgoing.position() > 0;
        if (whole) {
            wire.transmit(outgoing.flip());
        }
        return whole;
    }

    /** Tells the other end that nothing more comes. */
    void close() throws SSLException {
        ended = true;
        engine.closeOutbound();
        if (handshaken) {
            engine.wrap(NOTHING, outgoing.clear());
            wire.transmit(outgoing.flip());
        }
    }

    private void unwrap(ByteBuffer datagram) throws SSLException {
        SSLEngineResult result = engine.unwrap(datagram, plain.clear());
        if (plain.flip().hasRemaining() && handshaken) {
            wire.deliver(plain);
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            end();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            wire.ended();
        }
    }

    /** Does what the engine can do without another datagram. */
    private void advance() throws SSLException {
        for (int step = 0; step < MOST_STEPS && !ended && !calculating; step++) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> calculate();
                case NEED_WRAP -> wrapFlight();
                case NEED_UNWRAP_AGAIN -> unwrap(NOTHING.duplicate());
                case NEED_UNWRAP -> {
                    return;
                }
                default -> {
                    finish();
                    return;
                }
            }
        }
    }

    private void finish() {
        if (!handshaken) {
            handshaken = true;
            wire.handshaken();
        }
    }

    private void calculate() {
        Runnable task = engine.getDelegatedTask();
        if (task != null) {
            calculating = true;
            wire.calculate(task);
        }
    }

    private void wrapFlight() throws SSLException {
        for (int step = 0; step < MOST_STEPS; step++) {
            SSLEngineResult result = engine.wrap(NOTHING, outgoing.clear());
            if (outgoing.flip().hasRemaining()) {
                wire.transmit(outgoing);
            }
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                end();
                return;
            }
            if (engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
                return;
            }
        }
    }
}
