// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.nat;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Output;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Fingerprint;
import org.icepath.stun.transaction.ClientTransactions;
import org.icepath.stun.transaction.RetransmitSchedule;
import org.icepath.stun.transaction.Transaction;

/** The Binding requests that wait, each with who wants to know what comes of it. Not thread-safe. */
final class Probes {

    /** Silence is an answer here, and it is heard after 5.5 s: four transmissions, and 2 s for the last one. */
    static final RetransmitSchedule SCHEDULE = new RetransmitSchedule(
            Duration.ofMillis(500).toNanos(), 4, 4, Duration.ofMillis(5_500).toNanos());

    private static final int MOST_WAITING = 256;
    private static final int LONGEST_REQUEST = 256;

    /** Takes what comes of one request. */
    interface Asker {

        /**
         * An answer has come.
         *
         * @param base where it arrived
         * @param from who sent it
         * @return whether that is the answer; else it goes on waiting
         */
        boolean answered(long now, Base base, InetSocketAddress from, StunMessage answer);

        /** The request itself has come back to us, by the outside of a NAT. */
        default boolean reflected(long now, Base base) {
            return false;
        }

        /** There was no answer. */
        void silent(long now);
    }

    private final ClientTransactions<Asker> transactions = new ClientTransactions<>(MOST_WAITING);
    private final StunWriter writer = new StunWriter();
    private final RandomGenerator random;

    Probes(RandomGenerator random) {
        this.random = random;
    }

    void send(long now, Base from, InetSocketAddress to, Asker asker) {
        send(now, from, to, asker, plain -> {});
    }

    void send(long now, Base from, InetSocketAddress to, Asker asker, Consumer<StunWriter> attributes) {
        TransactionId id = TransactionId.next(random);
        writer.wrap(ByteBuffer.allocate(LONGEST_REQUEST)).request(StunMethod.BINDING, id);
        attributes.accept(writer);
        transactions.start(now, id, asker, from, to, writer.fingerprint().finish(), SCHEDULE);
    }

    boolean handle(long now, Base base, InetSocketAddress from, StunMessage message) {
        Optional<Transaction<Asker>> found = transactions.find(message.transactionId());
        if (found.isEmpty() || !message.method().equals(StunMethod.BINDING) || !Fingerprint.absentOrRight(message)) {
            return false;
        }
        Asker asker = found.get().owner();
        boolean over = message.messageClass() == StunClass.REQUEST
                ? asker.reflected(now, base)
                : asker.answered(now, base, from, message);
        if (over) {
            transactions.forget(message.transactionId());
        }
        return true;
    }

    /** The address that an answer says we are seen under; empty for an error. */
    static Optional<InetSocketAddress> mapped(StunMessage answer) {
        return answer.messageClass() == StunClass.SUCCESS
                ? answer.get(Attributes.XOR_MAPPED_ADDRESS).or(() -> answer.get(Attributes.MAPPED_ADDRESS))
                : Optional.empty();
    }

    void handleTimeout(long now) {
        transactions.handleTimeout(now);
        for (Optional<Transaction<Asker>> each = transactions.pollTimedOut();
                each.isPresent();
                each = transactions.pollTimedOut()) {
            each.get().owner().silent(now);
        }
    }

    long nextTimeout() {
        return transactions.nextTimeout();
    }

    void drainTransmits(Output<?> out) {
        transactions.drainTransmits(out);
    }
}
