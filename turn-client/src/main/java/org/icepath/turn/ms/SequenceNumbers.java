// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import java.nio.ByteBuffer;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.ms.MsSequenceNumber;
import org.icepath.stun.ms.MsTurnAttributes;

/**
 * The numbers of an allocation's requests ([MS-TURN] §2.2.2.21): the server gives the first with its connection id. They go up with every
 * request, whatever becomes of it; a number twice is answered as the first time (seen). Not thread-safe; a number costs no object.
 */
final class SequenceNumbers {

    private static final int ID_LENGTH = 20;

    /** Connection id and number as they stand in a message; empty before the server has given them. */
    private byte[] value = {};

    /** Takes what an answer says: of another connection, numbers begin anew. */
    void learn(StunMessage answer) {
        answer.get(MsTurnAttributes.SEQUENCE_NUMBER)
                .filter(number -> number.connectionId().length == ID_LENGTH)
                .filter(number -> !isOfThisConnection(number))
                .ifPresent(number -> value = ByteBuffer.allocate(ID_LENGTH + Integer.BYTES)
                        .put(number.connectionId())
                        .putInt((int) number.number())
                        .array());
    }

    private boolean isOfThisConnection(MsSequenceNumber number) {
        return areGiven() && ByteBuffer.wrap(value, 0, ID_LENGTH).equals(ByteBuffer.wrap(number.connectionId()));
    }

    /** Whether the server has given any. */
    boolean areGiven() {
        return value.length > 0;
    }

    /** Writes the next one, if the server has given any. */
    void putNext(StunWriter writer) {
        if (areGiven()) {
            boolean carry = true;
            for (int at = value.length - 1; carry && at >= ID_LENGTH; at--) {
                carry = ++value[at] == 0;
            }
            writer.putBytes(MsTurnAttributes.SEQUENCE_NUMBER, value);
        }
    }
}
