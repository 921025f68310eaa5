// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.icepath.testkit.edge.MsRelayKeys;
import org.icepath.testkit.edge.MsRelayService;
import org.icepath.turn.TurnCredentials;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.mras.MrasException;
import org.icepath.turn.mras.MrasReason;
import org.icepath.turn.mras.MrasRequest;
import org.icepath.turn.mras.MrasResponse;
import org.icepath.turn.mras.RelayLocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When credentials are asked for, and when they are asked for again. */
class MediaRelayCredentialsTest {

    private static final Duration EIGHT_HOURS = Duration.ofHours(8);
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final MsRelayService service = new MsRelayService(
            MsRelayKeys.of("one", "two"), EIGHT_HOURS, () -> now, new InetSocketAddress("192.0.2.1", 3_478), 443);
    private final Deque<CompletableFuture<String>> waiting = new ArrayDeque<>();
    private final MediaRelayCredentials credentials = new MediaRelayCredentials(
            this::exchange, "sip:a@example.com", "sip:mras@example.com", RelayLocation.INTERNET, () -> now);
    private final IdleScheduler scheduler = new IdleScheduler();
    private String lastBody = "";

    private CompletionStage<String> exchange(String to, String contentType, String body) {
        assertThat(to).isEqualTo("sip:mras@example.com");
        assertThat(contentType).isEqualTo(MrasRequest.CONTENT_TYPE);
        lastBody = body;
        CompletableFuture<String> answer = new CompletableFuture<>();
        waiting.add(answer);
        return answer;
    }

    private String namespace() {
        return lastBody.replaceAll("(?s).*xmlns=\"([^\"]*)\".*", "$1");
    }

    private void answer() {
        waiting.remove().complete(service.answer(lastBody));
    }

    private MrasResponse got() {
        CompletableFuture<MrasResponse> current = credentials.current().toCompletableFuture();
        if (!waiting.isEmpty()) {
            answer();
        }
        return current.join();
    }

    @Test
    void manyCallersShareOneRequest() {
        CompletableFuture<MrasResponse> one = credentials.current().toCompletableFuture();
        CompletableFuture<MrasResponse> other = credentials.current().toCompletableFuture();
        answer();

        assertThat(one).isCompletedWithValueMatching(response -> response.reason() == MrasReason.OK);
        assertThat(other.join()).isSameAs(one.join());
        assertThat(service.requests()).isEqualTo(1);
    }

    @Test
    void whatIsGoodServesAndIsRenewedBeforeItRunsOut() {
        MrasResponse first = got();
        now = now.plus(EIGHT_HOURS).minus(Duration.ofMinutes(11));
        assertThat(got()).isSameAs(first);

        now = now.plus(Duration.ofMinutes(2));
        MrasResponse second = got();

        assertThat(second).isNotSameAs(first);
        assertThat(service.requests()).isEqualTo(2);
        assertThat(credentials.renewAt()).isEqualTo(now.plus(EIGHT_HOURS).minus(Duration.ofMinutes(10)));
    }

    @Test
    void aRenewalThatFailsHarmsNobodyWhileTheOldOnesAreGood() {
        MrasResponse first = got();
        now = now.plus(EIGHT_HOURS).minus(Duration.ofMinutes(5));
        CompletableFuture<MrasResponse> current = credentials.current().toCompletableFuture();
        waiting.remove().completeExceptionally(new IllegalStateException("503"));

        assertThat(current.join()).isSameAs(first);
        assertThat(got()).as("not asked again at once").isSameAs(first);
        now = now.plus(Duration.ofMinutes(1));
        assertThat(got()).isNotSameAs(first);
    }

    @Test
    void credentialsThatHaveRunOutServeNobody() {
        got();
        now = now.plus(EIGHT_HOURS);
        CompletableFuture<MrasResponse> current = credentials.current().toCompletableFuture();
        waiting.remove().completeExceptionally(new IllegalStateException("503"));

        assertThat(current).isCompletedExceptionally();
    }

    @Test
    void aRefusalIsToldWithItsReason() {
        CompletableFuture<MrasResponse> current = credentials.current().toCompletableFuture();
        waiting.remove()
                .complete("<response requestID=\"1\" reasonPhrase=\"Server Busy\" xmlns=\"" + namespace() + "\"/>");

        assertThatThrownBy(current::join).cause().isInstanceOfSatisfying(MrasException.class, refused -> assertThat(
                        refused.reason())
                .isEqualTo(MrasReason.SERVER_BUSY));
    }

    @ParameterizedTest
    @CsvSource({
        "No Licence, the service answered \"No Licence\"",
        "Server Busy, the service answered \"Server Busy\"",
        "OK, 'the service answered \"OK\", but without credentials'",
        "'', the service answered without a reason"
    })
    void aRefusalSaysWhatTheServiceSaid(String phrase, String told) {
        CompletableFuture<MrasResponse> current = credentials.current().toCompletableFuture();
        waiting.remove().complete("<response reasonPhrase=\"" + phrase + "\" xmlns=\"" + namespace() + "\"/>");

        assertThatThrownBy(current::join)
                .cause()
                .isInstanceOfSatisfying(MrasException.class, refused -> assertThat(refused.reason())
                        .isEqualTo(phrase.equals("Server Busy") ? MrasReason.SERVER_BUSY : MrasReason.UNKNOWN))
                .hasMessage(told);
    }

