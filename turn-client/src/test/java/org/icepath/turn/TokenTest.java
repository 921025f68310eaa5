// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.icepath.testkit.edge.EdgeConfig;
import org.icepath.turn.TurnFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7635. */
class TokenTest {

    private static final TokenKey KEY = TokenKey.of("north", new byte[32]);
    private static final byte[] SESSION_KEY = "12345678901234567890".getBytes(US_ASCII);
    private static final Instant TIME = Instant.ofEpochSecond(1_800_000_000, 500_000_000);
    private static final UnaryOperator<AllocationSettings> RENEWED =
            settings -> settings.withOptions(AllocationOptions.NONE.withRenewedCredentials());

    private static AccessToken token(long atSeconds, long lifetimeSeconds) {
        Duration lifetime = Duration.ofSeconds(lifetimeSeconds);
        return KEY.seal("turn1.example.net", SESSION_KEY, Instant.ofEpochSecond(atSeconds), lifetime, new Random(3));
    }

    // RFC 7635 §6.2
    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void aTokenIsOpenedByWhoHasTheKey(int keyLength) {
        TokenKey key = TokenKey.of("north", new byte[keyLength]);
        AccessToken token = key.seal("turn1", SESSION_KEY, TIME, Duration.ofHours(1), new Random(1));

        TokenKey.Contents contents =
                key.open("turn1", ByteBuffer.wrap(token.token())).orElseThrow();

        assertThat(contents.sessionKey().bytes()).isEqualTo(SESSION_KEY);
        assertThat(contents.issuedAt()).isEqualTo(TIME);
        assertThat(contents.lifetime()).isEqualTo(Duration.ofHours(1));
        assertThat(token.token()).hasSize(2 + 12 + 2 + 20 + 8 + 4 + 16);
        assertThat(key.open("turn2", ByteBuffer.wrap(token.token()))).isEmpty();
        byte[] other = new byte[keyLength];
        other[0] = 1;
        assertThat(TokenKey.of("north", other).open("turn1", ByteBuffer.wrap(token.token())))
                .isEmpty();
    }

    // RFC 7635 §4.1.2
    @Test
    void aTokenIsGoodForItsLifetimeAndFiveSecondsMore() {
        TokenKey.Contents contents = KEY.open(
                        "turn1.example.net", ByteBuffer.wrap(token(1_000, 600).token()))
                .orElseThrow();

        assertThat(contents.isGoodAt(Instant.ofEpochSecond(996))).isTrue();
        assertThat(contents.isGoodAt(Instant.ofEpochSecond(1_604))).isTrue();
        assertThat(contents.isGoodAt(Instant.ofEpochSecond(994))).isFalse();
        assertThat(contents.isGoodAt(Instant.ofEpochSecond(1_605))).isFalse();
    }

    // CVE-2026-43994 was a length that was believed before the tag was checked.
    @Test
    void aTokenThatIsCutOrChangedIsNone() {
        byte[] whole = token(1_000, 600).token();
        for (int length = 0; length < whole.length; length++) {
            assertThat(KEY.open("turn1.example.net", ByteBuffer.wrap(whole, 0, length)))
                    .isEmpty();
        }
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= (byte) 0x80;
            assertThat(KEY.open("turn1.example.net", ByteBuffer.wrap(changed)))
                    .as("byte %d", i)
                    .isEmpty();
        }
        assertThat(KEY.open("turn1.example.net", ByteBuffer.allocate(5_000))).isEmpty();
        assertThat(KEY.open("turn1.example.net", ByteBuffer.wrap(whole)))
                .as("control")
                .isPresent();
    }

    // RFC 7635 §4: the server says whom a token must be made for; whoever supplies one is asked.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTokenIsAskedForAndOpensTheDoor(boolean sha256) {
        EdgeConfig config =
                EdgeScene.CONFIG.withTokens("turn1.example.net", KEY).withSha256(sha256);
        EdgeScene scene = new EdgeScene(config, TurnServer.parse("turn:192.0.2.1"), RENEWED).allocate();

        TurnEvent.CredentialsWanted wanted = scene.await(TurnEvent.CredentialsWanted.class);
        assertThat(wanted.authorizationServer()).isEqualTo("turn1.example.net");
        scene.client.act((now, machine) -> scene.allocation.use(now, token(0, 600)));
        scene.await(TurnEvent.Allocated.class);
        scene.client.act((now, machine) ->
                scene.allocation.permit(now, List.of(scene.peer.address().getAddress())));

        scene.await(TurnEvent.PermissionGranted.class);
    }

    // A token runs out as a REST password does; the next one keeps the allocation.
    @Test
    void aTokenThatRunsOutIsReplacedBeforeTheAllocationEnds() {
        EdgeConfig config = EdgeScene.CONFIG.withTokens("turn1.example.net", KEY);
        EdgeScene scene = new EdgeScene(config, TurnServer.parse("turn:192.0.2.1"), RENEWED);
        scene.client.act((now, machine) -> scene.allocation.use(now, token(0, 300)));
        scene.allocated();
        assertThat(scene.client.has(TurnEvent.CredentialsWanted.class)).isFalse();

        scene.await(TurnEvent.CredentialsWanted.class, Duration.ofMinutes(10));
        long seconds = Duration.ofNanos(scene.network.now()).toSeconds();
        scene.client.act((now, machine) -> scene.allocation.use(now, token(seconds, 3_600)));
        scene.runFor(Duration.ofMinutes(40));

        assertThat(scene.allocation.state()).isEqualTo(AllocationState.ALLOCATED);
        assertThat(scene.client.events(TurnEvent.CredentialsWanted.class)).hasSize(1);
    }

    @Test
    void aTokenThatWasMadeForAnotherServerIsRefused() {
        EdgeConfig config = EdgeScene.CONFIG.withTokens("turn2.example.net", KEY);
        EdgeScene scene = new EdgeScene(config, TurnServer.parse("turn:192.0.2.1"), RENEWED);
        scene.client.act((now, machine) -> scene.allocation.use(now, token(0, 600)));
        scene.allocate();
        scene.await(TurnEvent.CredentialsWanted.class);

        scene.client.act((now, machine) -> scene.allocation.use(now, token(0, 600)));

        assertThat(scene.failure().kind()).isEqualTo(Kind.UNAUTHORIZED);
    }

    // coturn 4.6.1 makes its HMAC with the first 16 bytes of the key, the standard with all 20.
    @Test
    void aFreshSessionKeySuitsTheStandardAndCoturn() {
        byte[] key = TokenKey.newSessionKey(new Random(5));

        assertThat(key).hasSize(20).endsWith(0, 0, 0, 0);
        assertThat(key).isNotEqualTo(TokenKey.newSessionKey(new Random(6)));
    }

    @Test
    void keysOfOtherLengthsAreRefusedAndNoneIsPrinted() {
        assertThatThrownBy(() -> TokenKey.of("north", new byte[24])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> KEY.seal("turn1", new byte[0], TIME, Duration.ofHours(1), new Random(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AccessToken.of("north", new byte[1_025], SESSION_KEY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(KEY).hasToString("TokenKey[north]");
    }
}
