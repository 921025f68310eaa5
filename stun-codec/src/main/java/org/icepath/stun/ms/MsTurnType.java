// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.ms;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;

/**
 * The message types of MS-TURN, as the 16 bits that stand in the header: the class bits of the standard do not apply to all of them
 * ([MS-TURN] §2.2.1, seen).
 */
public enum MsTurnType {
    ALLOCATE_REQUEST(0x0003),
    ALLOCATE_RESPONSE(0x0103),
    ALLOCATE_ERROR(0x0113),
    /** Data to a peer; no answer of any kind belongs to it. */
    SEND_REQUEST(0x0004),
    /** Forbidden to servers, and sent by one nevertheless. */
    SEND_ERROR(0x0114),
    /** Data from a peer; under the class bits of the standard it would be an error response. */
    DATA_INDICATION(0x0115),
    SET_ACTIVE_DESTINATION_REQUEST(0x0006),
    SET_ACTIVE_DESTINATION_RESPONSE(0x0106),
    SET_ACTIVE_DESTINATION_ERROR(0x0116);

    private static final MsTurnType[] ALL = values();

    private final int bits;

    MsTurnType(int bits) {
        this.bits = bits;
    }

    /** The 16 bits. */
    public int bits() {
        return bits;
    }

    /** The type of a message, empty when this dialect has no such type. */
    public static Optional<MsTurnType> of(StunMessage message) {
        int type = message.type();
        for (MsTurnType candidate : ALL) {
            if (candidate.bits == type) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /**
     * Begins a message of this type, its cookie included.
     *
     * @param writer one of {@link MsTurnDialect}, with a buffer
     */
    public StunWriter begin(StunWriter writer, TransactionId id) {
        return begin(writer, MsTurnDialect.SHA1.headerWord(id), id);
    }

    /** Begins a message of this type that nobody answers: it gets an id of its own, and no object for it. */
    public StunWriter begin(StunWriter writer, RandomGenerator random) {
        writer.header(bits, random.nextInt(), random.nextInt(), random.nextLong());
        MsTurnDialect.SHA1.begin(writer);
        return writer;
    }

    /** Begins the answer to a request. */
    public StunWriter answer(StunWriter writer, StunMessage request) {
        return begin(writer, request.headerWord(), request.transactionId());
    }

    private StunWriter begin(StunWriter writer, int headerWord, TransactionId id) {
        MsTurnDialect.SHA1.begin(writer.header(bits, headerWord, id));
        return writer;
    }
}