    @Test
    void theServiceIsAskedForWhatIsWishedEachTimeUnderAnIdOfItsOwn() {
        MrasRequest wish = MrasRequest.of("x", "sip:a@example.com", "sip:mras@example.com", RelayLocation.INTRANET)
                .forAllLocations()
                .lasting(Duration.ofHours(1))
                .by(MrasRequest.Route.LOAD_BALANCED);
        MediaRelayCredentials wishing = new MediaRelayCredentials(this::exchange, wish, () -> now);

        for (String id : List.of("1", "2")) {
            CompletableFuture<MrasResponse> current = wishing.current().toCompletableFuture();
            assertThat(lastBody)
                    .isEqualTo(wish.toXml().replace("\"x\"", "\"" + id + "\""))
                    .contains("equestID=\"" + id + "\"");
            answer();
            assertThat(current).isCompleted();
            now = now.plus(EIGHT_HOURS);
        }
    }

    // A SIP stack may lose a transaction, and never say so: others must not wait for it for ever
    @Test
    void anExchangeThatNeverEndsIsGivenUpAndTheServiceAskedAnew() {
        MediaRelayCredentials impatient = new MediaRelayCredentials(
                this::exchange,
                MrasRequest.of("", "sip:a@example.com", "sip:mras@example.com", RelayLocation.INTERNET),
                () -> now,
                Duration.ofMillis(1));

        for (int request = 1; request <= 2; request++) {
            CompletableFuture<MrasResponse> current = impatient.current().toCompletableFuture();
            assertThatThrownBy(current::join).cause().isInstanceOfSatisfying(MrasException.class, refused -> assertThat(
                            refused.reason())
                    .isEqualTo(MrasReason.TIME_OUT));
            assertThat(waiting).hasSize(request);
        }

        answer();
        assertThat(impatient.renewAt()).as("what comes too late is no answer").isEqualTo(now);
    }

    @Test
    void anAnswerToAnotherRequestIsNone() {
        CompletableFuture<MrasResponse> current = credentials.current().toCompletableFuture();
        waiting.remove().complete(service.answer(lastBody.replace("requestID=\"1\"", "requestID=\"7\"")));

        assertThatThrownBy(current::join).hasMessageContaining("another request");
    }

    @Test
    void aServerThatTakesThemNoLongerGetsOthersAndOneThatHasOlderOnesTheCurrent() {
        TurnCredentials first = supplied("");
        TurnCredentials second = supplied(first.username());

        assertThat(second).isNotEqualTo(first);
        assertThat(got().credentials().orElseThrow().usernameText()).isEqualTo(second.username());
        assertThat(supplied(first.username()).username()).isEqualTo(second.username());
        assertThat(service.requests()).isEqualTo(2);
    }

    @Test
    void whatItSuppliesSaysWhenToRenewIt() {
        assertThat(supplied("").renewAfter()).contains(EIGHT_HOURS.minus(Duration.ofMinutes(10)));

        now = now.plus(Duration.ofHours(7));

        assertThat(supplied("").renewAfter()).contains(Duration.ofMinutes(50));
    }

    @Test
    void whatIsKeptFreshIsRenewedThoughNobodyAsks() throws Exception {
        AutoCloseable keeping = credentials.keepFresh(scheduler);
        answer();
        assertThat(scheduler.waits).containsExactly(EIGHT_HOURS.minus(Duration.ofMinutes(10)));

        now = credentials.renewAt();
        scheduler.runNext();
        answer();

        assertThat(service.requests()).isEqualTo(2);
        assertThat(credentials.renewAt()).isEqualTo(now.plus(EIGHT_HOURS).minus(Duration.ofMinutes(10)));
        assertThat(scheduler.waits).hasSize(2);
        keeping.close();
    }

    @Test
    void aServiceThatIsDownIsAskedOnceAMinuteAlsoWhenAllHasRunOut() throws Exception {
        AutoCloseable keeping = credentials.keepFresh(scheduler);
        waiting.remove().completeExceptionally(new IllegalStateException("503"));
        assertThat(scheduler.waits).containsExactly(A_MINUTE);
        scheduler.runNext();
        answer();

        for (int i = 0; i < 15; i++) {
            now = now.plus(scheduler.waits.get(scheduler.waits.size() - 1));
            scheduler.runNext();
            waiting.remove().completeExceptionally(new IllegalStateException("503"));
        }

        assertThat(now).as("control: all has run out").isAfter(credentials.renewAt());
        assertThat(scheduler.waits.subList(2, scheduler.waits.size())).containsOnly(A_MINUTE);
        keeping.close();
    }

    @Test
    void whatIsKeptFreshNoLongerLeavesNothingBehind() throws Exception {
        AutoCloseable keeping = credentials.keepFresh(scheduler);
        answer();
        keeping.close();
        scheduler.shutdown();
        assertThat(scheduler.isTerminated()).isTrue();

        IdleScheduler other = new IdleScheduler();
        now = now.plus(EIGHT_HOURS);
        AutoCloseable asking = credentials.keepFresh(other);
        asking.close();
        answer();
        assertThat(other.waits).isEmpty();
    }

    /** Runs what it is given when it is told to, and has no threads. */
    private static final class IdleScheduler extends ScheduledThreadPoolExecutor {

        final List<Duration> waits = new ArrayList<>();

        IdleScheduler() {
            super(1, task -> null);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            waits.add(Duration.of(delay, unit.toChronoUnit()));
            return super.schedule(task, delay, unit);
        }

        void runNext() {
            Runnable task = getQueue().element();
            assertThat(getQueue().remove(task)).isTrue();
            task.run();
        }
    }

    private TurnCredentials supplied(String inPlaceOf) {
        TurnEvent.CredentialsWanted wanted = new TurnEvent.CredentialsWanted(
                new TurnFailure(TurnFailure.Kind.UNAUTHORIZED, 436, "unknown"), "rtcmedia", "", inPlaceOf);
        CompletableFuture<TurnCredentials> supplying =
                credentials.supply(wanted).toCompletableFuture();
        if (!waiting.isEmpty()) {
            answer();
        }
        return supplying.join();
    }
}
