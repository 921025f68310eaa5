// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.stun.StunMethod.ALLOCATE;
import static org.icepath.stun.StunMethod.CHANNEL_BIND;
import static org.icepath.stun.StunMethod.CREATE_PERMISSION;
import static org.icepath.stun.StunMethod.REFRESH;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.icepath.sansio.Machine;
import org.icepath.testkit.network.LinkConditions;
import org.icepath.turn.TurnFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnAllocationTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    // RFC 8656 §7 with RFC 8489 §9.2: a challenge, an answer to it, and two addresses, in two round trips.
    @Test
    void anAllocationTakesTwoRoundTripsAndYieldsBothAddresses() {
        TurnScene scene = new TurnScene(1).allocated();

        assertThat(scene.network.now()).isEqualTo(Duration.ofMillis(80).toNanos());
        assertThat(scene.client.events(TurnEvent.Allocated.class))
                .singleElement()
                .satisfies(allocated -> {
                    assertThat(allocated.relayBase().id()).isEqualTo(99);
                    assertThat(allocated.relayBase().address()).isEqualTo(scene.server.relay.address());
                    assertThat(allocated.mappedAddress()).isEqualTo(scene.base.address());
                    assertThat(allocated.lifetimeSeconds()).isEqualTo(600);
                });
        assertThat(scene.server.seen(ALLOCATE))
                .extracting(ScriptedServer.Seen::signed)
                .containsExactly(false, true);
        assertThat(scene.allocation.pendingTimers()).containsOnlyKeys(TurnTimer.REFRESH, TurnTimer.EXPIRY);
    }

    @Test
    void aServerThatAsksForNoCredentialsIsTakenAtItsWord() {
        TurnScene scene = new TurnScene(1);
        scene.server.authenticates = false;

        scene.allocated();

        assertThat(scene.server.seen(ALLOCATE)).hasSize(1);
    }

    @Test
    void dataGoesByIndicationOnceThePeerIsPermitted() {
        TurnScene scene = new TurnScene(1).allocated();
        scene.permit(scene.peer.address().getAddress());

        scene.send(scene.peer.address(), "hello"); // in the same flight as the permission
        scene.runFor(SECOND);
        scene.peer.send(scene.server.relay.address(), "hi");
        scene.runFor(SECOND);

        assertThat(scene.heardByPeer()).containsExactly("hello");
        assertThat(scene.received).containsExactly("hi from 5000 at base 99");
        assertThat(scene.client.has(TurnEvent.PermissionGranted.class)).isTrue();
    }

    @Test
    void whatWasAskedForGoesOutBeforeTheDataThatNeedsIt() {
        TurnScene scene = new TurnScene(1).allocated();

        scene.client.act((now, machine) -> {
            scene.allocation.permit(now, List.of(scene.peer.address().getAddress()));
            scene.user.send(now, scene.peer.address(), StandardCharsets.US_ASCII.encode("at once"));
        });
        scene.runFor(SECOND);

        assertThat(scene.heardByPeer()).containsExactly("at once");
        assertThat(scene.server.violations).isZero();
    }

    @Test
    void dataToAPeerWithoutPermissionIsNotSent() {
        TurnScene scene = new TurnScene(1).allocated();

        scene.send(scene.peer.address(), "hello");
        scene.runFor(SECOND);

        assertThat(scene.user.refusedSends).isEqualTo(1);
        assertThat(scene.server.violations).isZero();
        assertThat(scene.heardByPeer()).isEmpty();
    }

    // RFC 8656 §12: a channel permits the peer as well, and carries data both ways.
    @Test
    void dataGoesByChannelOnceItIsBound() {
        TurnScene scene = new TurnScene(1).allocated();

        scene.bind(scene.peer.address());
        scene.await(TurnEvent.ChannelBound.class);
        long before = scene.network.log().sentBy("client").size();
        scene.send(scene.peer.address(), "hello");
        scene.runFor(SECOND);
        scene.peer.send(scene.server.relay.address(), "hi");
        scene.runFor(SECOND);

        assertThat(scene.allocation.channelFor(scene.peer.address())).isEqualTo(0x4000);
        assertThat(scene.network.log().sentBy("client")).hasSize((int) before + 1);
        assertThat(scene.network
                        .log()
                        .sentBy("client")
                        .get((int) before)
                        .packet()
                        .length())
                .isEqualTo(4 + 5);
        assertThat(scene.heardByPeer()).containsExactly("hello");
        assertThat(scene.received).containsExactly("hi from 5000 at base 99");
    }

    @Test
    void whatIsWantedBeforeTheAllocationStandsIsAskedForWhenItDoes() {
        TurnScene scene = new TurnScene(1);
        scene.permit(scene.peer.address().getAddress());
        scene.bind(scene.peer.address());

        scene.allocated();
        scene.runFor(SECOND);

        assertThat(scene.client.has(TurnEvent.PermissionGranted.class)).isTrue();
        assertThat(scene.client.has(TurnEvent.ChannelBound.class)).isTrue();
    }

    // RFC 8656 §8, §10, §12: two hours without a gap, and without more requests than the lifetimes call for.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void twoHoursOfDataCrossWithoutAGapAndWithoutExcess(long seed) {
        TurnScene scene = new TurnScene(seed).allocated();
        InetSocketAddress quiet = new InetSocketAddress("203.0.113.9", 5_000);
        scene.permit(quiet.getAddress());
        scene.bind(scene.peer.address());
        scene.runFor(SECOND);

        int seconds = 7_200;
        for (int i = 0; i < seconds; i++) {
            scene.send(scene.peer.address(), "out");
            scene.send(quiet, "by indication");
            scene.peer.send(scene.server.relay.address(), "in");
            scene.runFor(SECOND);
        }

        assertThat(scene.heardByPeer()).hasSize(seconds);
        assertThat(scene.received).hasSize(seconds);
        assertThat(scene.user.refusedSends).isZero();
        assertThat(scene.server.violations).isZero();
        assertThat(scene.server.seen(REFRESH)).hasSizeBetween(12, 16); // every 480 to 540 s
        assertThat(scene.server.seen(CHANNEL_BIND)).hasSizeBetween(13, 16);
        assertThat(scene.server.seen(CREATE_PERMISSION))
                .hasSizeBetween(29, 36); // every 210 to 240 s, both peers in one
    }

    @Test
    void twoHoursStandWithAQuarterOfThePacketsLost() {
        TurnScene scene = new TurnScene(7).allocated();
        scene.bind(scene.peer.address());
        scene.await(TurnEvent.ChannelBound.class);
        scene.clientHost.link(LinkConditions.ofMillis(10).withLoss(0.25));

        for (int i = 0; i < 7_200; i++) {
            scene.send(scene.peer.address(), "out");
            scene.runFor(SECOND);
        }

        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(scene.server.violations).isZero();
        assertThat(scene.allocation.channelFor(scene.peer.address())).isEqualTo(0x4000);
    }

    // RFC 8489 §9.2.5: the nonce may go stale at any time, for any request.
    @Test
    void aStaleNonceIsReplacedForEveryKindOfRequest() {
        TurnScene scene = new TurnScene(1).allocated();

        scene.server.nonce = "nonce-2";
        scene.permit(scene.peer.address().getAddress());
        scene.runFor(SECOND);
        scene.server.nonce = "nonce-3";
        scene.bind(scene.peer.address());
        scene.runFor(SECOND);
        scene.server.nonce = "nonce-4";
        scene.runFor(Duration.ofSeconds(560));
        scene.server.nonce = "nonce-5";
        scene.release();
        scene.runFor(SECOND);

        assertThat(scene.client.has(TurnEvent.PermissionGranted.class)).isTrue();
        assertThat(scene.client.has(TurnEvent.ChannelBound.class)).isTrue();
        assertThat(scene.state()).isEqualTo(AllocationState.RELEASED);
        assertThat(scene.server.allocatedUntil).isLessThan(scene.network.now());
    }

    @Test
    void aServerThatOnlyEverSaysStaleNonceIsGivenUp() {
        TurnScene scene = new TurnScene(1);
        int[] count = new int[1];
        scene.server.script((request, from) -> {
            scene.server.nonce = "nonce " + ++count[0];
            scene.server.challenge(request, from, 438);
            return true;
        });

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(count[0]).isLessThanOrEqualTo(6);
    }

    @Test
    void wrongCredentialsFailAtOnce() {
        TurnServer mistyped = TurnScene.SERVER.credentials("alice", "wrong");
        TurnScene scene = new TurnScene(1, mistyped, TurnDialect.RFC8656).allocate();

        assertThat(scene.failure()).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.UNAUTHORIZED);
            assertThat(failure.code()).isEqualTo(401);
            assertThat(failure.detail()).contains("does not take these credentials");
        });
        assertThat(scene.network.now()).isLessThan(SECOND.toNanos());
        assertThat(scene.server.seen).hasSize(2);
    }

    @Test
    void aServerThatWantsCredentialsWhereThereAreNoneFailsAtOnce() {
        TurnScene scene = new TurnScene(1, TurnServer.parse("turn:192.0.2.1"), TurnDialect.RFC8656).allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(scene.server.seen).hasSize(1);
    }

    @Test
    void releaseTellsTheServerAndEndsOnce() {
        TurnScene scene = new TurnScene(1).allocated();

        scene.release();
        scene.release();
        scene.runFor(Duration.ofMinutes(20));

        assertThat(scene.server.seen(REFRESH)).singleElement().satisfies(seen -> assertThat(seen.lifetime())
                .isZero());
        assertThat(scene.client.events(TurnEvent.Released.class)).hasSize(1);
        assertThat(scene.client.has(TurnEvent.Failed.class)).isFalse();
        assertThat(scene.allocation.relayBase()).isEmpty();
        assertThat(scene.allocation.nextTimeout()).isEqualTo(Machine.NEVER);
    }

    @Test
    void releaseOfASilentServerEndsAfterTwoSeconds() {
        TurnScene scene = new TurnScene(1).allocated();
        scene.server.script((request, from) -> true);

        scene.release();
        scene.runFor(Duration.ofMillis(1_999));
        assertThat(scene.state()).isEqualTo(AllocationState.RELEASING);
        scene.runFor(Duration.ofMillis(2));

        assertThat(scene.state()).isEqualTo(AllocationState.RELEASED);
        assertThat(scene.allocation.nextTimeout()).isEqualTo(Machine.NEVER);
    }

    @Test
    void releaseBeforeTheServerKnowsUsNeedsNoPacket() {
        TurnScene scene = new TurnScene(1);

        scene.release();

        assertThat(scene.state()).isEqualTo(AllocationState.RELEASED);
        assertThat(scene.network.log().sentBy("client")).isEmpty();
        assertThatThrownBy(scene::allocate).isInstanceOf(IllegalStateException.class);
    }

    // The server may have allocated though its answer has not come: it must not keep that for ten minutes.
    @Test
    void releaseWhileTheSignedRequestIsUnderWayReleasesWhatItMade() {
        TurnScene scene = new TurnScene(1).allocate();
        scene.network.runUntil(() -> scene.server.allocatedUntil > 0, SECOND);

        scene.release();
        scene.runFor(SECOND);

        assertThat(scene.state()).isEqualTo(AllocationState.RELEASED);
        assertThat(scene.server.allocatedUntil).isLessThanOrEqualTo(scene.network.now());
    }

    @Test
    void aSilentServerFailsAfterTheTransactionsTime() {
        TurnScene scene = new TurnScene(1);
        scene.server.script((request, from) -> true);

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(scene.network.now()).isEqualTo(Duration.ofMillis(39_500).toNanos()); // RFC 8489 §6.2.1
        assertThat(scene.server.seen).hasSize(7);
    }

    @Test
    void aServerThatDiesIsNoticedWhenTheLifetimeEnds() {
        TurnScene scene = new TurnScene(1).allocated();
        long granted = scene.network.now();
        scene.server.script((request, from) -> true);

        scene.await(TurnEvent.StateChanged.class);
        scene.runFor(Duration.ofSeconds(590));
        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
        scene.runFor(Duration.ofSeconds(10));

        assertThat(scene.failure().kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(scene.network.now() - granted)
                .isLessThanOrEqualTo(Duration.ofSeconds(600).toNanos());
        assertThat(scene.server.seen(REFRESH)).hasSizeGreaterThan(7);
    }

    @Test
    void aServerThatWasAwayForHalfAMinuteIsForgiven() {
        TurnScene scene = new TurnScene(1).allocated();
        boolean[] away = {true};
        scene.server.script((request, from) -> away[0]);

        scene.network.runUntil(() -> scene.server.seen(REFRESH).size() >= 6, Duration.ofMinutes(10));
        away[0] = false;
        scene.runFor(Duration.ofMinutes(10));

        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
    }

    @Test
    void aLostInterfaceEndsTheAllocation() {
        TurnScene scene = new TurnScene(1).allocated();

        scene.clientHost.detach("198.51.100.1");
        scene.runFor(SECOND);

        assertThat(scene.failure().kind()).isEqualTo(Kind.BASE_LOST);
    }

    @Test
    void aServerThatCannotBeReachedFailsAtOnce() {
        TurnScene scene = new TurnScene(1);
        scene.network.internet().tellUnreachable(true);
        scene.serverHost.detach("192.0.2.1");

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(scene.network.now()).isLessThan(SECOND.toNanos());
    }

    @Test
    void manyPeersArePermittedInBatches() {
        TurnScene scene = new TurnScene(1).allocated();

        scene.permit(peers(20));
        scene.runFor(SECOND);

        assertThat(scene.server.seen(CREATE_PERMISSION))
                .extracting(seen -> seen.peers().size())
                .containsExactly(8, 8, 4);
        assertThat(scene.client.events(TurnEvent.PermissionGranted.class)).hasSize(20);
    }

    // The field's lesson: one refused permission must harm no other.
    @Test
    void aRefusedPermissionHarmsNoOther() throws Exception {
        TurnScene scene = new TurnScene(1).allocated();
        InetAddress bad = InetAddress.getByName("203.0.113.105");
        scene.server.refuse(
                request -> request.method().equals(CREATE_PERMISSION)
                        && ScriptedServer.peers(request).stream()
                                .anyMatch(peer -> peer.getAddress().equals(bad)),
                403);

        scene.permit(peers(10));
        scene.runFor(SECOND);

        assertThat(scene.client.events(TurnEvent.PermissionGranted.class)).hasSize(9);
        assertThat(scene.client.events(TurnEvent.PermissionRefused.class))
                .singleElement()
                .satisfies(refused -> {
                    assertThat(refused.peer()).isEqualTo(bad);
                    assertThat(refused.failure().kind()).isEqualTo(Kind.FORBIDDEN);
                });
    }

    private static InetAddress[] peers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new InetSocketAddress("203.0.113." + (100 + i), 1).getAddress())
                .toArray(InetAddress[]::new);
    }

    @Test
    void morePeersThanTheLimitAreRefusedWithoutAPacket() {
        TurnScene scene = new TurnScene(1).allocated();
        List<InetAddress> all = IntStream.range(0, 300)
                .mapToObj(i -> new InetSocketAddress("198.18." + i / 256 + "." + i % 256, 1).getAddress())
                .toList();

        scene.client.act((now, machine) -> scene.allocation.permit(now, all));
        scene.runFor(SECOND);

        assertThat(scene.client.events(TurnEvent.PermissionGranted.class)).hasSize(256);
        assertThat(scene.client.events(TurnEvent.PermissionRefused.class)).hasSize(44);
    }

    @Test
    void aPeerOfAnotherFamilyIsRefusedWithoutAPacket() throws Exception {
        TurnScene scene = new TurnScene(1).allocated();

        scene.permit(InetAddress.getByName("2001:db8::1"));
        scene.bind(new InetSocketAddress("2001:db8::1", 5));
        scene.permit(InetAddress.getByName("0.0.0.0"));
        scene.runFor(SECOND);

        assertThat(scene.client.events(TurnEvent.PermissionRefused.class)).hasSize(2);
        assertThat(scene.client.events(TurnEvent.ChannelRefused.class)).hasSize(1);
        assertThat(scene.server.seen(CREATE_PERMISSION)).isEmpty();
    }

    // CVE-2020-26262, CVE-2026-27624: a peer that names such an
    // address would reach into the server with our credentials
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.200.0.1",
                "169.254.169.254",
                "0.0.0.0",
                "0.1.2.3",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::ffff:127.0.0.1"
            })
    void anAddressThatIsNoPeersIsRefusedWithoutAPacket(String address) throws Exception {
        TurnScene scene = new TurnScene(1).allocated();

        scene.permit(InetAddress.getByName(address));
        scene.bind(new InetSocketAddress(address, 5));
        scene.runFor(SECOND);

        assertThat(scene.client.events(TurnEvent.PermissionRefused.class)).hasSize(1);
        assertThat(scene.client.events(TurnEvent.ChannelRefused.class)).hasSize(1);
        assertThat(scene.server.seen(CREATE_PERMISSION)).isEmpty();
        scene.permit(scene.peer.address().getAddress()); // control
        scene.runFor(SECOND);
        assertThat(scene.server.seen(CREATE_PERMISSION)).hasSize(1);
    }

    // RFC 8656 §12.1: the number stays with its peer until five minutes after the binding has expired.
    @Test
    void aChannelNumberRestsBeforeItIsUsedAgain() {
        TurnScene scene = new TurnScene(1).allocated();
        scene.bind(scene.peer.address());
        scene.runFor(SECOND);

        scene.unbind(scene.peer.address());
        scene.runFor(Duration.ofSeconds(700)); // bound for 600 s, then resting
        scene.bind(scene.peer.address());
        scene.runFor(SECOND);
        assertThat(scene.allocation.channelFor(scene.peer.address())).isEqualTo(0x4000);

        scene.unbind(scene.peer.address());
        scene.runFor(Duration.ofSeconds(1_000));
        scene.bind(scene.peer.address());
        scene.runFor(SECOND);

        assertThat(scene.allocation.channelFor(scene.peer.address())).isEqualTo(0x4001);
        assertThat(scene.server.violations).isZero();
    }

    @Test
    void aRefusedChannelLeavesIndicationsAsTheyWere() {
        TurnScene scene = new TurnScene(1).allocated();
        scene.server.refuse(request -> request.method().equals(CHANNEL_BIND), 400);

        scene.permit(scene.peer.address().getAddress());
        scene.bind(scene.peer.address());
        scene.runFor(SECOND);
        scene.send(scene.peer.address(), "by indication");
        scene.runFor(SECOND);

        assertThat(scene.client.events(TurnEvent.ChannelRefused.class))
                .singleElement()
                .satisfies(refused -> assertThat(refused.failure().kind()).isEqualTo(Kind.BAD_REQUEST));
        assertThat(scene.heardByPeer()).containsExactly("by indication");
    }
}
