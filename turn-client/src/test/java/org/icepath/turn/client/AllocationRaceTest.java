// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.icepath.sansio.Transport;
import org.icepath.turn.ServerAddress;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnFailure.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In the virtual time of an event loop that stands still. What is allocated is the name of the place. */
class AllocationRaceTest {

    private static final ServerAddress UDP = place(Transport.UDP, "192.0.2.1");
    private static final ServerAddress TCP = place(Transport.TCP, "192.0.2.1");
    private static final ServerAddress UDP_ELSEWHERE = place(Transport.UDP, "192.0.2.2");
    private static final ServerAddress TCP_ELSEWHERE = place(Transport.TCP, "192.0.2.2");

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Begun> begun = new ArrayList<>();
    private final List<String> released = new ArrayList<>();
    private long now;

    private record Begun(ServerAddress place, long at, CompletableFuture<String> outcome) {}

    AllocationRaceTest() {
        channel.freezeTime();
    }

    @AfterEach
    void tearDown() {
        channel.close();
    }

    private static ServerAddress place(Transport transport, String host) {
        return new ServerAddress(transport, new InetSocketAddress(host, 3_478));
    }

    private CompletableFuture<String> race(ServerAddress... places) {
        CompletableFuture<String> winner =
                new AllocationRace<>(channel.eventLoop(), List.of(places), this::begin).start();
        channel.runPendingTasks();
        return winner;
    }

    private AllocationRace.Runner<String> begin(ServerAddress place) {
        String name = place.transport() + " " + begun.size();
        Begun added = new Begun(place, now, new CompletableFuture<>());
        begun.add(added);
        return new AllocationRace.Runner<>(added.outcome(), () -> released.add(name));
    }

    private void advance(int millis) {
        for (int i = 0; i < millis; i++) {
            now++;
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            channel.runPendingTasks();
        }
    }

    private void allocated(int runner) {
        begun.get(runner).outcome().complete(begun.get(runner).place().transport() + " " + runner);
        channel.runPendingTasks();
    }

    private void failed(int runner, Kind kind, int code) {
        String detail = "of " + runner;
        begun.get(runner).outcome().completeExceptionally(new TurnException(new TurnFailure(kind, code, detail)));
        channel.runPendingTasks();
    }

    private static TurnFailure failure(CompletableFuture<String> winner) {
        assertThat(winner).isCompletedExceptionally();
        Throwable cause =
                catchThrowableOfType(CompletionException.class, winner::join).getCause();
        return ((TurnException) Objects.requireNonNull(cause)).failure();
    }

    private List<ServerAddress> asked() {
        return begun.stream().map(Begun::place).toList();
    }

    private List<Long> askedAt() {
        return begun.stream().map(Begun::at).toList();
    }

    // RFC 8305 §5, RFC 5928 §3
    @Test
    void anAddressHasAHeadStartAndATransportALongerOne() {
        CompletableFuture<String> winner = race(UDP, UDP_ELSEWHERE, TCP, TCP_ELSEWHERE);

        advance(3_000);

        assertThat(asked()).containsExactly(UDP, UDP_ELSEWHERE, TCP, TCP_ELSEWHERE);
        assertThat(askedAt()).containsExactly(0L, 250L, 1_250L, 1_500L);
        assertThat(winner).isNotDone();
    }

    @Test
    void theFirstThatAllocatesWinsAndTheOthersAreReleased() {
        CompletableFuture<String> winner = race(UDP, UDP_ELSEWHERE, TCP);
        advance(300);

        allocated(1);
        advance(3_000);

        assertThat(winner).isCompletedWithValue("UDP 1");
        assertThat(asked()).as("nobody else is asked").hasSize(2);
        assertThat(released).containsExactly("UDP 0");
    }

    @Test
    void whatIsAllocatedTooLateIsReleased() {
        CompletableFuture<String> winner = race(UDP, UDP_ELSEWHERE);
        advance(300);

        begun.get(1).outcome().complete("first");
        begun.get(0).outcome().complete("late");
        channel.runPendingTasks();

        assertThat(winner).isCompletedWithValue("first");
        assertThat(released).contains("UDP 0").doesNotContain("UDP 1");
    }

