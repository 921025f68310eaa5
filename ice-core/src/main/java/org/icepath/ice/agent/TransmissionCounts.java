// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import org.icepath.ice.CheckLoss;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.TransmitCounter;
import org.icepath.stun.transaction.Transaction;

/** Which transmission of a request and of its answer arrived (RFC 7982). Not thread-safe. */
final class TransmissionCounts {

    private static final int MOST_REMEMBERED = 32; // requests that are being sent again at a time; others count anew
    private static final int MOST_COUNTED = 255;

    private final ArrayDeque<Answered> answers = new ArrayDeque<>(0);

    /** How often a request was answered. */
    private static final class Answered {
        private final TransactionId request;
        private int times;

        Answered(TransactionId request) {
            this.request = request;
        }
    }

    /** Says of a request which transmission it is (RFC 7982 §3.1). */
    static void number(StunWriter request, int transmission) {
        request.put(
                Attributes.TRANSACTION_TRANSMIT_COUNTER, new TransmitCounter(Math.min(transmission, MOST_COUNTED), 0));
    }

    /** Says of an answer what the request said of itself, and which answer to the same request it is (RFC 7982 §3.2). */
    void answer(StunWriter answer, StunMessage request) {
        Optional<TransmitCounter> counter = request.get(Attributes.TRANSACTION_TRANSMIT_COUNTER);
        if (counter.isPresent()) {
            int count = Math.min(++answered(request.transactionId()).times, MOST_COUNTED);
            answer.put(
                    Attributes.TRANSACTION_TRANSMIT_COUNTER,
                    new TransmitCounter(counter.get().request(), count));
        }
    }

    private Answered answered(TransactionId request) {
        for (Answered known : answers) {
            if (known.request.equals(request)) {
                return known;
            }
        }
        if (answers.size() >= MOST_REMEMBERED) {
            answers.remove();
        }
        Answered fresh = new Answered(request);
        answers.add(fresh);
        return fresh;
    }

    /** The round trip that an answer shows, also after retransmissions if it tells which request it answers (RFC 7982 §4). */
    static OptionalLong roundTripNanos(long now, Transaction<?> transaction, StunMessage answer) {
        Optional<TransmitCounter> counter = answer.get(Attributes.TRANSACTION_TRANSMIT_COUNTER);
        if (counter.isEmpty()) {
            return transaction.roundTripNanos(now);
        }
        int request = counter.get().request();
        if (request == 1) {
            return OptionalLong.of(now - transaction.sentAt());
        }
        return request == transaction.transmissions()
                ? OptionalLong.of(now - transaction.lastSentAt())
                : OptionalLong.empty();
    }

    /** What was lost before this answer, the first to arrive (RFC 7982 §5). */
    static CheckLoss loss(Transaction<?> transaction, StunMessage answer) {
        Optional<TransmitCounter> counter = answer.get(Attributes.TRANSACTION_TRANSMIT_COUNTER);
        if (counter.isEmpty()) {
            return CheckLoss.NONE;
        }
        int request = counter.get().request();
        int response = counter.get().response();
        boolean possible = request >= response && response >= 1 && request <= transaction.transmissions();
        return possible && request > 1 ? new CheckLoss(request - response, response - 1) : CheckLoss.NONE;
    }
}
