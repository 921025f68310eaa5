// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.ms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.icepath.turn.ms.MsScene.CONFIG;
import static org.icepath.turn.ms.MsScene.heardBy;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.icepath.stun.AddressFamily;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.ms.MsTurnAttributes;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.testkit.edge.MsDemand;
import org.icepath.testkit.edge.MsEdgeConfig;
import org.icepath.testkit.network.VirtualHost;
import org.icepath.testkit.network.VirtualSocket;
import org.icepath.turn.AllocationSettings;
import org.icepath.turn.AllocationState;
import org.icepath.turn.TurnEvent;
import org.icepath.turn.TurnFailure;
import org.icepath.turn.TurnServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An allocation on an Edge server from the first request to the release, in virtual time. */
class MsAllocationTest {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    /** Our MS-VERSION, the server's, what the realm is and how it is hashed, and what the server insists on. */
    static Stream<Arguments> servers() {
        Set<MsDemand> all = EnumSet.allOf(MsDemand.class);
        return Stream.of(
                Arguments.of(2, CONFIG),
                Arguments.of(1, CONFIG.withVersion(0)),
                Arguments.of(2, CONFIG.withDemands(all)),
                Arguments.of(2, CONFIG.withDemands(Set.of())),
                Arguments.of(2, CONFIG.withRealm("\"rtcmedia\"", true)),
                Arguments.of(2, CONFIG.withRealm("rtcmedia", false)),
                Arguments.of(3, CONFIG.withVersion(6)),
                Arguments.of(4, CONFIG.withVersion(3)),
                Arguments.of(4, CONFIG.withVersion(2)),
                Arguments.of(4, CONFIG.withVersion(6).withRealm("\"rtcmedia\"", true)));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void allocatesRelaysRefreshesAndReleases(int version, MsEdgeConfig config) {
        MsScene scene = new MsScene(config, MsScene.server(MsTurn.DEFAULT.withVersion(version))).allocated();
        assertThat(scene.allocation.mappedAddress()).hasValue(scene.base.address());

        scene.send(scene.peer.address(), "first");
        scene.runFor(A_SECOND);
        scene.peer.send(scene.relayed(), "answer");
        scene.runFor(A_SECOND);
        scene.setDestination(scene.peer.address());
        scene.runFor(A_SECOND);
        scene.send(scene.peer.address(), "bare");
        scene.peer.send(scene.relayed(), "bare answer");
        scene.send(scene.other.address(), "aside");
        scene.runFor(A_SECOND);
        scene.other.send(scene.relayed(), "aside, too");
        scene.runFor(Duration.ofMinutes(3));
        scene.client.act((now, machine) -> scene.allocation.release(now));
        scene.runFor(A_SECOND);

        assertThat(heardBy(scene.peer)).containsExactly("first", "bare");
        assertThat(heardBy(scene.other)).containsExactly("aside");
        assertThat(scene.received).containsExactly("answer from 5000", "bare answer from 5000", "aside, too from 6000");
        assertThat(scene.events(EdgeEvent.DestinationSet.class)).hasSize(1);
        assertThat(scene.events(EdgeEvent.Refreshed.class)).hasSizeBetween(4, 8);
        assertThat(scene.events(EdgeEvent.Released.class))
                .extracting(EdgeEvent.Released::expired)
                .containsExactly(false);
        assertThat(scene.allocation.state()).isEqualTo(AllocationState.RELEASED);
        assertThat(scene.edge.allocationCount()).isZero();
    }

    // One server was seen to want the very port; who connects leaves from a port that nobody was told of.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anotherPortOfAPeerIsHeardWhereTheServerDoesNotInsistOnPorts(boolean insists) {
        MsScene scene = new MsScene(insists ? CONFIG : CONFIG.withDemands(Set.of()), MsScene.SERVER).allocated();
        VirtualHost host = scene.network.internet().host("third", "203.0.113.3");
        VirtualSocket told = host.socket(5_000);
        VirtualSocket another = host.socket(5_001);

        scene.send(told.address(), "first");
        scene.runFor(A_SECOND);
        told.send(scene.relayed(), "answer");
        another.send(scene.relayed(), "from elsewhere");
        scene.other.send(scene.relayed(), "from another host");
        scene.runFor(A_SECOND);

        assertThat(scene.received)
                .containsExactlyElementsOf(
                        insists
                                ? List.of("answer from 5000")
                                : List.of("answer from 5000", "from elsewhere from 5001"));
    }

