// SPDX-License-Identifier: Apache-2.0
package org.icepath.stun.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.icepath.sansio.Base;
import org.icepath.sansio.Machine;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.TransactionId;
import org.junit.jupiter.api.Test;

class ClientTransactionsTest {

    private static final long MS = 1_000_000;
    private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 3478);
    private static final InetSocketAddress LOCAL = new InetSocketAddress("10.0.0.1", 40_000);
    private static final Base UDP = new Base(1, Transport.UDP, LOCAL);
    private static final Base TCP = new Base(2, Transport.TCP, LOCAL);

    private final Random random = new Random(1);
    private final ClientTransactions<String> transactions = new ClientTransactions<>(4);
    private final List<Long> sent = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();
    private long now;

    // RFC 8489 §6.2.1: "0 ms, 500 ms, 1500 ms, 3500 ms, 7500 ms, 15500 ms, and 31500 ms … failed after 39500 ms"
    @Test
    void requestOverUdpIsSentSevenTimesAndFailsAfter39500Ms() {
        start("a", UDP, RetransmitSchedule.RFC8489);

        runToEnd();

        assertThat(sent).containsExactly(0L, 500L, 1_500L, 3_500L, 7_500L, 15_500L, 31_500L);
        assertThat(failed).containsExactly("a at 39500");
        assertThat(RetransmitSchedule.RFC8489.timeoutNanos(false)).isEqualTo(39_500 * MS);
    }

    // RFC 8489 §6.2.2: over a reliable transport once, and Ti = 39.5 s
    @Test
    void requestOverTcpIsSentOnce() {
        start("a", TCP, RetransmitSchedule.RFC8489);

        runToEnd();

        assertThat(sent).containsExactly(0L);
        assertThat(failed).containsExactly("a at 39500");
    }

    @Test
    void longerRtoStretchesEveryStep() {
        start("a", UDP, new RetransmitSchedule(500 * MS, 3, 4, MS).withRto(Duration.ofSeconds(1)));

        runToEnd();

        assertThat(sent).containsExactly(0L, 1_000L, 3_000L);
        assertThat(failed).containsExactly("a at 7000");
    }

    // RFC 8489 §6.2.1: RTO SHOULD be 500 ms or more
    @Test
    void rtoBelowHalfASecondIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetransmitSchedule.RFC8489.withRto(Duration.ofMillis(499)))
                .withMessageContaining("PT0.499S");
    }

    @Test
    void answeredRequestIsNeitherSentAgainNorReported() {
        TransactionId id = start("a", UDP, RetransmitSchedule.RFC8489);
        step();
        now = 30 * MS;

        Transaction<String> transaction = transactions.complete(id);

        assertThat(transaction.roundTripNanos(now)).hasValue(30 * MS);
        assertThat(transactions.find(id)).isEmpty();
        assertThat(transactions.nextTimeout()).isEqualTo(Machine.NEVER);
        runToEnd();
        assertThat(sent).containsExactly(0L);
        assertThat(failed).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> transactions.complete(id));
    }

    // Karn's algorithm, RFC 8489 §6.2.1: nobody knows which of the two requests was answered
    @Test
    void roundTripIsUnknownAfterARetransmission() {
        TransactionId id = start("a", UDP, RetransmitSchedule.RFC8489);
        step();
        now = 500 * MS;
        step();

        Transaction<String> transaction = transactions.complete(id);

        assertThat(transaction.transmissions()).isEqualTo(2);
        assertThat(transaction.sentAt()).isZero();
        assertThat(transaction.lastSentAt()).isEqualTo(500 * MS);
        assertThat(transaction.roundTripNanos(now)).isEmpty();
    }

    // RFC 8445 §7.3.1.4: no retransmission, no failure, but an answer counts for the duration of the transaction
    @Test
    void cancelledRequestIsSilentButStillTakesItsAnswer() {
        TransactionId id = start("a", UDP, RetransmitSchedule.RFC8489);
        step();
        now = 600 * MS;
        step();

        transactions.cancel(id);

        assertThat(transactions.nextTimeout()).isEqualTo(39_500 * MS);
        now = 39_499 * MS;
        step();
        assertThat(transactions.find(id))
                .hasValueSatisfying(a -> assertThat(a.cancelled()).isTrue());
        runToEnd();
        assertThat(sent).containsExactly(0L, 600L);
        assertThat(failed).isEmpty();
        assertThat(transactions.find(id)).isEmpty();
    }

    @Test
    void requestCancelledWithALastOneIsSentOnceMoreAndThenSilent() {
        TransactionId id = start("a", UDP, RetransmitSchedule.RFC8489);
        step();
        now = 30 * MS;

        transactions.cancelWithLastRequest(now, id);
        step();
        Transaction<String> transaction = transactions.find(id).orElseThrow();

        assertThat(transaction.roundTripNanos(now)).isEmpty(); // sent twice: nobody can tell
        runToEnd();
        assertThat(sent).containsExactly(0L, 30L);
        assertThat(failed).isEmpty();
    }

    @Test
    void requestThatEndsBeforeTheDrainIsNotSent() {
        TransactionId forgotten = start("a", UDP, RetransmitSchedule.RFC8489);
        start("b", UDP, RetransmitSchedule.RFC8489);
        transactions.forget(forgotten);

        step();

        assertThat(sent).hasSize(1);
        assertThat(transactions.waiting()).extracting(Transaction::owner).containsExactly("b");
    }

    @Test
    void lateTimerSendsOnceAndCountsFromThen() {
        start("a", UDP, RetransmitSchedule.RFC8489);
        step();
        now = 10_000 * MS;

        step();

        assertThat(sent).containsExactly(0L, 10_000L);
        assertThat(transactions.nextTimeout()).isEqualTo(11_000 * MS);
    }

    @Test
    void fullSetRefusesUnlessOneIsCancelled() {
        TransactionId first = start("1", UDP, RetransmitSchedule.RFC8489);
        List.of("2", "3", "4").forEach(each -> start(each, UDP, RetransmitSchedule.RFC8489));
        assertThat(transactions.isFull()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> start("5", UDP, RetransmitSchedule.RFC8489));

        transactions.cancel(first);
        start("6", UDP, RetransmitSchedule.RFC8489);

        assertThat(transactions.waiting()).extracting(Transaction::owner).containsExactly("2", "3", "4", "6");
    }

    @Test
    void idThatWaitsAlreadyIsRefused() {
        TransactionId id = start("a", UDP, RetransmitSchedule.RFC8489);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> transactions.start(
                        now, id, "b", UDP, SERVER, ByteBuffer.allocate(20), RetransmitSchedule.RFC8489));
    }

    @Test
    void bytesOfTheRequestAreCopiedAtTheStart() {
        ByteBuffer request =
                ByteBuffer.wrap(new byte[] {9, 1, 2, 9}).position(1).limit(3);
        transactions.start(now, TransactionId.next(random), "a", UDP, SERVER, request, RetransmitSchedule.RFC8489);
        request.put(1, (byte) 7);
        List<ByteBuffer> payloads = new ArrayList<>();

        transactions.drainTransmits(new Recorder(payloads));

        assertThat(request.position()).isEqualTo(1);
        assertThat(payloads).containsExactly(ByteBuffer.wrap(new byte[] {1, 2}));
    }

    @Test
    void transactionsOfDifferentAgesKeepTheirOwnTimes() {
        start("a", UDP, RetransmitSchedule.RFC8489);
        now = 200 * MS;
        TransactionId second = start("b", UDP, RetransmitSchedule.RFC8489);
        assertThat(transactions.nextTimeout()).isEqualTo(500 * MS);
        now = 500 * MS;
        step();
        assertThat(transactions.nextTimeout()).isEqualTo(700 * MS);

        transactions.complete(second);

        assertThat(transactions.nextTimeout()).isEqualTo(1_500 * MS);
    }

    private TransactionId start(String owner, Base base, RetransmitSchedule schedule) {
        TransactionId id = TransactionId.next(random);
        transactions.start(now, id, owner, base, SERVER, ByteBuffer.allocate(20), schedule);
        return id;
    }

    private void runToEnd() {
        step();
        while (transactions.nextTimeout() != Machine.NEVER) {
            now = transactions.nextTimeout();
            step();
        }
    }

    private void step() {
        transactions.handleTimeout(now);
        for (var end = transactions.pollTimedOut(); end.isPresent(); end = transactions.pollTimedOut()) {
            failed.add(end.get().owner() + " at " + now / MS);
        }
        transactions.drainTransmits(new Recorder(new ArrayList<>()));
    }

    private final class Recorder implements Output<Object> {

        private final List<ByteBuffer> payloads;

        Recorder(List<ByteBuffer> payloads) {
            this.payloads = payloads;
        }

        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            assertThat(to).isEqualTo(SERVER);
            sent.add(now / MS);
            payloads.add(ByteBuffer.allocate(payload.remaining()).put(payload).flip());
        }

        @Override
        public void event(Object event) {
            throw new AssertionError("transactions report nothing");
        }
    }
}
