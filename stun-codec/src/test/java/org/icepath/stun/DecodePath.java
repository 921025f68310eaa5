// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun;

import java.nio.ByteBuffer;
import java.util.List;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;

/**
 * Every way in which the codec looks at a datagram, for tests that feed it anything: the only exception that may come of it is
 * {@link StunParseException}, and only where it is caught here.
 */
public final class DecodePath {

    private final IntegrityKey key = IntegrityKey.shortTerm(RfcVectors.PASSWORD);
    private final Integrity integrity = Integrity.acceptingTruncation(16);
    private final AttributeCursor cursor = new AttributeCursor();
    private final List<StunMessage> readers = List.of(new StunMessage(), new StunMessage(StunDialect.MIDCOM_TURN_08));
    private final byte[] into = new byte[64];
    private long unusedSum;

    /** Reads all there is to read, in every dialect, with and without cookie; answers how many times a message was found. */
    public int read(ByteBuffer datagram) {
        int found = 0;
        boolean stun = StunMessage.isStun(datagram);
        for (StunMessage message : readers) {
            for (boolean classic : new boolean[] {false, true}) {
                if (wrap(message, datagram, classic)) {
                    found++;
                    readMessage(message);
                } else if (stun && message.dialect() == StunDialect.RFC8489 && message.length() != 20) {
                    throw new AssertionError("a refused datagram left something behind");
                }
            }
        }
        return found;
    }

    private static boolean wrap(StunMessage message, ByteBuffer datagram, boolean classic) {
        try {
            if (classic) {
                message.wrapClassic(datagram);
            } else {
                message.wrap(datagram);
            }
            return true;
        } catch (StunParseException e) {
            return false;
        }
    }

    private void readMessage(StunMessage message) {
        unusedSum += message.method().name().length()
                + message.messageClass().name().length()
                + message.toString().length();
        unusedSum += message.matches(message.transactionId()) ? 1 : 0;
        unusedSum += message.unknownComprehensionRequired().length;
        unusedSum += Fingerprint.verify(message) ? 1 : 0;
        unusedSum += Fingerprint.absentOrRight(message) ? 1 : 0;
        unusedSum += integrity.verify(message, key) ? 1 : 0;
        for (Attribute<?> row : Attributes.all()) {
            readRow(message, row);
        }
        readAlong(cursor.over(message));
        readAlong(cursor.overAll(message));
    }

    private void readRow(StunMessage message, Attribute<?> row) {
        unusedSum += message.has(row) ? message.offset(row) + message.length(row) : 0;
        unusedSum += message.valueEquals(row, into) ? 1 : 0;
        try {
            unusedSum += message.get(row).map(Object::hashCode).orElse(0);
        } catch (StunParseException e) {
            requirePlace(e, row.name());
        }
    }

    private void readAlong(AttributeCursor attributes) {
        while (attributes.next()) {
            unusedSum += attributes.copyTo(into) + attributes.type();
            try {
                if (attributes.isAddress()) {
                    unusedSum += attributes.family().code() + attributes.port();
                    unusedSum += attributes.addressHigh() + attributes.addressLow();
                }
                unusedSum += attributes.uint8(0) + attributes.uint16(0) + attributes.uint32(0) + attributes.uint64(0);
            } catch (StunParseException e) {
                requirePlace(e, attributes.attribute().map(Attribute::name).orElse("0x"));
            }
        }
    }

    private static void requirePlace(StunParseException fault, String name) {
        if (!fault.place().startsWith(name)) {
            throw new AssertionError(fault.place() + " is not a place in " + name, fault);
        }
    }
}
