// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.stun.Attributes.LIFETIME;
import static org.icepath.stun.Attributes.NONCE;
import static org.icepath.stun.Attributes.REALM;
import static org.icepath.stun.Attributes.XOR_MAPPED_ADDRESS;
import static org.icepath.stun.Attributes.XOR_RELAYED_ADDRESS;
import static org.icepath.stun.StunMethod.ALLOCATE;
import static org.icepath.stun.StunMethod.REFRESH;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.icepath.stun.AlgorithmChoice;
import org.icepath.stun.Attribute;
import org.icepath.stun.Attributes;
import org.icepath.stun.ErrorCode;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.stun.TransactionId;
import org.icepath.stun.auth.Integrity;
import org.icepath.stun.auth.IntegrityKey;
import org.icepath.stun.auth.NonceCookie;
import org.icepath.testkit.network.VirtualSocket;
import org.icepath.turn.TurnFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers, and others who answer in their place, that do not keep to the rules (architecture §7.1, §7.2). */
class HostileServerTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final IntegrityKey WRONG_KEY = IntegrityKey.longTerm("mallory", "example.org", "guess");

    private static boolean isSigned(StunMessage request) {
        return request.has(Attributes.MESSAGE_INTEGRITY);
    }

    private static void onSigned(
            TurnScene scene, StunMethod method, BiFunction<ScriptedServer, StunMessage, StunWriter> say) {
        scene.server.script((request, from) -> {
            if (!isSigned(request) || !request.method().equals(method)) {
                return false;
            }
            scene.server.send(from, say.apply(scene.server, request));
            return true;
        });
    }

    private static StunWriter allocated(ScriptedServer server, StunMessage request) {
        return server.success(request)
                .put(XOR_RELAYED_ADDRESS, new InetSocketAddress("192.0.2.66", 6_666))
                .put(XOR_MAPPED_ADDRESS, new InetSocketAddress("198.51.100.66", 6_666))
                .putUint32(LIFETIME, 600);
    }

    // RFC 8489 §9.2.5: as if never received, so that the request goes on and times out if nothing better comes.
    @Test
    void aSuccessWithoutIntegrityDoesNotCount() {
        TurnScene scene = new TurnScene(1);
        onSigned(scene, ALLOCATE, HostileServerTest::allocated);

        scene.allocate();

        assertThat(scene.failure()).satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
            assertThat(failure.detail()).contains("a success without the right integrity");
        });
    }

    @Test
    void aSuccessWithTheWrongIntegrityDoesNotCount() {
        TurnScene scene = new TurnScene(1);
        onSigned(
                scene, ALLOCATE, (server, request) -> allocated(server, request).integrity(WRONG_KEY));

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.TIMED_OUT);
    }

    // CVE class "attributes after MESSAGE-INTEGRITY": a relayed address that was appended is not there.
    @Test
    void whatIsAppendedAfterTheIntegrityIsNotSeen() {
        TurnScene scene = new TurnScene(1);
        scene.server.script((request, from) -> {
            if (!isSigned(request) || !request.method().equals(ALLOCATE)) {
                return false;
            }
            ByteBuffer sealed = scene.server
                    .success(request)
                    .put(XOR_MAPPED_ADDRESS, from)
                    .putUint32(LIFETIME, 600)
                    .integrity(ScriptedServer.KEY)
                    .finish();
            scene.server.socket.send(from, withRelayedAddressAppended(sealed));
            return true;
        });

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.MALFORMED);
        assertThat(scene.client.has(TurnEvent.Allocated.class)).isFalse();
    }

    private static ByteBuffer withRelayedAddressAppended(ByteBuffer sealed) {
        ByteBuffer longer = ByteBuffer.allocate(sealed.remaining() + 12).put(sealed.duplicate());
        longer.putShort((short) XOR_RELAYED_ADDRESS.type()).putShort((short) 8);
        longer.putShort((short) 1).putShort((short) 0x3333).putInt(0x01020304);
        return longer.putShort(2, (short) (sealed.remaining() + 12 - 20)).flip();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 400, 403, 437, 441, 486, 500, 508})
    void anErrorWithoutIntegrityNeverEndsWhatWorks(int code) {
        TurnScene scene = new TurnScene(1).allocated();
        onSigned(scene, REFRESH, (server, request) -> server.error(request, code));

        scene.network.runUntil(() -> scene.server.seen(REFRESH).size() == 3, Duration.ofMinutes(10));

        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(scene.client.has(TurnEvent.Redirected.class)).isFalse();
    }

    @Test
    void anUnauthenticated401OnRefreshNeverEndsWhatWorks() {
        TurnScene scene = new TurnScene(1).allocated();
        int[] answered = new int[1];
        scene.server.script((request, from) -> {
            if (answered[0] < 8 && request.method().equals(REFRESH)) {
                answered[0]++;
                scene.server.challenge(request, from, 401);
                return true;
            }
            return false;
        });

        scene.network.runUntil(() -> answered[0] == 4, Duration.ofMinutes(10));
        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
        answered[0] = 8;
        scene.runFor(Duration.ofMinutes(10));

        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
    }

    @Test
    void theRealAnswerStillCountsAfterForgedOnes() {
        TurnScene scene = new TurnScene(1);
        scene.server.script((request, from) -> {
            if (isSigned(request)) {
                scene.server.send(from, scene.server.error(request, 403).integrity(WRONG_KEY));
                scene.server.send(from, scene.server.error(request, 437));
                scene.server.send(from, allocated(scene.server, request).integrity(WRONG_KEY));
            }
            return false; // and then the real one
        });

        scene.allocated();

        assertThat(scene.allocation.relayBase())
                .hasValueSatisfying(base -> assertThat(base.address()).isEqualTo(scene.server.relay.address()));
    }

    @Test
    void anAnswerFromAnotherAddressIsNotOurs() {
        TurnScene scene = new TurnScene(1);
        VirtualSocket mallory =
                scene.network.internet().host("mallory", "192.0.2.66").socket(3_478);
        scene.server.script((request, from) -> {
            mallory.send(from, allocated(scene.server, request).finish());
            return true;
        });

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(scene.client.unclaimed()).hasSize(7);
    }

    @Test
    void anAnswerToAnotherTransactionIsNotOurs() {
        TurnScene scene = new TurnScene(1);
        scene.server.script((request, from) -> {
            StunWriter stray = StunWriter.into(ByteBuffer.allocate(512))
                    .success(ALLOCATE, new TransactionId(1, 2))
                    .put(XOR_RELAYED_ADDRESS, from);
            scene.server.send(from, stray);
            return true;
        });

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(scene.client.unclaimed()).hasSize(7);
    }

    // Longer than RFC 8489 §14.10 allows to write, as long as it allows to read.
    @Test
    void aNonceOf700BytesIsEchoed() {
        TurnScene scene = new TurnScene(1);
        byte[] nonce = "n".repeat(700).getBytes(StandardCharsets.US_ASCII);
        scene.server.nonce = new String(nonce, StandardCharsets.US_ASCII);
        scene.server.script((request, from) -> {
            if (isSigned(request)) {
                return false;
            }
            StunWriter challenge = scene.server.error(request, 401).put(REALM, "example.org");
            scene.server.send(from, challenge.putBytes(NONCE, nonce));
            return true;
        });

        scene.allocated();
    }

    @Test
    void aNonceThatIsTooLongIsNoChallenge() {
        TurnScene scene = new TurnScene(1);
        scene.server.script((request, from) -> {
            StunWriter challenge = scene.server.error(request, 401).put(REALM, "example.org");
            scene.server.send(
                    from, challenge.putBytes(Attribute.opaque(NONCE.type(), "NONCE", 0, 2_000), new byte[1_000]));
            return true;
        });

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(scene.failure().detail()).contains("NONCE");
    }

    @Test
    void aChallengeWithoutRealmOrNonceIsNoChallenge() {
        TurnScene scene = new TurnScene(1);
        scene.server.script((request, from) -> {
            scene.server.send(from, scene.server.error(request, 401));
            return true;
        });

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.TIMED_OUT);
    }

    // RFC 8489 §9.2.4, §9.2.5: with algorithms on offer only MESSAGE-INTEGRITY-SHA256 authenticates, be the offer
    // protected by the nonce or not.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOfferOfPasswordAlgorithmsIsTakenUp(boolean promised) {
        TurnScene scene = new TurnScene(1);
        IntegrityKey key = IntegrityKey.longTermSha256("alice", "example.org", "s3cret");
        scene.server.script((request, from) -> {
            if (!request.has(Attributes.MESSAGE_INTEGRITY_SHA256)) {
                offerAlgorithms(
                        scene.server, request, from, promised, List.of(AlgorithmChoice.of(2), AlgorithmChoice.of(1)));
            } else if (request.get(Attributes.PASSWORD_ALGORITHM).orElseThrow().algorithm() == 2
                    && request.get(Attributes.PASSWORD_ALGORITHMS).orElseThrow().size() == 2
                    && new Integrity().verify(request, key)) {
                scene.server.send(from, allocated(scene.server, request).integritySha256(key));
            }
            return true;
        });

        scene.allocated();
    }

    // RFC 8489 §9.2.5: the nonce promises algorithms and they are not there: somebody took them out.
    @Test
    void aChallengeThatWasBiddenDownIsNoChallenge() {
        TurnScene scene = new TurnScene(1);
        scene.server.script((request, from) -> {
            offerAlgorithms(scene.server, request, from, true, List.of());
            return true;
        });

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(scene.server.seen).noneMatch(ScriptedServer.Seen::signed);
    }

    private static void offerAlgorithms(
            ScriptedServer server,
            StunMessage request,
            InetSocketAddress from,
            boolean promised,
            List<AlgorithmChoice> offered) {
        StunWriter challenge = server.error(request, ErrorCode.UNAUTHENTICATED)
                .put(REALM, "example.org")
                .put(NONCE, NonceCookie.of(promised, false).text() + "-rest");
        if (!offered.isEmpty()) {
            challenge.put(Attributes.PASSWORD_ALGORITHMS, offered);
        }
        server.send(from, challenge);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aSuccessThatSaysTooLittleIsMalformed(int variant) {
        TurnScene scene = new TurnScene(1);
        onSigned(scene, ALLOCATE, (server, request) -> {
            StunWriter answer = variant == 0
                    ? server.success(request).putUint32(LIFETIME, 600)
                    : server.success(request)
                            .put(XOR_RELAYED_ADDRESS, new InetSocketAddress("192.0.2.1", 6_000))
                            .putUint32(LIFETIME, 0);
            return answer.integrity(ScriptedServer.KEY);
        });

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.MALFORMED);
    }

    @Test
    void aSuccessWithAValueThatCannotBeReadDoesNotCount() {
        TurnScene scene = new TurnScene(1);
        onSigned(scene, ALLOCATE, (server, request) -> server.success(request)
                .putBytes(XOR_RELAYED_ADDRESS, new byte[] {0, 9, 1, 2, 3, 4, 5, 6})
                .integrity(ScriptedServer.KEY));

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(scene.failure().detail()).contains("XOR-RELAYED-ADDRESS");
    }

    @Test
    void aWrongFingerprintDoesNotCount() {
        TurnScene scene = new TurnScene(1);
        scene.server.script((request, from) -> {
            if (!isSigned(request)) {
                return false;
            }
            ByteBuffer answer = allocated(scene.server, request)
                    .integrity(ScriptedServer.KEY)
                    .fingerprint()
                    .finish();
            int last = answer.limit() - 1;
            scene.server.socket.send(from, answer.put(last, (byte) ~answer.get(last)));
            return true;
        });

        scene.allocate();

        assertThat(scene.failure().kind()).isEqualTo(Kind.TIMED_OUT);
    }

    // RFC 8656 §11.4, §12.6
    @Test
    void dataThatNoPermissionOrChannelCoversIsDropped() {
        TurnScene scene = new TurnScene(1).allocated();
        InetSocketAddress stranger = new InetSocketAddress("203.0.113.50", 5);
        scene.server.send(
                scene.base.address(),
                StunWriter.into(ByteBuffer.allocate(512))
                        .indication(StunMethod.DATA, new TransactionId(1, 2))
                        .put(Attributes.XOR_PEER_ADDRESS, stranger)
                        .putBytes(Attributes.DATA, new byte[10]));
        scene.server.socket.send(scene.base.address(), ByteBuffer.wrap(new byte[] {0x40, 0, 0, 1, 7}));
        scene.server.socket.send(scene.base.address(), ByteBuffer.wrap(new byte[] {0x4F, -1, 0, 1, 7}));
        scene.server.socket.send(scene.base.address(), ByteBuffer.wrap(new byte[] {0x40}));

        scene.runFor(SECOND);

        assertThat(scene.received).isEmpty();
        assertThat(scene.allocation.refusedInbound()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void garbageIsSurvivedInEveryState(long seed) {
        TurnScene scene = new TurnScene(seed);
        Random random = new Random(seed);
        Runnable garbage = () -> {
            for (int i = 0; i < 500; i++) {
                byte[] bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                scene.server.socket.send(scene.base.address(), ByteBuffer.wrap(bytes));
            }
        };
        garbage.run();
        scene.allocate();
        garbage.run();
        scene.await(TurnEvent.Allocated.class);
        scene.bind(scene.peer.address());
        garbage.run();
        scene.runFor(SECOND);

        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
    }

    // Every answer is sent twenty times with a byte changed before the right one follows.
    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void mutatedAnswersAreSurvived(long seed) {
        TurnScene scene = new TurnScene(seed);
        Random random = new Random(seed);
        scene.allocated();
        scene.network.log().tap(event -> {
            if (event.where().equals("server") && event.packet().source().equals(scene.server.address())) {
                mutate(scene, random, event.packet().payload());
            }
        });

        scene.bind(scene.peer.address());
        scene.permit(scene.peer.address().getAddress());
        scene.runFor(Duration.ofMinutes(30));

        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(scene.allocation.channelFor(scene.peer.address())).isNotZero();
    }

    private boolean mutating;

    private void mutate(TurnScene scene, Random random, ByteBuffer answer) {
        if (mutating) {
            return;
        }
        mutating = true;
        for (int i = 0; i < 20; i++) {
            ByteBuffer copy = ByteBuffer.allocate(answer.remaining())
                    .put(answer.duplicate())
                    .flip();
            copy.put(20 + random.nextInt(copy.limit() - 20), (byte) random.nextInt());
            scene.server.socket.send(scene.base.address(), copy);
        }
        mutating = false;
    }

    @Test
    void anErrorWithoutItsCodeDoesNotCount() {
        TurnScene scene = new TurnScene(1).allocated();
        onSigned(scene, REFRESH, (server, request) -> StunWriter.into(ByteBuffer.allocate(512))
                .error(REFRESH, request.transactionId())
                .integrity(ScriptedServer.KEY));

        scene.network.runUntil(() -> scene.server.seen(REFRESH).size() == 3, Duration.ofMinutes(10));

        assertThat(scene.state()).isEqualTo(AllocationState.ALLOCATED);
    }
}