    @Test
    void aServerThatAnswersInTimeIsAskedByOneTransport() {
        CompletableFuture<String> winner = race(UDP, TCP);

        advance(999);
        allocated(0);
        advance(3_000);

        assertThat(winner).isCompletedWithValue("UDP 0");
        assertThat(asked()).containsExactly(UDP);
    }

    @Test
    void aPlaceThatCannotBeReachedMakesWayAtOnce() {
        CompletableFuture<String> winner = race(UDP, TCP);
        advance(10);

        failed(0, Kind.UNREACHABLE, 0);
        assertThat(askedAt()).containsExactly(0L, 10L);
        allocated(1);

        assertThat(winner).isCompletedWithValue("TCP 1");
        assertThat(released).containsExactly("UDP 0");
    }

    // Whoever is not let in over UDP is not let in over TCP; another member of the pool may know him.
    @Test
    void aServerThatHasSaidNoIsNotAskedByAnotherTransport() {
        CompletableFuture<String> winner = race(UDP, UDP_ELSEWHERE, TCP, TCP_ELSEWHERE);

        failed(0, Kind.UNAUTHORIZED, 401);
        advance(3_000);
        assertThat(asked()).containsExactly(UDP, UDP_ELSEWHERE, TCP_ELSEWHERE);
        failed(1, Kind.TIMED_OUT, 0);
        failed(2, Kind.UNREACHABLE, 0);

        assertThat(failure(winner)).isEqualTo(new TurnFailure(Kind.UNAUTHORIZED, 401, "of 0"));
    }

    @Test
    void whatAServerHasSaidIsToldRatherThanThatNothingLeadsToAnother() {
        CompletableFuture<String> winner = race(UDP, UDP_ELSEWHERE, TCP);
        advance(2_000);

        failed(1, Kind.QUOTA_REACHED, 486);
        failed(2, Kind.UNREACHABLE, 0);
        assertThat(winner).as("one is left").isNotDone();
        failed(0, Kind.TIMED_OUT, 0);

        assertThat(failure(winner).code()).isEqualTo(486);
        assertThat(released).hasSize(3);
    }

    @Test
    void ofEqualFailuresThatOfTheBestPlaceIsTold() {
        CompletableFuture<String> winner = race(UDP, TCP);
        advance(2_000);

        failed(1, Kind.UNREACHABLE, 0);
        failed(0, Kind.UNREACHABLE, 0);

        assertThat(failure(winner).detail()).isEqualTo("of 0");
    }

    // RFC 8656 §7.4
    @Test
    void aPortThatTheServerKnowsIsReplacedTwice() {
        CompletableFuture<String> winner = race(UDP);

        failed(0, Kind.NEW_LOCAL_PORT_NEEDED, 437);
        failed(1, Kind.NEW_LOCAL_PORT_NEEDED, 437);
        assertThat(asked()).containsExactly(UDP, UDP, UDP);
        failed(2, Kind.NEW_LOCAL_PORT_NEEDED, 437);

        assertThat(asked()).hasSize(3);
        assertThat(failure(winner).kind()).isEqualTo(Kind.NEW_LOCAL_PORT_NEEDED);
        assertThat(released).containsExactly("UDP 0", "UDP 1", "UDP 2");
    }

    @Test
    void eachPlaceHasItsNewPortsAndNoOtherFailureTakesThem() {
        CompletableFuture<String> winner = race(UDP, UDP_ELSEWHERE);
        advance(300);

        failed(0, Kind.NEW_LOCAL_PORT_NEEDED, 437);
        begun.get(1).outcome().completeExceptionally(new IllegalStateException("no failure of a server"));
        channel.runPendingTasks();
        assertThat(asked()).as("not the port of the other").containsExactly(UDP, UDP_ELSEWHERE, UDP);
        failed(2, Kind.NEW_LOCAL_PORT_NEEDED, 437);
        allocated(3);

        assertThat(winner).isCompletedWithValue("UDP 3");
    }

    @Test
    void whoeverGivesUpHasAllReleased() {
        CompletableFuture<String> winner = race(UDP, UDP_ELSEWHERE, TCP);
        advance(300);

        winner.cancel(false);
        channel.runPendingTasks();
        advance(3_000);

        assertThat(asked()).hasSize(2);
        assertThat(released).containsExactlyInAnyOrder("UDP 0", "UDP 1");
    }
}
