// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.icepath.sansio.Base;
import org.icepath.sansio.Framing;
import org.icepath.sansio.Output;
import org.icepath.sansio.Transport;
import org.icepath.stun.Attributes;
import org.icepath.stun.StunMessage;
import org.icepath.stun.StunMethod;
import org.icepath.stun.StunWriter;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.testkit.edge.EdgeEvent;
import org.icepath.turn.TurnFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8489 §9.2 and §10, as a client follows it. */
class AuthenticationTest {

    private static final UnaryOperator<AllocationSettings> RENEWED =
            settings -> settings.withOptions(AllocationOptions.NONE.withRenewedCredentials());

    // RFC 8489 §9.2.4: the nonce's second feature bit wants USERHASH; the double refuses USERNAME then.
    @Test
    void aServerThatWantsItGetsAHashInPlaceOfTheUserName() {
        EdgeScene scene = new EdgeScene(EdgeScene.CONFIG.withAnonymity()).allocated();

        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);
    }

    // RFC 8265 §4.2: the wide space becomes a space, and NFC composes; NFKC, as SASLprep has it, would make the second
    // ª an a.
    @ParameterizedTest
    @ValueSource(strings = {"pass\u00a0word", "e\u0301clair", "1\u00aa", "\u0416\u0443\u043a"})
    void aPasswordOfAnyScriptIsPreparedAsRfc8489WantsIt(String password) {
        EdgeConfig config = EdgeConfig.create().user("zo\u00eb", password).withSha256(true);
        TurnServer server = EdgeScene.ALICE.credentials("zoe\u0308", password);

        new EdgeScene(config, server, UnaryOperator.identity()).allocated();
    }

    // RFC 8489 §9.2.2, §14.4: prepared in key and USERHASH, and sent back as it came, which the server insists on
    @Test
    void aRealmOfAnyScriptIsPreparedForHashesAlone() {
        EdgeConfig old = EdgeConfig.create().user("alice", "s3cret").withRealm("cafe\u0301\u00a0north");

        for (EdgeConfig config : List.of(old, old.withSha256(true), old.withAnonymity())) {
            new EdgeScene(config, EdgeScene.ALICE, UnaryOperator.identity()).allocated();
        }
    }

    // RFC 5389 §15.4 has SASLprep.
    @ParameterizedTest
    @ValueSource(strings = {"pass\u00a0word", "1\u00aa", "I\u00adX"})
    void aServerOfRfc5389GetsThePasswordAsSaslprepHasIt(String password) {
        EdgeConfig config = EdgeConfig.create().user("alice", password);

        new EdgeScene(config, EdgeScene.ALICE.credentials("alice", password), UnaryOperator.identity()).allocated();
    }

    // RFC 8265 §4.2.2: OpaqueString disallows soft hyphens; whoever
    // has one in a password gets what SASLprep makes of it.
    @Test
    void whatTheProfileRefusesIsNotLost() {
        assertThat(OpaqueString.enforce("I\u00adX")).isEmpty();
        assertThat(OpaqueString.enforce("a\u00a0b")).contains("a b");
        assertThat(OpaqueString.enforce("\u212b")).contains("\u00c5");
        assertThat(OpaqueString.enforce("")).contains("");
    }

    // RFC 8656 §5: requests about an allocation are signed by
    // the user who has made it, as long as the server takes him.
    @Test
    void credentialsOfAnotherUserWaitWhileThoseOfTheAllocationHold() {
        EdgeScene scene =
                new EdgeScene(EdgeScene.CONFIG.user("1800:alice", "later"), EdgeScene.ALICE, RENEWED).allocated();
        Base relayed = scene.allocation.relayBase().orElseThrow();

        scene.client.act((now, machine) -> scene.allocation.use(now, TurnCredentials.longTerm("1800:alice", "later")));
        scene.client.act((now, machine) ->
                scene.allocation.permit(now, List.of(scene.peer.address().getAddress())));
        scene.await(TurnEvent.PermissionGranted.class);
        scene.runFor(Duration.ofMinutes(25));

        assertThat(scene.allocation.relayBase()).contains(relayed);
        assertThat(refusals(scene, StunMethod.REFRESH)).isEmpty();
        assertThat(refusals(scene, StunMethod.CREATE_PERMISSION)).isEmpty();
    }

    // The same user's next password is his all the same.
    @Test
    void anotherPasswordOfTheSameUserSignsAtOnce() {
        EdgeScene scene = new EdgeScene(EdgeScene.CONFIG, EdgeScene.ALICE, RENEWED).allocated();

        scene.client.act((now, machine) -> scene.allocation.use(now, TurnCredentials.longTerm("alice", "wrong")));
        scene.client.act((now, machine) ->
                scene.allocation.permit(now, List.of(scene.peer.address().getAddress())));

        scene.await(TurnEvent.CredentialsWanted.class);
    }

    // Time-limited credentials run out while the allocation stands, and the
    // server takes no other user (441). coturn has no key to sign that with.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAllocationWhoseUserIsGoneIsOrphanedAndStands(boolean unsigned) {
        EdgeConfig config = EdgeScene.CONFIG.user("1800:alice", "later").withSha256(true);
        EdgeScene scene = new EdgeScene(config, EdgeScene.ALICE, RENEWED).allocated();
        scene.edge.faults().forgetUser("alice").unsigned(unsigned);

        scene.client.act((now, machine) ->
                scene.allocation.permit(now, List.of(scene.peer.address().getAddress())));
        TurnEvent.CredentialsWanted wanted = scene.await(TurnEvent.CredentialsWanted.class);
        assertThat(wanted.realm()).isEqualTo("icepath.test");
        assertThat(wanted.failure().kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(scene.client.has(TurnEvent.PermissionRefused.class)).isFalse();
        scene.client.act((now, machine) -> scene.allocation.use(now, TurnCredentials.longTerm("1800:alice", "later")));
        TurnEvent.Orphaned orphaned = scene.await(TurnEvent.Orphaned.class, Duration.ofSeconds(1));

        assertThat(orphaned.failure().kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(refusals(scene, StunMethod.CREATE_PERMISSION))
                .as("his, another's, and once more his: the first refusal may have been forged")
                .containsSubsequence(401, 441, 401);
        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(scene.failure(Duration.ofMinutes(11)).kind()).isEqualTo(Kind.ALLOCATION_LOST);
        assertThat(scene.client.events(TurnEvent.Orphaned.class)).hasSize(1);
        assertThat(scene.client.events(TurnEvent.CredentialsWanted.class)).hasSize(1);
    }

    // Whoever forges a 401 has the next user sign, and the server's 441 brings the first one back.
    @Test
    void anAllocationWhoseUserWasRefusedByAForgerStaysHis() {
        EdgeScene scene =
                new EdgeScene(EdgeScene.CONFIG.user("1800:alice", "later"), EdgeScene.ALICE, RENEWED).allocated();
        scene.client.act((now, machine) -> scene.allocation.use(now, TurnCredentials.longTerm("1800:alice", "later")));
        scene.edge.faults().fail(StunMethod.CREATE_PERMISSION, 401, 5);

        scene.client.act((now, machine) ->
                scene.allocation.permit(now, List.of(scene.peer.address().getAddress())));

        scene.await(TurnEvent.PermissionGranted.class);
        assertThat(refusals(scene, StunMethod.CREATE_PERMISSION)).endsWith(401, 441);
        assertThat(scene.client.has(TurnEvent.Orphaned.class)).isFalse();
    }

    private static List<Integer> refusals(EdgeScene scene, StunMethod method) {
        return scene.server.events(EdgeEvent.Refused.class).stream()
                .filter(refused -> refused.method().equals(method) && refused.code() != 438)
                .map(EdgeEvent.Refused::code)
                .toList();
    }

    @Test
    void anAllocationThatHasNoCredentialsYetWaitsForThem() {
        EdgeScene scene = new EdgeScene(EdgeScene.CONFIG, TurnServer.parse("turn:192.0.2.1"), RENEWED).allocate();

        scene.await(TurnEvent.CredentialsWanted.class);
        scene.client.act((now, machine) -> scene.allocation.use(now, TurnCredentials.longTerm("alice", "s3cret")));

        scene.await(TurnEvent.Allocated.class);
    }

    @Test
    void suppliedCredentialsThatAreRefusedTooAreNotAskedForAgain() {
        EdgeScene scene = new EdgeScene(EdgeScene.CONFIG, TurnServer.parse("turn:192.0.2.1"), RENEWED).allocate();
        scene.await(TurnEvent.CredentialsWanted.class);

        scene.client.act((now, machine) -> scene.allocation.use(now, TurnCredentials.longTerm("alice", "wrong")));

        assertThat(scene.failure().kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(scene.client.events(TurnEvent.CredentialsWanted.class)).hasSize(1);
    }

    @Test
    void credentialsThatNobodySuppliesAreWaitedForHalfAMinute() {
        EdgeScene scene = new EdgeScene(EdgeScene.CONFIG, TurnServer.parse("turn:192.0.2.1"), RENEWED).allocate();
        scene.await(TurnEvent.CredentialsWanted.class);

        scene.runFor(Duration.ofSeconds(29));
        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATING);
        scene.runFor(Duration.ofSeconds(2));

        assertThat(scene.failure().kind()).isEqualTo(Kind.UNAUTHORIZED);
        assertThat(scene.allocation.nextTimeout()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void credentialsArePrintedWithoutTheirSecrets() {
        assertThat(TurnCredentials.longTerm("alice", "s3cret")).hasToString("LongTerm[alice]");
        assertThat(AccessToken.of("north", new byte[] {1}, new byte[] {2})).hasToString("AccessToken[north]");
        assertThatThrownBy(() -> TurnCredentials.longTerm("n".repeat(509), ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // RFC 8489 §10, §14.16: over TLS the next server's name comes
    // with its address, and the connection to it is a new one.
    @Test
    void aRedirectionOverTlsIsFollowedOnANewConnectionUnderTheNextServersName() {
        InetSocketAddress server = new InetSocketAddress("192.0.2.1", 5_349);
        InetSocketAddress next = new InetSocketAddress("192.0.2.2", 5_349);
        Base connection = new Base(7, Transport.TLS, new InetSocketAddress("198.51.100.1", 40_000));
        AllocationSettings settings =
                AllocationSettings.of(connection, 99, TurnServer.parse("turns:192.0.2.1"), server);
        TurnAllocation allocation = new TurnAllocation(settings, TurnDialect.RFC8656, new Random(1), (r, p, d) -> {});
        Sent sent = new Sent();
        allocation.allocate(0);
        allocation.drainTo(sent);
        assertThat(sent.datagrams).as("control: nothing before the connection").isEmpty();
        allocation.opened(1, connection);
        allocation.drainTo(sent);

        StunMessage request = new StunMessage().wrap(sent.datagrams.get(0));
        ByteBuffer answer = StunWriter.into(ByteBuffer.allocate(500))
                .errorResponse(request, 300, "there")
                .put(Attributes.ALTERNATE_SERVER, next)
                .put(Attributes.ALTERNATE_DOMAIN, "second.example.net")
                .finish();
        allocation.handle(1, connection, server, answer);
        allocation.drainTo(sent);

        assertThat(sent.events).contains(new TurnEvent.Redirected(server, next, "second.example.net"));
        assertThat(sent.opened).containsExactly("192.0.2.1 192.0.2.1", "second.example.net 192.0.2.2");
        assertThat(request.method()).isEqualTo(StunMethod.ALLOCATE);
        assertThat(sent.datagrams).as("before the new connection stands").hasSize(1);
    }

    private static final class Sent implements Output<TurnEvent> {
        private final List<ByteBuffer> datagrams = new ArrayList<>();
        private final List<TurnEvent> events = new ArrayList<>();
        private final List<String> opened = new ArrayList<>();

        @Override
        public void open(Base base, InetSocketAddress to, Framing framing) {
            opened.add(to.getHostString() + " " + to.getAddress().getHostAddress());
        }

        @Override
        public void transmit(Base base, InetSocketAddress to, ByteBuffer payload) {
            datagrams.add(ByteBuffer.allocate(payload.remaining())
                    .put(payload.duplicate())
                    .flip());
        }

        @Override
        public void event(TurnEvent event) {
            events.add(event);
        }
    }
}