    // digest §1.5: 5 and 6 say that a client knows multiplexed relays.
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 6, 7})
    void noVersionIsToldWhosePromisesAreNotKept(int version) {
        assertThatThrownBy(() -> MsTurn.DEFAULT.withVersion(version))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MS-VERSION " + version);
    }

    // RFC 8656 has nothing like it: data for the active destination is as long as what the application sent.
    @Test
    void theActiveDestinationsDataHasNothingAroundIt() {
        MsScene scene = new MsScene().allocated();
        scene.setDestination(scene.peer.address());
        scene.await(TurnEvent.ChannelBound.class);
        scene.network.log().clear();

        scene.send(scene.peer.address(), "media");
        scene.runFor(A_SECOND);

        assertThat(scene.network.log().sentBy("client"))
                .extracting(sent -> sent.packet().payload().remaining())
                .containsExactly("media".length());
    }

    @Test
    void aNewDestinationTakesThePlaceOfTheOldOne() {
        MsScene scene = new MsScene().allocated();
        scene.setDestination(scene.peer.address());
        scene.runFor(A_SECOND);
        scene.setDestination(scene.other.address());
        scene.runFor(A_SECOND);

        scene.other.send(scene.relayed(), "mine");
        scene.peer.send(scene.relayed(), "still heard");
        scene.runFor(A_SECOND);
        scene.setDestination(scene.peer.address());
        scene.runFor(A_SECOND);

        assertThat(scene.received).containsExactlyInAnyOrder("mine from 6000", "still heard from 5000");
        assertThat(scene.events(EdgeEvent.DestinationSet.class)).hasSize(3);
    }

    // Two hours of a call: the lifetime is a minute, a nonce lives for two.
    @Test
    void standsForHoursThroughStaleNonces() {
        MsScene scene = new MsScene().allocated();
        scene.setDestination(scene.peer.address());

        scene.runFor(Duration.ofHours(2));
        scene.send(scene.peer.address(), "still here");
        scene.runFor(A_SECOND);

        assertThat(heardBy(scene.peer)).containsExactly("still here");
        assertThat(scene.events(EdgeEvent.Refreshed.class)).hasSizeBetween(190, 310);
        assertThat(scene.events(EdgeEvent.Refused.class))
                .extracting(EdgeEvent.Refused::code)
                .startsWith(401)
                .contains(438)
                .doesNotContain(431, 432, 437);
        assertThat(scene.client.has(TurnEvent.Failed.class)).isFalse();
    }

    // A server of ten thousand agents that were started together would get all their refreshes in the same second, for
    // ever.
    @ParameterizedTest
    @ValueSource(ints = {60, 40, 300})
    void refreshesAreOutOfStepAndNeverLaterThanHalfTheLifetime(int lifetime) {
        MsEdgeConfig config = CONFIG.withLifetimes(Duration.ofSeconds(lifetime), Duration.ofHours(1));
        MsScene scene = new MsScene(config, MsScene.SERVER).allocated();
        long latest = Duration.ofSeconds(Math.min(30, lifetime / 2)).toNanos();

        scene.runFor(Duration.ofMinutes(30));

        List<Long> pauses = pausesBetweenRefreshes(scene);
        assertThat(pauses).hasSizeGreaterThan(50);
        assertThat(pauses).allMatch(pause -> pause > latest * 3 / 4 && pause <= latest);
        assertThat(pauses.stream().distinct().count()).isGreaterThan(pauses.size() / 2);
    }

    private static List<Long> pausesBetweenRefreshes(MsScene scene) {
        List<Long> pauses = new ArrayList<>();
        long last = 0;
        for (var each : scene.network.log().sentBy("client")) {
            long pause = each.at() - last;
            last = each.at();
            if (pause > A_SECOND.toNanos()) { // what follows at once is sent under a fresh nonce
                pauses.add(pause);
            }
        }
        return pauses;
    }

    private static MsScene talking(int ours, int theirs, UnaryOperator<AllocationSettings> settings) {
        MsScene scene = new MsScene(
                        CONFIG.withVersion(theirs), MsScene.server(MsTurn.DEFAULT.withVersion(ours)), settings)
                .allocated();
        scene.send(scene.six.address(), "to six");
        scene.send(scene.peer.address(), "to four");
        scene.runFor(A_SECOND);
        return scene;
    }

    private static AllocationSettings both(AllocationSettings settings) {
        return settings.withOptions(settings.options().withBothFamilies());
    }

    // [MS-TURN] §2.2.2.15: from version 4 on one family is asked for, and MAPPED-ADDRESS is of that family.
    @Test
    void anIpv6RelayIsAskedForByItsFamily() {
        MsScene scene = talking(4, 4, settings -> settings.withFamily(AddressFamily.IPV6));
        scene.six.send(scene.relayed(), "back");
        scene.runFor(A_SECOND);

        assertThat(scene.sent().get(0).get(MsTurnAttributes.REQUESTED_ADDRESS_FAMILY))
                .contains(AddressFamily.IPV6);
        assertThat(scene.relayed().getAddress()).isInstanceOf(Inet6Address.class);
        assertThat(heardBy(scene.six)).containsExactly("to six");
        assertThat(heardBy(scene.peer)).isEmpty();
        assertThat(scene.received).containsExactly("back from 7000");
    }

    // §2.2.2.23: who names no family is given both, the IPv6 one in MS-ALTERNATE-MAPPED-ADDRESS.
    @Test
    void bothFamiliesAreOneAllocation() {
        MsScene scene = talking(4, 6, MsAllocationTest::both);
        List<InetSocketAddress> relayed =
                scene.events(EdgeEvent.Allocated.class).get(0).relayed();
        scene.six.send(relayed.get(1), "from six");
        scene.runFor(A_SECOND);
        scene.peer.send(relayed.get(0), "from four");
        scene.runFor(Duration.ofMinutes(2));
        scene.client.act((now, machine) -> scene.allocation.release(now));
        scene.runFor(A_SECOND);

        assertThat(scene.sent().get(0).has(MsTurnAttributes.REQUESTED_ADDRESS_FAMILY))
                .isFalse();
        assertThat(scene.await(TurnEvent.Allocated.class).relayBase().address()).isEqualTo(relayed.get(0));
        assertThat(scene.await(TurnEvent.AdditionallyAllocated.class)
                        .relayBase()
                        .address())
                .isEqualTo(relayed.get(1));
        assertThat(relayed.get(1).getAddress()).isInstanceOf(Inet6Address.class);
        assertThat(heardBy(scene.six)).containsExactly("to six");
        assertThat(heardBy(scene.peer)).containsExactly("to four");
        assertThat(scene.received).containsExactly("from six from 7000", "from four from 5000");
        assertThat(scene.client.has(TurnEvent.AdditionalRefused.class)).isFalse();
        assertThat(scene.edge.allocationCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"2, 6, below MS-VERSION 4", "4, 3, did not say why"})
    void whyThereIsNoSecondFamilyIsTold(int ours, int theirs, String why) {
        MsScene scene = talking(ours, theirs, MsAllocationTest::both);

        TurnEvent.AdditionalRefused refused = scene.await(TurnEvent.AdditionalRefused.class);
        assertThat(refused.family()).isEqualTo(AddressFamily.IPV6);
        assertThat(refused.failure().kind()).isEqualTo(TurnFailure.Kind.FAMILY_NOT_SUPPORTED);
        assertThat(refused.failure().detail()).contains(why);
        assertThat(heardBy(scene.peer)).containsExactly("to four");
    }

    // digest §11.1 item 2: a softphone that writes anything after MESSAGE-INTEGRITY is to learn it from the double.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDoubleRefusesWhatDoesNotEndWithItsIntegrity(boolean insists) {
        MsScene scene = new MsScene(insists ? CONFIG : CONFIG.withDemands(Set.of()), MsScene.SERVER).allocated();
        StunMessage signed = scene.sent().get(1);
        ByteBuffer longer = ByteBuffer.allocate(signed.length() + 8)
                .put(signed.buffer().duplicate().position(signed.offset()).limit(signed.offset() + signed.length()))
                .putInt(0x8006_0004)
                .putInt(1);
        longer.flip().putShort(2, (short) (longer.limit() - StunMessage.HEADER_LENGTH));

        scene.server.act((now, edge) -> edge.handle(now, scene.listening, scene.base.address(), longer));
        scene.runFor(A_SECOND);

        assertThat(scene.events(EdgeEvent.Refused.class))
                .extracting(EdgeEvent.Refused::code)
                .isEqualTo(insists ? List.of(401, 431) : List.of(401));
    }

    // digest §11.1 item 2: what came later than one server is answered 420 there, and service quality 500.
    @ParameterizedTest
    @CsvSource({"4, 420", "2, 500"})
    void whatAServerDoesNotKnowIsLeftOutOfASecondRequest(int version, int code) {
        MsEdgeConfig old = CONFIG.withDemands(EnumSet.allOf(MsDemand.class));
        MsScene scene = new MsScene(old, MsScene.server(MsTurn.DEFAULT.withVersion(version))).allocated();

        assertThat(scene.events(EdgeEvent.Refused.class))
                .extracting(EdgeEvent.Refused::code)
                .containsExactly(code, 401);
        List<StunMessage> requests = scene.sent();
        assertThat(requests).hasSize(3);
        assertThat(requests.get(0).has(MsTurnAttributes.SERVICE_QUALITY)).isTrue();
        assertThat(requests.get(0).has(MsTurnAttributes.REQUESTED_ADDRESS_FAMILY))
                .isEqualTo(version == 4);
        assertThat(requests.subList(1, 3)).allSatisfy(request -> {
            assertThat(request.has(MsTurnAttributes.MS_VERSION)).isTrue();
            assertThat(request.has(MsTurnAttributes.SERVICE_QUALITY)).isFalse();
            assertThat(request.has(MsTurnAttributes.REQUESTED_ADDRESS_FAMILY)).isFalse();
        });
    }

    // A server may know only who asks what it refuses; and it is asked once more, not for ever.
    @ParameterizedTest
    @ValueSource(ints = {420, 500})
    void aSignedRequestIsSimplifiedOnceAsWell(int code) {
        MsScene scene = new MsScene();
        scene.edge.faults().fail(StunMethod.ALLOCATE, 401).fail(StunMethod.ALLOCATE, code);
        scene.allocated();
        assertThat(scene.sent())
                .extracting(request -> request.has(MsTurnAttributes.SERVICE_QUALITY))
                .containsExactly(true, true, false);

        MsScene never = new MsScene();
        never.edge.faults().fail(StunMethod.ALLOCATE, 401).fail(StunMethod.ALLOCATE, 420, 9);
        never.allocate();
        assertThat(never.await(TurnEvent.Failed.class).failure().code()).isEqualTo(420);
        assertThat(never.sent()).hasSize(3);
    }

    // A server of version 3 keys everything by the nonce, so that the key changes with it.
    @Test
    void theKeyFollowsTheNonce() {
        MsScene scene = new MsScene(CONFIG.withVersion(6), MsScene.server(MsTurn.DEFAULT.withVersion(3))).allocated();

        scene.runFor(Duration.ofMinutes(10));
        scene.send(scene.peer.address(), "with the key of now");
        scene.runFor(A_SECOND);

        assertThat(heardBy(scene.peer)).containsExactly("with the key of now");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 432, 433, 434, 435, 440, 446, 600})
    void aRefusalFailsTheAllocationWithItsMeaning(int code) {
        MsScene scene = new MsScene();
        scene.edge.faults().fail(StunMethod.ALLOCATE, 401).fail(StunMethod.ALLOCATE, code, 8);
        scene.allocate();
        scene.runFor(Duration.ofMinutes(1));

        TurnFailure failure = scene.allocation.lastFailure().orElseThrow();
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.kind()).isEqualTo(MsTurnError.of(code).orElseThrow().kind());
        assertThat(failure.detail()).contains(MsTurnError.of(code).orElseThrow().meaning());
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice:wrong", "mallory:s3cret"})
    void wrongCredentialsFailAfterFewTries(String credentials) {
        String[] parts = credentials.split(":");
        TurnServer server = MsScene.SERVER.credentials(MsScene.base64(parts[0]), MsScene.base64(parts[1]));
        MsScene scene = new MsScene(CONFIG, server).allocate();

        TurnEvent.Failed failed = scene.await(TurnEvent.Failed.class);

        assertThat(failed.failure().kind()).isEqualTo(TurnFailure.Kind.UNAUTHORIZED);
        assertThat(scene.events(EdgeEvent.Refused.class)).hasSizeLessThanOrEqualTo(4);
    }

    // A refresh is an Allocate request: who has forgotten the allocation makes another one, where nobody can reach us.
    @Test
    void aRefreshThatBringsAnotherAllocationMeansThatOursIsLost() {
        MsScene scene = new MsScene().allocated();
        scene.edge.forgetAllocations();

        TurnEvent.Failed failed = scene.await(TurnEvent.Failed.class);

        assertThat(failed.failure().kind()).isEqualTo(TurnFailure.Kind.ALLOCATION_LOST);
        assertThat(failed.failure().detail()).contains("another allocation");
    }

    @Test
    void aLostAllocationIsTold() {
        MsScene scene = new MsScene().allocated();
        scene.edge.faults().fail(StunMethod.ALLOCATE, 437);

        TurnEvent.Failed failed = scene.await(TurnEvent.Failed.class);

        assertThat(failed.failure().kind()).isEqualTo(TurnFailure.Kind.ALLOCATION_LOST);
        assertThat(failed.failure().code()).isEqualTo(437);
    }

    // digest §4.4: 437 is "no binding" here, and not RFC 8656's mismatch that another local port mends.
    @Test
    void aMismatchAtTheFirstRequestAsksForNoOtherPort() {
        MsScene scene = new MsScene();
        scene.edge.faults().fail(StunMethod.ALLOCATE, 401).fail(StunMethod.ALLOCATE, 437);
        scene.allocate();

        TurnFailure failure = scene.await(TurnEvent.Failed.class).failure();

        assertThat(failure.kind()).isEqualTo(TurnFailure.Kind.ALLOCATION_LOST);
        assertThat(failure.code()).isEqualTo(437);
    }

    @Test
    void aServerWithoutRoomIsAskedAgainLater() {
        MsScene scene = new MsScene();
        scene.edge.faults().withoutRelays(true);
        scene.allocate();
        scene.await(TurnEvent.Postponed.class);
        scene.edge.faults().withoutRelays(false);

        assertThat(scene.await(TurnEvent.Allocated.class).lifetimeSeconds()).isEqualTo(60);
    }
}
