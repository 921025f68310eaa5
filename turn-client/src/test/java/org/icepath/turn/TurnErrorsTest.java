// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.stun.StunMethod.ALLOCATE;
import static org.icepath.stun.StunMethod.CHANNEL_BIND;
import static org.icepath.stun.StunMethod.CREATE_PERMISSION;
import static org.icepath.stun.StunMethod.REFRESH;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.turn.TurnFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every error code, in answer to every request. */
class TurnErrorsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static boolean signedAllocate(StunMessage request) {
        return request.method().equals(ALLOCATE) && request.has(Attributes.MESSAGE_INTEGRITY);
    }

    // RFC 8656 §7.4, §19
    @ParameterizedTest
    @CsvSource({
        "300, REDIRECT",
        "400, BAD_REQUEST",
        "403, FORBIDDEN",
        "420, BAD_REQUEST",
        "437, NEW_LOCAL_PORT_NEEDED",
        "440, FAMILY_NOT_SUPPORTED",
        "441, UNAUTHORIZED",
        "442, TRANSPORT_NOT_SUPPORTED",
        "443, FAMILY_NOT_SUPPORTED",
        "487, OTHER",
        "600, OTHER"
    })
    void anAuthenticatedErrorFailsTheAllocationWithItsMeaning(int code, Kind kind) {
        TurnScene scene = new TurnScene(1);
        scene.server.refuse(TurnErrorsTest::signedAllocate, code);

        scene.allocate();

        assertThat(scene.failure()).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.detail()).contains("because");
        });
        assertThat(scene.state()).isEqualTo(AllocationState.FAILED);
        assertThat(scene.network.now()).isLessThan(SECOND.toNanos());
    }

    // RFC 8656 §7.4: wait at least a minute; the user's quota (486) may be full of what
    // a program that has crashed left behind. 500 is treated alike (RFC 8489 §6.3.4).
    @ParameterizedTest
    @CsvSource({"508, NO_CAPACITY", "486, QUOTA_REACHED", "500, SERVER_ERROR"})
    void aServerWithoutRoomIsAskedAgainAfterAMinute(int code, Kind kind) {
        TurnScene scene = new TurnScene(1);
        AtomicInteger refusals = new AtomicInteger(2);
        scene.server.refuse(request -> signedAllocate(request) && refusals.getAndDecrement() > 0, code);

        scene.allocate();
        scene.await(TurnEvent.Postponed.class);
        assertThat(scene.state()).isEqualTo(AllocationState.POSTPONED);
        int asked = scene.server.seen.size();
        scene.runFor(Duration.ofSeconds(59));
        assertThat(scene.server.seen).hasSize(asked);
        scene.runFor(Duration.ofSeconds(120));

        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(scene.client.events(TurnEvent.Postponed.class))
                .hasSize(2)
                .allSatisfy(postponed -> assertThat(postponed.failure().kind()).isEqualTo(kind));
    }

    @Test
    void aServerThatNeverHasRoomIsGivenUp() {
        TurnScene scene = new TurnScene(1);
        scene.server.refuse(TurnErrorsTest::signedAllocate, 508);

        scene.allocate();
        scene.runFor(Duration.ofMinutes(10));

        assertThat(scene.failure().kind()).isEqualTo(Kind.NO_CAPACITY);
        assertThat(scene.client.events(TurnEvent.Postponed.class)).hasSize(5);
    }

    @Test
    void aPostponedAllocationCanBeReleased() {
        TurnScene scene = new TurnScene(1);
        scene.server.refuse(TurnErrorsTest::signedAllocate, 508);
        scene.allocate();
        scene.await(TurnEvent.Postponed.class);
        int asked = scene.server.seen.size();

        scene.release();
        scene.runFor(Duration.ofMinutes(5));

        assertThat(scene.state()).isEqualTo(AllocationState.RELEASED);
        assertThat(scene.server.seen).hasSize(asked);
    }

    // What works is not given up for an error on a refresh, except when the server says that there is nothing left.
    @ParameterizedTest
    @CsvSource({"400", "403", "420", "441", "486", "500", "508"})
    void anErrorOnRefreshIsTriedAgainUntilTheLifetimeEnds(int code) {
        TurnScene scene = new TurnScene(1).allocated();
        boolean[] refusing = {true};
        scene.server.refuse(request -> refusing[0] && request.method().equals(REFRESH), code);

        scene.network.runUntil(() -> scene.server.seen(REFRESH).size() == 3, Duration.ofMinutes(10));
        refusing[0] = false;
        scene.runFor(Duration.ofMinutes(20));

        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(scene.allocation.lastFailure())
                .hasValueSatisfying(failure -> assertThat(failure.code()).isEqualTo(code));
        assertThat(scene.server.violations).isZero();
    }

    @ParameterizedTest
    @CsvSource({"400", "441", "508"})
    void anErrorOnRefreshThatStaysEndsWithTheLifetime(int code) {
        TurnScene scene = new TurnScene(1).allocated();
        scene.server.refuse(request -> request.method().equals(REFRESH), code);

        scene.runFor(Duration.ofSeconds(600));

        assertThat(scene.failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(scene.failure().detail()).contains(Integer.toString(code));
        assertThat(scene.server.seen(REFRESH)).hasSizeLessThan(16);
    }

    @Test
    void anAllocationThatTheServerDoesNotKnowIsLost() {
        TurnScene scene = new TurnScene(1).allocated();
        scene.server.refuse(request -> request.method().equals(REFRESH), 437);

        scene.runFor(Duration.ofSeconds(541));

        assertThat(scene.failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(scene.allocation.relayBase()).isEmpty();
    }

    @Test
    void aPermissionRefusedForWantOfTheAllocationLosesTheAllocationOnce() {
        TurnScene scene = new TurnScene(1).allocated();
        scene.server.refuse(request -> request.method().equals(CREATE_PERMISSION), 437);

        scene.permit(scene.peer.address().getAddress(), new InetSocketAddress("203.0.113.8", 1).getAddress());
        scene.runFor(SECOND);

        assertThat(scene.failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(scene.server.seen(CREATE_PERMISSION)).hasSize(1);
    }

    @Test
    void releaseOfAnAllocationThatTheServerDoesNotKnowIsARelease() {
        TurnScene scene = new TurnScene(1).allocated();
        scene.server.refuse(request -> request.method().equals(REFRESH), 437);

        scene.release();
        scene.runFor(SECOND);

        assertThat(scene.state()).isEqualTo(AllocationState.RELEASED);
        assertThat(scene.client.has(TurnEvent.Failed.class)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"400, BAD_REQUEST", "403, FORBIDDEN", "443, FAMILY_NOT_SUPPORTED"})
    void aRefusedPermissionLeavesTheAllocation(int code, Kind kind) {
        TurnScene scene = new TurnScene(1).allocated();
        scene.server.refuse(request -> request.method().equals(CREATE_PERMISSION), code);

        scene.permit(scene.peer.address().getAddress());
        scene.runFor(SECOND);
        scene.send(scene.peer.address(), "refused here already");

        assertThat(scene.client.events(TurnEvent.PermissionRefused.class))
                .singleElement()
                .satisfies(refused -> assertThat(refused.failure().kind()).isEqualTo(kind));
        assertThat(scene.user.refusedSends).isEqualTo(1);
        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
    }

    @Test
    void aRefusedPermissionCanBeAskedForAgain() {
        TurnScene scene = new TurnScene(1).allocated();
        boolean[] refusing = {true};
        scene.server.refuse(request -> refusing[0] && request.method().equals(CREATE_PERMISSION), 403);
        scene.permit(scene.peer.address().getAddress());
        scene.await(TurnEvent.PermissionRefused.class);

        refusing[0] = false;
        scene.permit(scene.peer.address().getAddress());
        scene.runFor(SECOND);

        assertThat(scene.client.has(TurnEvent.PermissionGranted.class)).isTrue();
    }

    @Test
    void aPermissionThatHasNoRoomIsAskedForAgainAfterAMinute() {
        TurnScene scene = new TurnScene(1).allocated();
        AtomicInteger refusals = new AtomicInteger(1);
        scene.server.refuse(
                request -> request.method().equals(CREATE_PERMISSION) && refusals.getAndDecrement() > 0, 508);

        scene.permit(scene.peer.address().getAddress());
        scene.runFor(Duration.ofSeconds(59));
        assertThat(scene.server.seen(CREATE_PERMISSION)).hasSize(1);
        scene.runFor(Duration.ofSeconds(40));

        assertThat(scene.client.has(TurnEvent.PermissionGranted.class)).isTrue();
        assertThat(scene.client.has(TurnEvent.PermissionRefused.class)).isFalse();
    }

    @Test
    void aChannelThatCannotBeRefreshedFallsBackToIndications() {
        TurnScene scene = new TurnScene(1).allocated();
        scene.permit(scene.peer.address().getAddress());
        scene.bind(scene.peer.address());
        scene.runFor(SECOND);
        scene.server.refuse(request -> request.method().equals(CHANNEL_BIND), 508);

        for (int i = 0; i < 900; i++) {
            scene.send(scene.peer.address(), "data");
            scene.runFor(SECOND);
        }

        assertThat(scene.allocation.channelFor(scene.peer.address())).isZero();
        assertThat(scene.client.events(TurnEvent.ChannelRefused.class)).hasSize(1);
        assertThat(scene.heardByPeer()).hasSize(900);
        assertThat(scene.server.violations).isZero();
    }

    // RFC 8489 §10
    @Test
    void aRedirectionIsFollowed() {
        TurnScene scene = new TurnScene(1);
        ScriptedServer other =
                new ScriptedServer(scene.network, scene.network.internet().host("other", "192.0.2.2"), 3_478);
        scene.server.script((request, from) -> {
            scene.server.send(from, scene.server.error(request, 300).put(Attributes.ALTERNATE_SERVER, other.address()));
            return true;
        });

        scene.allocated();
        scene.permit(scene.peer.address().getAddress());
        scene.send(scene.peer.address(), "by the other");
        scene.runFor(SECOND);

        assertThat(scene.allocation.serverAddress()).isEqualTo(other.address());
        assertThat(scene.client.events(TurnEvent.Redirected.class))
                .containsExactly(new TurnEvent.Redirected(scene.server.address(), other.address(), ""));
        assertThat(scene.heardByPeer()).containsExactly("by the other");
    }

    @Test
    void aRedirectionInACircleEndsInAFailure() {
        TurnScene scene = new TurnScene(1);
        ScriptedServer other =
                new ScriptedServer(scene.network, scene.network.internet().host("other", "192.0.2.2"), 3_478);
        redirect(scene.server, other.address());
        redirect(other, scene.server.address());

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.REDIRECT);
        assertThat(scene.client.events(TurnEvent.Redirected.class)).hasSize(1);
    }

    @Test
    void endlessRedirectionEndsInAFailure() {
        TurnScene scene = new TurnScene(1);
        for (int i = 0; i < 20; i++) {
            redirect(
                    i == 0 ? scene.server : new ScriptedServer(scene.network, scene.serverHost, 4_000 + i),
                    new InetSocketAddress("192.0.2.1", 4_001 + i));
        }

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.REDIRECT);
        assertThat(scene.client.events(TurnEvent.Redirected.class)).hasSize(5);
    }

    // Whoever redirects need not have authenticated: not to this host, not to a crowd, not to another family.
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 3478",
        "224.0.0.1, 3478",
        "0.0.0.0, 3478",
        "255.255.255.255, 3478",
        "0.1.2.3, 3478",
        "192.0.2.2, 0",
        "2001:db8::1, 3478"
    })
    void aRedirectionToWhereNoServerCanBeIsNotFollowed(String address, int port) {
        TurnScene scene = new TurnScene(1);
        redirect(scene.server, new InetSocketAddress(address, port));

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.REDIRECT);
        assertThat(scene.client.has(TurnEvent.Redirected.class)).isFalse();
    }

    private static void redirect(ScriptedServer server, InetSocketAddress to) {
        server.script((request, from) -> {
            server.send(from, server.error(request, 300).put(Attributes.ALTERNATE_SERVER, to));
            return true;
        });
    }
}
