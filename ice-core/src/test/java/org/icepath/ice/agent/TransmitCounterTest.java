// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.agent.Bench.at;
import static org.icepath.ice.agent.Bench.host;
import static org.icepath.ice.agent.Bench.key;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.icepath.ice.CheckLoss;
import org.icepath.ice.IceRole;
import org.icepath.sansio.Base;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunClass;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.TransmitCounter;
import org.icepath.stun.auth.Integrity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7982: which transmission of a check was answered, and what got lost. */
class TransmitCounterTest {

    private final Bench bench = new Bench(IceRole.CONTROLLING, 1);
    private Base base = Bench.base("192.0.2.1", 5001);

    @BeforeEach
    void start() {
        base = bench.local("192.0.2.1", 1);
        bench.remote(bench.description(List.of(host("198.51.100.1", 6001, 1, "1", 65535))));
    }

    private static TransmitCounter counter(Bench.Sent message) {
        return message.message().get(Attributes.TRANSACTION_TRANSMIT_COUNTER).orElseThrow();
    }

    // §3.1: the counter is under the integrity, which is therefore made anew.
    @Test
    void eachTransmissionSaysWhichItIs() {
        bench.advance(Duration.ofSeconds(4));

        assertThat(bench.requests())
                .extracting(TransmitCounterTest::counter)
                .containsExactly(
                        new TransmitCounter(1, 0),
                        new TransmitCounter(2, 0),
                        new TransmitCounter(3, 0),
                        new TransmitCounter(4, 0));
        assertThat(bench.requests()).allSatisfy(request -> {
            assertThat(new Integrity().verify(request.message(), key(bench.theirs)))
                    .isTrue();
            assertThat(request.message().fingerprintMatches()).isTrue();
        });
        assertThat(bench.requests())
                .extracting(request -> request.message().transactionId())
                .containsOnly(bench.lastRequest().message().transactionId());
    }

    // §4: Karn's doubt is gone; §5: what is missing before the first answer was lost, and which way.
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1600, 0, 0", // a late answer to the first
        "3, 1, 90,   2, 0", // two requests lost
        "3, 3, 90,   0, 2", // two answers lost
        "3, 2, 90,   1, 1",
        "2, 1, -1,   1, 0", // when the second was sent is not kept
    })
    void anAnswerTellsItsRoundTripAndWhatWasLost(int request, int response, long millis, int requests, int answers) {
        Bench.Sent check = bench.lastRequest();
        bench.advance(Duration.ofMillis(1_600));
        assertThat(bench.requests()).as("control").hasSize(3);
        Bench.Sent answered = request == 1 ? check : bench.lastRequest();
        long wait = millis == 90 ? bench.lastRequest().at() + 90 * Bench.MS : check.at() + 1_600 * Bench.MS;
        bench.now = Math.max(bench.now, wait);

        bench.receive(base, check.to(), answer(check, request, response));

        PairSnapshot pair = bench.pairs().get(0);
        assertThat(pair.loss()).isEqualTo(new CheckLoss(requests, answers));
        if (millis < 0) {
            assertThat(pair.roundTripNanos()).isEmpty();
        } else {
            assertThat(pair.roundTripNanos()).hasValue(bench.now - answered.at());
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "1, 2", "1, 0", "0, 0", "255, 255"})
    void countersThatCannotBeTellNothing(int request, int response) {
        Bench.Sent check = bench.lastRequest();

        bench.receive(base, check.to(), answer(check, request, response));

        assertThat(bench.pairs().get(0).valid()).isTrue();
        assertThat(bench.pairs().get(0).loss()).isEqualTo(CheckLoss.NONE);
    }

    // §3.2: the answer repeats the request's number and counts itself.
    @Test
    void anAnswerRepeatsTheNumberAndCountsItself() {
        TransactionId id = TransactionId.next(new Random(7));
        for (int transmission = 1; transmission <= 3; transmission++) {
            bench.receive(base, at("198.51.100.1", 6001), check(id, transmission));
        }

        assertThat(bench.sent)
                .filteredOn(each -> each.message().messageClass() == StunClass.SUCCESS)
                .extracting(TransmitCounterTest::counter)
                .containsExactly(new TransmitCounter(1, 1), new TransmitCounter(2, 2), new TransmitCounter(3, 3));
    }

    // How often a request was answered is remembered of the last 32 of them: a peer makes us keep no more
    @Test
    void ofRequestsThatLieLongBackTheAnswersAreCountedAnew() {
        TransactionId first = TransactionId.next(new Random(7));
        Random random = new Random(8);
        bench.receive(base, at("198.51.100.1", 6001), check(first, 1));
        for (int other = 0; other < 32; other++) {
            bench.receive(base, at("198.51.100.1", 6001), check(TransactionId.next(random), 1));
        }

        bench.receive(base, at("198.51.100.1", 6001), check(first, 2));

        assertThat(bench.sent)
                .filteredOn(each -> each.message().messageClass() == StunClass.SUCCESS)
                .last()
                .extracting(TransmitCounterTest::counter)
                .isEqualTo(new TransmitCounter(2, 1));
    }

    @Test
    void anAnswerToACheckWithoutTheCounterHasNone() {
        bench.receive(
                base,
                at("198.51.100.1", 6001),
                bench.check(IceRole.CONTROLLED, 1)
                        .integrity(key(bench.ours))
                        .fingerprint()
                        .finish());

        assertThat(bench.sent)
                .filteredOn(each -> each.message().messageClass() == StunClass.SUCCESS)
                .hasSize(1)
                .noneMatch(each -> each.message().has(Attributes.TRANSACTION_TRANSMIT_COUNTER));
    }

    private ByteBuffer check(TransactionId id, int transmission) {
        return bench.check(IceRole.CONTROLLED, 1, id)
                .put(Attributes.TRANSACTION_TRANSMIT_COUNTER, new TransmitCounter(transmission, 0))
                .integrity(key(bench.ours))
                .fingerprint()
                .finish();
    }

    private ByteBuffer answer(Bench.Sent check, int request, int response) {
        StunMessage asked = check.message();
        return StunWriter.into(ByteBuffer.allocate(500))
                .respond(StunClass.SUCCESS, asked)
                .put(Attributes.XOR_MAPPED_ADDRESS, base.address())
                .put(Attributes.TRANSACTION_TRANSMIT_COUNTER, new TransmitCounter(request, response))
                .integrity(key(bench.theirs))
                .fingerprint()
                .finish();
    }
}
